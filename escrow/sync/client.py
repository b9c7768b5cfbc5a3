# Generated from escrow/aio/client.py by make fix; edit that one.
"""The escrow contract, as one account uses it."""

from escrow.sync.outcomes import Outcomes
from escrow.sync.signing import Signing


class Escrow(Signing, Outcomes):
    """A verb waits until a block includes it and answers the newer `Payment`, with the step's receipt.

    What the rules forbid is an `IllegalAction` before any gas is spent. A total (`up_to`) that has been reached raises
    `NothingToMove` or `NothingToRefund`: a retry moves nothing. Verbs raise `NotSent` and `NotIncluded`, too.

    In parts: `EscrowBase` reads, `Authorizing` begins payments, `Verbs` moves them by call,
    `Signing` by signature, `Outcomes` waits and tells what became of them.
    """
