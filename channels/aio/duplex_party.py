"""One party of two-way channels."""

from channels.aio.duplex_party_chain import AsyncDuplexPartyChain
from channels.aio.duplex_party_guarding import AsyncDuplexPartyGuarding
from channels.aio.duplex_party_hearing import AsyncDuplexPartyHearing


class AsyncDuplexParty(AsyncDuplexPartyHearing, AsyncDuplexPartyChain, AsyncDuplexPartyGuarding):
    """A key, a store and a chain: `channels.duplex.session` decides, this does what it says, in its order.

    In parts: `AsyncDuplexPartyBase` takes a step and keeps it, `AsyncDuplexPartySaying` proposes,
    `AsyncDuplexPartyHearing` answers, `AsyncDuplexPartyChain` deposits, ends and records, `AsyncDuplexPartyGuarding`
    tells a watchtower.
    """
