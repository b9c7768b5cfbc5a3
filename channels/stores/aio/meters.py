"""How far ticks have come."""

from collections.abc import Callable, Sequence

from chain.units import Hash32, Seconds
from channels.channel import ChannelId
from channels.payee_session import NONE_LAPSED, Lapsed, PayeeSession
from channels.stores.aio.served_ticks import AsyncTillServedTicks
from channels.stores.book import Advance, Book, MeterRow, Newer, owed_since
from channels.stores.columns import blob, promises_text, proven_text
from channels.stores.database import AsyncTransaction
from channels.stores.meter_rows import opening_of, promise_pattern
from channels.ticks.errors import AlreadyMetered

_BEGIN = "INSERT INTO meters VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING"
_TICK = "UPDATE meters SET position = $3, tip = $4 WHERE channel_id = $1 AND promise_hash = $2 AND position < $3"
ADVANCE = """
    UPDATE meters SET position = $4, tip = $5
    WHERE channel_id = $1 AND promise_hash = $2 AND position = $3 AND EXISTS (
        SELECT 1 FROM epochs WHERE epochs.channel_id = meters.channel_id AND epochs.epoch = meters.epoch
            AND stopped = 0 AND closes_at = 0 AND promises LIKE $6 AND settled = $7
    )
"""
_FOLD = "UPDATE meters SET opening = $3, position = $4, tip = $5 WHERE channel_id = $1 AND promise_hash = $2"
_KEEP = """
    UPDATE epochs SET accepted = $3, cumulative = $3, signature = $4, promises = $5, proven = $6,
        unsettled_since = COALESCE($7, unsettled_since)
    WHERE channel_id = $1 AND epoch = $2
"""
Fold = Callable[[PayeeSession, MeterRow, Sequence[MeterRow], tuple[int, int] | None], tuple[PayeeSession, MeterRow]]


class AsyncTillMeters(AsyncTillServedTicks):
    """Positions only rise, and each tick is counted by one process."""

    async def begin(self, meter: MeterRow) -> None:
        """A meter that is known stays as it is. Raises `AlreadyMetered` where another one counts by its promise."""

        async def step(transaction: AsyncTransaction) -> None:
            await self._locked(transaction, meter.channel_id)
            for other in await self._others(transaction, meter):
                promise = opening_of(other).promise
                if promise and promise.struct_hash() == meter.promise_hash:
                    raise AlreadyMetered(meter.promise_hash)
            values = *_place(meter), meter.epoch, meter.opening, meter.position, meter.tip
            await transaction.change(_BEGIN, *values, blob(meter.served))

        await self.database.run(step)

    async def tick(self, meters: Sequence[MeterRow]) -> None:
        """Keeps the positions of ticks that were answered, durably, also while the epoch ends; an older one changes
        nothing. Where a voucher has left their promise out meanwhile, it has paid for these, too.
        """

        async def step(transaction: AsyncTransaction) -> None:
            for meter in sorted(meters, key=_place):
                book = await self._locked(transaction, meter.channel_id)
                raised = await transaction.change(_TICK, *_place(meter), meter.position, meter.tip)
                if book and raised:
                    await self._serve_late(transaction, book.session, meter)

        await self.database.run(step, len(meters))

    async def advance(self, meters: Sequence[Advance]) -> list[bool]:
        """Keeps each meter's position, durably, if it is where it was, and its ticks still count.

        They do while the newest voucher kept carries their promise, nothing more is settled, and nobody ends the epoch.
        """

        async def step(transaction: AsyncTransaction) -> list[bool]:
            done = dict[int, bool]()
            for place in sorted(range(len(meters)), key=lambda place: _place(meters[place].after)):
                done[place] = bool(await transaction.change(ADVANCE, *advance_values(meters[place])))
            return [done[place] for place in range(len(meters))]

        return await self.database.run(step, len(meters))

    async def fold(
        self,
        channel_id: ChannelId,
        promise_hash: Hash32,
        at: Seconds,
        decide: Fold,
        *,
        limited: bool = False,
        lapsed: Lapsed = NONE_LAPSED,
    ) -> tuple[Book, MeterRow]:
        """What `decide` makes of the session and the meter as they are kept, both durably or neither.

        It is told the epoch's other meters, and with `limited` what is at risk of the token in all. The ticks in the
        voucher's amount are delivered with it; of promises that it leaves out these have `lapsed`.
        Raises `UnknownLane`, `UnknownPromise`.
        """

        async def step(transaction: AsyncTransaction) -> tuple[Book, MeterRow]:
            book = await self._locked_book(transaction, channel_id)
            before, token = book.session, book.session.channel.token
            total = await self._exposure(transaction, token) if limited else None
            meter = await self._meter(transaction, channel_id, promise_hash)
            session, meter = decide(before, meter, await self._others(transaction, meter), total)
            await transaction.change(_FOLD, channel_id, promise_hash, meter.opening, meter.position, meter.tip)
            if session is not before:
                await transaction.change(_KEEP, *_kept_values(session), owed_since(before, at))
                await self._moved(transaction, token, before.exposure, session.exposure)
            served = await self._serve_folded(transaction, session, meter, at)
            if session is not before and session.newest:
                await self._serve_newer(transaction, Newer(before, session, session.newest, at, lapsed), served)
            meter = await self._meter(transaction, channel_id, promise_hash)
            return await self._booked(transaction, channel_id), meter

        return await self.database.run(step)


def _place(meter: MeterRow) -> tuple[bytes, bytes]:
    return meter.channel_id, meter.promise_hash


def advance_values(advance: Advance) -> tuple[object, ...]:
    """What the statement that advances is told: which meter, from where, to where, what carries it, what is settled."""
    meter = advance.after
    standing = promise_pattern(meter), blob(advance.settled)
    return *_place(meter), advance.before, meter.position, meter.tip, *standing


def _kept_values(session: PayeeSession) -> tuple[object, ...]:
    signature = session.newest.signature if session.newest else b""
    promises, proven = promises_text(session.promises), proven_text(session.proven)
    return session.channel.id, session.lane.epoch, blob(session.accepted), signature, promises, proven
