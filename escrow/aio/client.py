"""The escrow contract, as one account uses it."""

from escrow.aio.outcomes import AsyncOutcomes
from escrow.aio.signing import AsyncSigning


class AsyncEscrow(AsyncSigning, AsyncOutcomes):
    """A verb waits until a block includes it and answers the newer `Payment`, with the step's receipt.

    What the rules forbid is an `IllegalAction` before any gas is spent. A total (`up_to`) that has been reached raises
    `NothingToMove` or `NothingToRefund`: a retry moves nothing. Verbs raise `NotSent` and `NotIncluded`, too.

    In parts: `AsyncEscrowBase` reads, `AsyncAuthorizing` begins payments, `AsyncVerbs` moves them by call,
    `AsyncSigning` by signature, `AsyncOutcomes` waits and tells what became of them.
    """
