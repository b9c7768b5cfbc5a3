# Generated from channels/stores/aio/served_ticks.py by make fix; edit that one.
"""What ticks have brought is delivered as soon as it is accepted: a tick was served when it came."""

import secrets
from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from chain.units import Amount, Hash32, Seconds
from channels.channel import ChannelId
from channels.payee_session import PayeeSession
from channels.promise import Promise
from channels.promise_errors import UnknownPromise
from channels.stores.book import Book, Delivered, MeterRow, Newer, Order, Seen
from channels.stores.columns import amount, blob
from channels.stores.database import Transaction
from channels.stores.fulfilment import delivery_values
from channels.stores.meter_rows import opening_of
from channels.stores.sync.books import TillBase

_COLUMNS = "SELECT channel_id, promise_hash, epoch, opening, position, tip, served FROM meters WHERE channel_id = $1"
_ORDER = " ORDER BY epoch, position, promise_hash"
_ONE = " AND promise_hash = $2"
_DELIVER = "UPDATE epochs SET delivered = $3 WHERE channel_id = $1 AND epoch = $2"
_DELIVERY = "INSERT INTO deliveries VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
_SERVED = "UPDATE meters SET served = $3 WHERE channel_id = $1 AND promise_hash = $2"


class TillServedTicks(TillBase):
    """Else a payer could spend on goods, once more, what its ticks have paid for.

    Each such delivery has a random key: payers choose keys, and one that knew it could have its price's goods again.
    """

    def meters(self, channel_id: ChannelId) -> list[MeterRow]:
        """A channel's, by epoch and position."""
        return self._meters(self.database, channel_id)

    def _meters(self, transaction: Transaction, channel_id: ChannelId, locking: str = "") -> list[MeterRow]:
        return [_row(*row) for row in transaction.rows(_COLUMNS + _ORDER + locking, channel_id)]

    def _meter(self, transaction: Transaction, channel_id: ChannelId, promise_hash: Hash32) -> MeterRow:
        """Locked. Raises `UnknownPromise`."""
        for row in transaction.rows(_COLUMNS + _ONE + self.database.locking, channel_id, promise_hash):
            return _row(*row)
        raise UnknownPromise(promise_hash)

    def _others(self, transaction: Transaction, meter: MeterRow) -> list[MeterRow]:
        """The channel's of the same epoch."""
        found = self._meters(transaction, meter.channel_id)
        return [row for row in found if row.epoch == meter.epoch and row.promise_hash != meter.promise_hash]

    def _serve_folded(self, transaction: Transaction, session: PayeeSession, meter: MeterRow, at: Seconds) -> int:
        """All ticks in the newest voucher's amount; how much was not served yet, in base units. Raises `NotEnough`."""
        folded = opening_of(meter).ticks
        due = folded.each * folded.position - meter.served
        return self._serve(transaction, session, meter, due, at)

    def _serve_settled(self, transaction: Transaction, session: PayeeSession, rise: int, at: Seconds) -> None:
        """What is accepted because it was settled may be of recorded ticks: their due comes before goods.

        Those of a promise that was left out had theirs when it was.
        """
        meters = self._meters(transaction, session.channel.id, self.database.locking)
        standing = [meter for meter in meters if opening_of(meter).promise in session.promises]
        self._serve_due(transaction, session, [(meter, _due(meter)) for meter in standing], rise, at)

    def _serve_newer(self, transaction: Transaction, newer: Newer, served: int = 0) -> None:
        """After a voucher that was kept, of which so much is `served`; one that leaves no promise out costs nothing."""
        left_out = newer.left_out
        if left_out:
            rise = newer.after.accepted - newer.before.accepted - served
            self._serve_left_out(transaction, newer.after.channel.id, left_out, rise)

    def _serve_late(self, transaction: Transaction, session: PayeeSession, meter: MeterRow) -> None:
        """Ticks that were answered, and written only after the voucher that has left their promise out."""
        promise = opening_of(self._meter(transaction, meter.channel_id, meter.promise_hash)).promise
        if promise and promise not in session.promises:
            self._serve_left_out(transaction, meter.channel_id, {promise: promise.amount}, session.left)

    def _serve_left_out(
        self, transaction: Transaction, channel_id: ChannelId, paid: Mapping[Promise, Amount], rise: int
    ) -> None:
        """What has risen is for these promises' ticks first: they were served, whichever verb has taken the voucher."""
        book = self._booked(transaction, channel_id)
        meters = self._meters(transaction, channel_id, self.database.locking)
        promised = [(meter, opening_of(meter).promise) for meter in meters]
        dues = [(meter, _due(meter, paid[promise])) for meter, promise in promised if promise and promise in paid]
        self._serve_due(transaction, book.session, dues, rise, Seconds(book.seen_at // 1000))

    def _serve_due(
        self,
        transaction: Transaction,
        session: PayeeSession,
        dues: Iterable[tuple[MeterRow, int]],
        rise: int,
        at: Seconds,
    ) -> None:
        """Of so much that is newly accepted, what is due to each meter."""
        for meter, due in dues:
            if meter.epoch == session.lane.epoch:
                served = self._serve(transaction, session, meter, min(due, rise), at)
                session = replace(session, delivered=Amount(session.delivered + served))
                rise -= served

    def _serve(self, transaction: Transaction, session: PayeeSession, meter: MeterRow, due: int, at: Seconds) -> int:
        """How much of it was served, in base units: where it is negative, more is settled than a late fold holds.

        Raises `NotEnough`.
        """
        if due <= 0:
            return 0
        channel_id, epoch, key = meter.channel_id, meter.epoch, f"ticks {secrets.token_hex(16)}"
        price = Amount(due)
        after = session.deliver(price)
        made = Delivered(price, Amount(after.delivered - after.refunded), Amount(after.left))
        values = delivery_values(Order(channel_id, {key: price}, at), epoch, key, made)
        transaction.change(_DELIVERY, *values)
        transaction.change(_DELIVER, channel_id, epoch, blob(after.delivered))
        transaction.change(_SERVED, channel_id, meter.promise_hash, blob(meter.served + price))
        return price

    def _saw(self, transaction: Transaction, known: Book, newer: PayeeSession, seen: Seen) -> Book:
        book = super()._saw(transaction, known, newer, seen)
        rise = book.session.accepted - known.session.accepted
        if rise <= 0:
            return book
        self._serve_settled(transaction, book.session, rise, Seconds(seen.at // 1000))
        return self._booked(transaction, newer.channel.id)

    def _end(self, transaction: Transaction, known: Book) -> None:
        super()._end(transaction, known)
        last = Amount(max(known.included, known.session.lane.settled))
        ended, at = replace(known.session, accepted=last), Seconds(known.seen_at // 1000)
        self._serve_settled(transaction, ended, last - known.session.accepted, at)


def _due(meter: MeterRow, paid: int | None = None) -> int:
    """What its ticks have counted and nobody has served, in base units; beyond the fold as far as it was `paid`."""
    ticks = opening_of(meter).ticks
    beyond = ticks.each * (meter.position - ticks.position)
    return ticks.each * ticks.position + (beyond if paid is None else min(beyond, paid)) - meter.served


def _row(*columns: object) -> MeterRow:
    names = ("channel_id", "promise_hash", "epoch", "opening", "position", "tip")
    *others, served = columns
    return MeterRow(**dict(zip(names, others, strict=True)), served=amount(served))  # type: ignore[arg-type]
