# Generated from channels/aio/duplex_party.py by make fix; edit that one.
"""One party of two-way channels."""

from channels.sync.duplex_party_chain import DuplexPartyChain
from channels.sync.duplex_party_guarding import DuplexPartyGuarding
from channels.sync.duplex_party_hearing import DuplexPartyHearing


class DuplexParty(DuplexPartyHearing, DuplexPartyChain, DuplexPartyGuarding):
    """A key, a store and a chain: `channels.duplex.session` decides, this does what it says, in its order.

    In parts: `DuplexPartyBase` takes a step and keeps it, `DuplexPartySaying` proposes,
    `DuplexPartyHearing` answers, `DuplexPartyChain` deposits, ends and records, `DuplexPartyGuarding`
    tells a watchtower.
    """
