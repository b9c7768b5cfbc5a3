# Generated from channels/aio/lanes.py by make fix; edit that one.
"""The contract of one-way channels, as one account uses it."""

from channels.sync.lane_claims import LaneClaims
from channels.sync.lane_ends import LaneEnds
from channels.sync.lane_funding import LaneFunding


class Lanes(LaneFunding, LaneClaims, LaneEnds):
    """A verb waits until a block includes it and answers what the chain has then, with the step's receipt.

    What the rules forbid is an `IllegalAction` or `InvalidMessage` before any gas is spent. Verbs raise `NotSent` and
    `NotIncluded`, too. It keeps nothing: what was promised and accepted is for `Payer` and `Payee` to remember.

    In parts: `LaneBase` reads, `LaneFunding` takes deposits in, `LaneClaims` pays vouchers,
    `LaneEnds` ends epochs.
    """
