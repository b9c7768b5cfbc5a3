"""The contract of one-way channels, as one account uses it."""

from channels.aio.lane_claims import AsyncLaneClaims
from channels.aio.lane_ends import AsyncLaneEnds
from channels.aio.lane_funding import AsyncLaneFunding


class AsyncLanes(AsyncLaneFunding, AsyncLaneClaims, AsyncLaneEnds):
    """A verb waits until a block includes it and answers what the chain has then, with the step's receipt.

    What the rules forbid is an `IllegalAction` or `InvalidMessage` before any gas is spent. Verbs raise `NotSent` and
    `NotIncluded`, too. It keeps nothing: what was promised and accepted is for `Payer` and `Payee` to remember.

    In parts: `AsyncLaneBase` reads, `AsyncLaneFunding` takes deposits in, `AsyncLaneClaims` pays vouchers,
    `AsyncLaneEnds` ends epochs.
    """
