"""What a payee answers: a voucher is worth this, a delivery costs that."""

from dataclasses import dataclass

from chain.money import Money
from channels.channel import ChannelId
from channels.shown import Shown


@dataclass(frozen=True, kw_only=True, slots=True)
class Credit(Shown):
    """What one voucher `added`, and the epoch's three sums after it: kept, served, paid on chain."""

    added: Money
    accepted: Money
    delivered: Money
    settled: Money

    @property
    def left(self) -> Money:
        """What can still be delivered."""
        return self.accepted - self.delivered


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery(Shown):
    """Goods for `price`, once for a key; `delivered` in all then, and what was `left`."""

    lane_id: ChannelId
    key: str
    price: Money
    delivered: Money
    left: Money
