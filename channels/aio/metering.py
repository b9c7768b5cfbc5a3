"""What all meters of a till share."""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from chain.money import Token
from chain.units import Address, Hash32, Seconds
from channels.aio.meter import AsyncTillMeter, MeterTerms
from channels.aio.reader import AsyncReader
from channels.channel import Channel, ChannelId
from channels.exposure import Exposure, Limits
from channels.intake.batching import AsyncBatcher
from channels.intake.verifying import AsyncVerifier
from channels.lane import NOTHING
from channels.payee_session import PayeeSession
from channels.promise import Promise
from channels.promise_errors import PromisesOpen, UnknownPromise
from channels.stores.aio.till import AsyncTill
from channels.stores.book import Book, MeterRow
from channels.stores.folding import Folding
from channels.stores.meter_rows import served_beyond, unfolded
from channels.ticks.at_risk import TicksAtRisk
from channels.ticks.opening import TicksOpening
from channels.voucher import SignedVoucher

if TYPE_CHECKING:
    from chain.aio.chain import AsyncChain

Key = tuple[ChannelId, Hash32]
_TIME = 30.0
"""Seconds; a chain's own clock stands still between its blocks."""


class AsyncMetering:
    """Meters that write at once share one write to disk."""

    def __init__(
        self,
        *,
        chain: "AsyncChain",
        till: AsyncTill,
        reader: AsyncReader,
        verifier: AsyncVerifier,
        limits: Mapping[Address, Limits],
        clock: Callable[[], float],
        require_wanted: Callable[[Channel, Iterable[Promise]], None],
    ) -> None:
        self.chain, self.limits, self.clock = chain, limits, clock
        self.known, self.lock = reader.known, threading.Lock()
        self._till, self._reader, self._verifier = till, reader, verifier
        self._require_wanted = require_wanted
        self._writing: AsyncBatcher[AsyncTillMeter, bool] = AsyncBatcher(self._write)
        self._ahead, self._asked_at = 0, float("inf")
        self.meters: dict[Key, AsyncTillMeter] = {}
        reader.unwritten = self

    async def now(self) -> Seconds:
        """The chain's time: as it was asked for at most half a minute ago, and what has passed since by the clock."""
        at = self.clock()
        if not self._asked_at <= at < self._asked_at + _TIME:
            self._ahead = await self.chain.now() - int(at)
            self._asked_at = at
        return Seconds(int(at) + self._ahead)

    def of(self, channel_id: ChannelId) -> list[AsyncTillMeter]:
        """A channel's that this process has."""
        return [meter for key, meter in list(self.meters.items()) if key[0] == channel_id]

    async def flush(self, channel_id: ChannelId) -> None:
        """Writes what a channel's meters have answered."""
        for meter in self.of(channel_id):
            await meter.flush()

    def unfolded(self, channel_id: ChannelId) -> int:
        """What they can show by proofs only, in base units."""
        return sum(meter.unfolded_units for meter in self.of(channel_id))

    async def beside(self, session: PayeeSession) -> TicksAtRisk | None:
        """What counts against the limits beside this process' meters; None without limits."""
        channel = session.channel
        limits = self.limits.get(channel.token)
        if limits is None:
            return None
        rows = await self._till.meters(channel.id)
        others = unfolded(session, [row for row in rows if (row.channel_id, row.promise_hash) not in self.meters])
        total = (await self._till.exposure()).get(channel.token, Exposure())
        return TicksAtRisk(limits=limits, ticks=others, total=(total.at_risk, total.unconfirmed))

    async def require_explained(self, session: PayeeSession) -> None:
        """Where more is settled than amounts and served ticks hold, ticks may be paid that are yet to be shown.

        That money buys goods, so no tick counts before a fold has told whose it is. Raises `PromisesOpen`.
        """
        promised = session.newest.message.cumulative_amount if session.newest else NOTHING
        if session.lane.settled > promised:
            known = promised + served_beyond(session, await self._till.meters(session.channel.id))
            if session.lane.settled > known:
                raise PromisesOpen(session.lane.settled, known)

    async def meter(self, row: MeterRow, terms: MeterTerms, token: Token) -> AsyncTillMeter:
        """The one that this process has, on these terms; those whose promise is gone are let go."""
        key = row.channel_id, row.promise_hash
        known = self.meters.get(key)
        if known and known.terms == terms:
            return known
        if known:
            await known.flush()
            row = await self.row(key)
        promises = (await self.known(row.channel_id)).session.promises
        for other in self.of(row.channel_id):
            if other.opening.promise not in promises:
                await other.flush()
                self.meters.pop(other.key, None)
        self.meters[key] = AsyncTillMeter(self, row, terms, token)
        return self.meters[key]

    async def look(self, voucher: SignedVoucher) -> Book:
        """The channel's book, young enough to accept more by it."""
        if not self._reader.suits(voucher):
            await self._reader.prepare(voucher)
        known = await self._reader.known(voucher.channel.id)
        if voucher.channel.token in self.limits:  # What other processes have accepted counts, too.
            kept = await self._till.book(voucher.channel.id)
            if kept != known:
                self._reader.remember(kept)
                return kept
        return known

    async def keep(self, meter: AsyncTillMeter) -> bool:
        """Writes where it stands, durably; False where the store has moved on, or the ticks count no longer."""
        return await self._writing.run(meter)

    async def write(self, row: MeterRow) -> None:
        """Durably, whatever the channel is doing: these ticks were answered."""
        await self._till.tick([row])

    async def row(self, key: Key) -> MeterRow:
        """As the store has it. Raises `UnknownPromise`."""
        for row in await self._till.meters(key[0]):
            if row.promise_hash == key[1]:
                return row
        raise UnknownPromise(key[1])

    async def reread(self, key: Key) -> MeterRow:
        """The same, and from now on the channel's book as the store has it, too."""
        self._reader.forget(key[0])
        return await self.row(key)

    async def fold(self, key: Key, newer: TicksOpening, until: Seconds) -> tuple[Folding, Book, MeterRow]:
        """A fold kept with the meter, in one transaction. What it promises anew is taken as any voucher's is."""
        self._require_wanted(newer.voucher.channel, newer.voucher.promises)
        signed = self._verifier.check(newer.voucher)
        limits = self.limits.get(newer.voucher.channel.token)
        session = (await self.look(newer.voucher)).session
        lapsed = await self._reader.lapsed(session, newer.voucher.promises)
        latest = await self._reader.latest_expiry(session.channel)
        folding = Folding(newer=newer, signed=signed, lapsed=lapsed, limits=limits, until=until, latest=latest)
        at = Seconds(int(self.clock()))
        book, row = await self._till.fold(*key, at, folding.decide, limited=folding.limited, lapsed=lapsed)
        self._reader.remember(book)
        return folding, book, row

    async def _write(self, meters: Sequence[AsyncTillMeter]) -> list[bool | Exception]:
        distinct = list(dict.fromkeys(meters))
        advances = [meter.advance for meter in distinct]
        done = dict(zip(distinct, await self._till.advance(advances), strict=True))
        for meter, advance in zip(distinct, advances, strict=True):
            if done[meter]:
                meter.kept(advance)
        return [done[meter] for meter in meters]
