"""What a party does on chain: its deposit, the end that both agreed on, and a proof that the other doesn't take."""

from collections.abc import Iterable

from chain.errors import MalformedSignature
from chain.money import Money
from chain.units import NOBODY, Hash32
from channels.aio.duplex_party_base import AsyncDuplexPartyBase
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


class AsyncDuplexPartyChain(AsyncDuplexPartyBase):
    """A fight is `Duplexes`' to begin and to answer, with `newest`. Raises what the contract would, nothing sent."""

    async def join(self, channel: DuplexChannel) -> PartyDuplex:
        """Takes part, without a deposit. Raises `NotParty` where this key signs for neither."""
        self._is_a(channel)
        await self._standings.add(channel)
        return await self.show(channel)

    async def deposit(self, channel: DuplexChannel, money: Money, *, accept: Iterable[str] = ()) -> PartyDuplex:
        """Joins, and adds to the signer's deposit; a missing allowance is approved first, exactly.

        `accept` names findings of a preflight that the signer takes, before its first deposit of an epoch. Raises
        `PreflightRefused`, nothing sent or kept.
        """
        self._is_a(channel)
        epoch = await self._depositable(channel, money, accept)
        await self._standings.add(channel)
        await self._session(channel.id, anew=False)  # A restored store learns whether there was a deposit before.
        receipt = (await self._duplexes._deposited(channel, money, epoch)).receipt  # noqa: SLF001  # it was depositable
        session, _ = await self._session(channel.id, anew=True)
        return await self._record(session, receipt)

    async def _depositable(self, channel: DuplexChannel, money: Money, accept: Iterable[str]) -> int:
        joined = await self._standings.channels()
        seen = [party for one in joined for party in (one.party_a, one.party_b)]
        return await self._duplexes.depositable(channel, money, seen=seen, accept=accept)

    async def channels(self) -> list[PartyDuplex]:
        """All that were joined in this store, as the chain has them now."""
        return [await self.show(channel) for channel in await self._standings.channels()]

    async def bring(self, channel: LaneRef) -> ChainDuplex:
        """Ends the epoch by the close that both have signed, before its deadline; either party can.

        Raises `MalformedSignature` where the other's is missing, `DeadlinePassed`, `WrongEpoch`.
        """
        found, memory, _ = await self._standings.find(id_of(channel))
        other = found.signer_b if self._is_a(found) else found.signer_a
        if memory.closing is None:
            raise MalformedSignature(NOBODY, other, "no close was signed")
        memory.closing.verified_of(self._duplexes.domain, other)
        return await self._duplexes.close_together(memory.closing.signed(self._sign(memory.closing.message)))

    async def record(
        self, channel: LaneRef, promise_hash: Hash32, proof: bytes, *, epoch: int | None = None
    ) -> Recorded:
        """Shows on chain what the other doesn't fold, before the promise expires; `collect` it of an ended epoch.

        It is looked for in all epochs, from the newest back, unless one is named. Raises `NoSuchPromise`,
        `UnknownPromise` where its condition was not learned, `NothingReserved` where an ended epoch keeps nothing for
        it, and what `Duplexes.record` raises.
        """
        found = await self._channel(channel)
        promise, of_epoch = await self._promised(found, promise_hash, epoch)
        data = await self._standings.data(promise.data_hash)
        if data is None:
            raise UnknownPromise(promise_hash)
        await self._require_worth(found, of_epoch, promise)
        return await self._duplexes.record(found, of_epoch, promise, data, proof)

    async def collect(self, channel: LaneRef, epoch: int) -> ChainDuplexReserve:
        """Pays what is recorded of an ended epoch's promises, of what it has reserved, whatever came after it.

        Raises what `Duplexes.collect` raises.
        """
        found, memory, _ = await self._standings.find(id_of(channel), epoch)
        return await self._duplexes.collect(found, epoch, memory.newest.promises)

    async def _promised(
        self, channel: DuplexChannel, promise_hash: Hash32, epoch: int | None
    ) -> tuple[DuplexPromise, int]:
        for memory in await self._standings.memories(channel.id):
            promise, of_epoch = listed(memory.newest).get(promise_hash), memory.newest.message.epoch
            if promise is not None and epoch in (None, of_epoch):
                return promise, of_epoch
        raise NoSuchPromise(promise_hash)

    async def _require_worth(self, channel: DuplexChannel, epoch: int, promise: DuplexPromise) -> None:
        """A proof that is on chain is no secret any more."""
        if epoch < (await self._duplexes.duplex(channel.id, as_of="latest")).epoch:
            reserve = await self._duplexes.reserve(channel, epoch, as_of="latest")
            if not (reserve.from_a if promise.from_a else reserve.from_b):
                raise NothingReserved(channel.id, epoch)
