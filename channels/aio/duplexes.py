"""The contract of two-way channels, as one account uses it."""

from channels.aio.duplex_fights import AsyncDuplexFights
from channels.aio.duplex_funding import AsyncDuplexFunding
from channels.aio.duplex_signing import AsyncDuplexSigning


class AsyncDuplexes(AsyncDuplexFunding, AsyncDuplexSigning, AsyncDuplexFights):
    """A verb waits until a block includes it and answers what the chain has then, with the step's receipt.

    What the rules forbid is an `IllegalAction` or `InvalidMessage` before any gas is spent. Verbs raise `NotSent` and
    `NotIncluded`, too. It keeps nothing: which states a party has signed is for the party to remember.

    In parts: `AsyncDuplexBase` reads, `AsyncDuplexFunding` takes deposits in and out, `AsyncDuplexSigning` signs,
    `AsyncDuplexFights` challenges and pays promises.
    """
