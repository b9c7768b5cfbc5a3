# Generated from channels/aio/duplexes.py by make fix; edit that one.
"""The contract of two-way channels, as one account uses it."""

from channels.sync.duplex_fights import DuplexFights
from channels.sync.duplex_funding import DuplexFunding
from channels.sync.duplex_signing import DuplexSigning


class Duplexes(DuplexFunding, DuplexSigning, DuplexFights):
    """A verb waits until a block includes it and answers what the chain has then, with the step's receipt.

    What the rules forbid is an `IllegalAction` or `InvalidMessage` before any gas is spent. Verbs raise `NotSent` and
    `NotIncluded`, too. It keeps nothing: which states a party has signed is for the party to remember.

    In parts: `DuplexBase` reads, `DuplexFunding` takes deposits in and out, `DuplexSigning` signs,
    `DuplexFights` challenges and pays promises.
    """
