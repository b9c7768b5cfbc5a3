# Generated from channels/aio/duplex_party_chain.py by make fix; edit that one.
"""What a party does on chain: its deposit, the end that both agreed on, and a proof that the other doesn't take."""

from collections.abc import Iterable

from chain.errors import MalformedSignature
from chain.money import Money
from chain.units import NOBODY, Hash32
from channels.duplex.chain_duplex import ChainDuplex, ChainDuplexReserve
from channels.duplex.channel import DuplexChannel
from channels.duplex.party.records import PartyDuplex
from channels.duplex.promise import DuplexPromise
from channels.duplex.session.errors import NoSuchPromise
from channels.duplex.session.next_state import listed
from channels.edge import LaneRef, id_of
from channels.errors import NothingReserved
from channels.promise_errors import UnknownPromise
from channels.recorded import Recorded
from channels.sync.duplex_party_base import DuplexPartyBase


class DuplexPartyChain(DuplexPartyBase):
    """A fight is `Duplexes`' to begin and to answer, with `newest`. Raises what the contract would, nothing sent."""

    def join(self, channel: DuplexChannel) -> PartyDuplex:
        """Takes part, without a deposit. Raises `NotParty` where this key signs for neither."""
        self._is_a(channel)
        self._standings.add(channel)
        return self.show(channel)

    def deposit(self, channel: DuplexChannel, money: Money, *, accept: Iterable[str] = ()) -> PartyDuplex:
        """Joins, and adds to the signer's deposit; a missing allowance is approved first, exactly.

        `accept` names findings of a preflight that the signer takes, before its first deposit of an epoch. Raises
        `PreflightRefused`, nothing sent or kept.
        """
        self._is_a(channel)
        epoch = self._depositable(channel, money, accept)
        self._standings.add(channel)
        self._session(channel.id, anew=False)  # A restored store learns whether there was a deposit before.
        receipt = (self._duplexes._deposited(channel, money, epoch)).receipt  # noqa: SLF001  # it was depositable
        session, _ = self._session(channel.id, anew=True)
        return self._record(session, receipt)

    def _depositable(self, channel: DuplexChannel, money: Money, accept: Iterable[str]) -> int:
        joined = self._standings.channels()
        seen = [party for one in joined for party in (one.party_a, one.party_b)]
        return self._duplexes.depositable(channel, money, seen=seen, accept=accept)

    def channels(self) -> list[PartyDuplex]:
        """All that were joined in this store, as the chain has them now."""
        return [self.show(channel) for channel in self._standings.channels()]

    def bring(self, channel: LaneRef) -> ChainDuplex:
        """Ends the epoch by the close that both have signed, before its deadline; either party can.

        Raises `MalformedSignature` where the other's is missing, `DeadlinePassed`, `WrongEpoch`.
        """
        found, memory, _ = self._standings.find(id_of(channel))
        other = found.signer_b if self._is_a(found) else found.signer_a
        if memory.closing is None:
            raise MalformedSignature(NOBODY, other, "no close was signed")
        memory.closing.verified_of(self._duplexes.domain, other)
        return self._duplexes.close_together(memory.closing.signed(self._sign(memory.closing.message)))

    def record(self, channel: LaneRef, promise_hash: Hash32, proof: bytes, *, epoch: int | None = None) -> Recorded:
        """Shows on chain what the other doesn't fold, before the promise expires; `collect` it of an ended epoch.

        It is looked for in all epochs, from the newest back, unless one is named. Raises `NoSuchPromise`,
        `UnknownPromise` where its condition was not learned, `NothingReserved` where an ended epoch keeps nothing for
        it, and what `Duplexes.record` raises.
        """
        found = self._channel(channel)
        promise, of_epoch = self._promised(found, promise_hash, epoch)
        data = self._standings.data(promise.data_hash)
        if data is None:
            raise UnknownPromise(promise_hash)
        self._require_worth(found, of_epoch, promise)
        return self._duplexes.record(found, of_epoch, promise, data, proof)

    def collect(self, channel: LaneRef, epoch: int) -> ChainDuplexReserve:
        """Pays what is recorded of an ended epoch's promises, of what it has reserved, whatever came after it.

        Raises what `Duplexes.collect` raises.
        """
        found, memory, _ = self._standings.find(id_of(channel), epoch)
        return self._duplexes.collect(found, epoch, memory.newest.promises)

    def _promised(self, channel: DuplexChannel, promise_hash: Hash32, epoch: int | None) -> tuple[DuplexPromise, int]:
        for memory in self._standings.memories(channel.id):
            promise, of_epoch = listed(memory.newest).get(promise_hash), memory.newest.message.epoch
            if promise is not None and epoch in (None, of_epoch):
                return promise, of_epoch
        raise NoSuchPromise(promise_hash)

    def _require_worth(self, channel: DuplexChannel, epoch: int, promise: DuplexPromise) -> None:
        """A proof that is on chain is no secret any more."""
        if epoch < (self._duplexes.duplex(channel.id, as_of="latest")).epoch:
            reserve = self._duplexes.reserve(channel, epoch, as_of="latest")
            if not (reserve.from_a if promise.from_a else reserve.from_b):
                raise NothingReserved(channel.id, epoch)
