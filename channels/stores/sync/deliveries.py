# Generated from channels/stores/aio/deliveries.py by make fix; edit that one.
"""Deliveries once a key, and what was refunded of them."""

from collections.abc import Sequence
from typing import Any

from chain.errors import EarnestError, StoreError
from chain.units import Amount, Seconds
from channels.channel import ChannelId
from channels.errors import RefundTooLarge, UnknownDelivery, WrongEpoch
from channels.stores.book import Book, Delivered, Delivery, Order
from channels.stores.columns import amount, blob
from channels.stores.database import Transaction
from channels.stores.fulfilment import delivered_of, delivery_values, fault_of, fulfil
from channels.stores.sync.books import PAGE, TillBase

_FIND = "SELECT price, delivered, accepted, refunded FROM deliveries WHERE channel_id = $1 AND key = $2"
_ADD = "INSERT INTO deliveries VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
_DELIVER = "UPDATE epochs SET delivered = $3 WHERE channel_id = $1 AND epoch = $2"
_REFUND = "UPDATE epochs SET refunded = $3 WHERE channel_id = $1 AND epoch = $2"
_REFUND_ROW = "UPDATE deliveries SET refunded = $3 WHERE channel_id = $1 AND key = $2"
_COLUMNS = "SELECT channel_id, key, epoch, made_at, price, refunded FROM deliveries "
_ONE = "WHERE channel_id = $1 AND key = $2"
_PAGE = "WHERE channel_id > $1 OR (channel_id = $1 AND key > $2) ORDER BY channel_id, key LIMIT $3"


class TillDeliveries(TillBase):
    """A key stands for one delivery of one price for ever; the row of the channel's epoch is locked meanwhile."""

    def deliver(self, orders: Sequence[Order]) -> list[list[Delivered] | EarnestError]:
        """What each order comes to, or why nothing of it was delivered, with one write to disk for all of them.

        The reasons are `Malformed` (a key), `UnknownLane`, and what `fulfil` raises.
        """

        def step(transaction: Transaction) -> list[list[Delivered] | EarnestError]:
            return [self._tried(transaction, order) for order in orders]

        return self.database.run(step, len(orders))

    def refund(self, channel_id: ChannelId, key: str, up_to: Amount) -> tuple[Book, Delivery]:
        """Refunds of this delivery so much in all: asked again, it does nothing.

        Raises `UnknownLane`, `UnknownDelivery`, `WrongEpoch` (it ended: the money is paid out),
        `RefundTooLarge`, `ChannelClosing`.
        """

        def step(transaction: Transaction) -> tuple[Book, Delivery]:
            book = self._locked_book(transaction, channel_id)
            made = self._delivery(transaction, channel_id, key)
            if up_to > made.price:
                raise RefundTooLarge(key, made.price, up_to)
            if up_to > made.refunded:
                self._refund(transaction, book, made, up_to)
            return self._booked(transaction, channel_id), self._delivery(transaction, channel_id, key)

        return self.database.run(step)

    def delivery(self, channel_id: ChannelId, key: str) -> Delivery:
        """Raises `UnknownDelivery`."""
        return self._delivery(self.database, channel_id, key)

    def deliveries(self) -> list[Delivery]:
        """All that were ever made, by channel and key."""
        found, after = list[Delivery](), (b"", "")
        while True:
            page = [_delivery(*row) for row in self.database.rows(_COLUMNS + _PAGE, *after, PAGE)]
            found += page
            if len(page) < PAGE:
                return found
            after = page[-1].channel_id, page[-1].key

    def _tried(self, transaction: Transaction, order: Order) -> list[Delivered] | EarnestError:
        try:
            return self._deliver(transaction, order)
        except StoreError:
            raise
        except EarnestError as why:
            return why

    def _deliver(self, transaction: Transaction, order: Order) -> list[Delivered]:
        """First what it comes to, then what changes: an order that is refused half-way has changed nothing."""
        if fault := fault_of(order):
            raise fault
        session = (self._locked_book(transaction, order.channel_id)).session
        newer, answers, made = fulfil(session, order, self._known(transaction, order))
        for key, new in made.items():
            transaction.change(_ADD, *delivery_values(order, session.lane.epoch, key, new))
        if made:
            transaction.change(_DELIVER, order.channel_id, session.lane.epoch, blob(newer.delivered))
        return answers

    def _known(self, transaction: Transaction, order: Order) -> dict[str, Delivered]:
        found = {}
        for key in order.prices:
            for row in transaction.rows(_FIND, order.channel_id, key):
                found[key] = delivered_of(*row)
        return found

    def _delivery(self, transaction: Transaction, channel_id: ChannelId, key: str) -> Delivery:
        for row in transaction.rows(_COLUMNS + _ONE, channel_id, key):
            return _delivery(*row)
        raise UnknownDelivery(key)

    def _refund(self, transaction: Transaction, book: Book, made: Delivery, up_to: Amount) -> None:
        session, epoch = book.session, book.session.lane.epoch
        if made.epoch != epoch:
            raise WrongEpoch(made.epoch, epoch)
        newer = session.refund(Amount(up_to - made.refunded))
        transaction.change(_REFUND_ROW, made.channel_id, made.key, blob(up_to))
        transaction.change(_REFUND, made.channel_id, epoch, blob(newer.refunded))


def _delivery(*columns: Any) -> Delivery:
    channel_id, key, epoch, made_at, price, refunded = columns
    return Delivery(
        channel_id=channel_id,
        key=key,
        epoch=epoch,
        at=Seconds(made_at),
        price=amount(price),
        refunded=amount(refunded),
    )
