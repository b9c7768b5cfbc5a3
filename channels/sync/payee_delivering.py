# Generated from channels/aio/payee_delivering.py by make fix; edit that one.
"""Goods out: once a key, and money back."""

from collections.abc import Mapping
from functools import cached_property

from chain.money import Money
from channels.channel import ChannelId
from channels.credit import Delivery, Refund
from channels.edge import LaneRef, id_of, units_of
from channels.intake.batching import Batcher
from channels.stores.book import Delivered, Order
from channels.sync.payee_base import PayeeBase


class PayeeDelivering(PayeeBase):
    """A delivery spends what is accepted, whichever voucher brought it."""

    @cached_property
    def _delivering(self) -> Batcher[Order, list[Delivered]]:
        return Batcher(self._till.deliver)

    def deliver(self, lane: LaneRef, price: Money, key: str) -> Delivery:
        """Spends accepted money on goods, exactly once a key of the channel: asked again, it answers the same.

        Raises `NotEnough`, `KeyReused` (the key stands for another price), `TokenMismatch`, `InvalidAmount`,
        `Malformed` (a key that is empty, too long or no text), `DeliveryRefunded` (goods for it would be a gift), and
        `ChannelClosing` where a close may be on its way.
        """
        return (self.deliver_many(lane, {key: price}))[0]

    def deliver_many(self, lane: LaneRef, prices: Mapping[str, Money]) -> list[Delivery]:
        """A delivery for each key at its price, in order: all of them, or none, and one write to disk.

        Raises as `deliver`.
        """
        lane_id = id_of(lane)
        token = (self._session(lane_id)).channel.token
        units = {key: units_of(price, token, self.chain.chain_id) for key, price in prices.items()}
        made = self._delivering.run(Order(lane_id, units, self._second))
        if made:
            self._reader.delivered(lane_id, made[-1])
        return [_delivery(lane_id, key, prices[key], sums) for key, sums in zip(units, made, strict=True)]

    def refund(self, lane: LaneRef, key: str, up_to: Money) -> Refund:
        """Gives back of one delivery so much in all: its payer can spend it again, or has it back at the close.

        A total, so that a repeat is harmless. Raises `UnknownDelivery`, `RefundTooLarge`, `TokenMismatch`,
        `ChannelClosing`, and `WrongEpoch` for an epoch that has ended: its money is paid out, and only a transfer gives
        it back.
        """
        lane_id = id_of(lane)
        token = (self._session(lane_id)).channel.token
        units = units_of(up_to, token, self.chain.chain_id)
        book, made = self._till.refund(lane_id, key, units)
        self._reader.remember(book)
        money = up_to.token.units
        return Refund(
            lane_id=lane_id,
            key=key,
            price=money(made.price),
            refunded=money(made.refunded),
            left=money(book.session.left),
        )


def _delivery(lane_id: ChannelId, key: str, price: Money, sums: Delivered) -> Delivery:
    money = price.token.units
    return Delivery(
        lane_id=lane_id,
        key=key,
        price=price,
        delivered=money(sums.delivered),
        left=money(sums.left),
        refunded=money(sums.refunded),
    )
