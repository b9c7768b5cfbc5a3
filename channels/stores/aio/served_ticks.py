"""What ticks have brought is delivered as soon as it is accepted: a tick was served when it came."""

import secrets

from msgspec.structs import replace

from chain.units import Amount, Hash32, Seconds
from channels.channel import ChannelId
from channels.errors import UnknownPromise
from channels.payee_session import PayeeSession
from channels.stores.aio.books import AsyncTillBase
from channels.stores.book import Book, Delivered, MeterRow, Order, Seen
from channels.stores.columns import amount, blob
from channels.stores.database import AsyncTransaction
from channels.stores.fulfilment import delivery_values
from channels.stores.meter_rows import opening_of

_COLUMNS = "SELECT channel_id, promise_hash, epoch, opening, position, tip, served FROM meters WHERE channel_id = $1"
_ORDER = " ORDER BY epoch, position, promise_hash"
_ONE = " AND promise_hash = $2"
_DELIVER = "UPDATE epochs SET delivered = $3 WHERE channel_id = $1 AND epoch = $2"
_DELIVERY = "INSERT INTO deliveries VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
_SERVED = "UPDATE meters SET served = $3 WHERE channel_id = $1 AND promise_hash = $2"


class AsyncTillServedTicks(AsyncTillBase):
    """Else a payer could spend on goods, once more, what its ticks have paid for.

    Each such delivery has a random key: payers choose keys, and one that knew it could have its price's goods again.
    """

    async def meters(self, channel_id: ChannelId) -> list[MeterRow]:
        """A channel's, by epoch and position."""
        return await self._meters(self.database, channel_id)

    async def _meters(self, transaction: AsyncTransaction, channel_id: ChannelId, locking: str = "") -> list[MeterRow]:
        return [_row(*row) for row in await transaction.rows(_COLUMNS + _ORDER + locking, channel_id)]

    async def _meter(self, transaction: AsyncTransaction, channel_id: ChannelId, promise_hash: Hash32) -> MeterRow:
        """Locked. Raises `UnknownPromise`."""
        for row in await transaction.rows(_COLUMNS + _ONE + self.database.locking, channel_id, promise_hash):
            return _row(*row)
        raise UnknownPromise(promise_hash)

    async def _serve_folded(
        self, transaction: AsyncTransaction, session: PayeeSession, meter: MeterRow, at: Seconds
    ) -> None:
        """All ticks in the newest voucher's amount."""
        folded = opening_of(meter).ticks
        await self._serve(transaction, session, meter, folded.each * folded.position - meter.served, at)

    async def _serve_settled(
        self, transaction: AsyncTransaction, session: PayeeSession, rise: int, at: Seconds
    ) -> None:
        """What is accepted because it was settled may be of recorded ticks: their due comes before goods."""
        for meter in await self._meters(transaction, session.channel.id, self.database.locking):
            if meter.epoch == session.lane.epoch and rise > 0:
                due = min(opening_of(meter).ticks.each * meter.position - meter.served, rise)
                served = await self._serve(transaction, session, meter, due, at)
                session = replace(session, delivered=Amount(session.delivered + served))
                rise -= served

    async def _serve(
        self, transaction: AsyncTransaction, session: PayeeSession, meter: MeterRow, due: int, at: Seconds
    ) -> int:
        """As much of it as is accepted and not delivered, in base units."""
        price = Amount(min(due, session.left))
        if price <= 0:
            return 0
        channel_id, epoch, key = meter.channel_id, meter.epoch, f"ticks {secrets.token_hex(16)}"
        after = session.deliver(price)
        made = Delivered(price, Amount(after.delivered - after.refunded), Amount(after.left))
        values = delivery_values(Order(channel_id, {key: price}, at), epoch, key, made)
        await transaction.change(_DELIVERY, *values)
        await transaction.change(_DELIVER, channel_id, epoch, blob(after.delivered))
        await transaction.change(_SERVED, channel_id, meter.promise_hash, blob(meter.served + price))
        return price

    async def _saw(self, transaction: AsyncTransaction, known: Book, newer: PayeeSession, seen: Seen) -> Book:
        book = await super()._saw(transaction, known, newer, seen)
        rise = book.session.accepted - known.session.accepted
        if rise <= 0:
            return book
        await self._serve_settled(transaction, book.session, rise, Seconds(seen.at // 1000))
        return await self._booked(transaction, newer.channel.id)

    async def _end(self, transaction: AsyncTransaction, known: Book) -> None:
        await super()._end(transaction, known)
        last = Amount(max(known.included, known.session.lane.settled))
        ended, at = replace(known.session, accepted=last), Seconds(known.seen_at // 1000)
        await self._serve_settled(transaction, ended, last - known.session.accepted, at)


def _row(*columns: object) -> MeterRow:
    names = ("channel_id", "promise_hash", "epoch", "opening", "position", "tip")
    *others, served = columns
    return MeterRow(**dict(zip(names, others, strict=True)), served=amount(served))  # type: ignore[arg-type]
