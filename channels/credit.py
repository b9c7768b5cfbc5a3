"""What a payee answers: a voucher is worth this, a delivery costs that."""

from dataclasses import dataclass
from typing import Any

import msgspec

from chain.money import Money, Token
from channels.channel import ChannelId
from channels.payee_session import PayeeSession
from channels.shown import Shown


class Credit(msgspec.Struct, frozen=True, gc=False):
    """What one voucher `added`, and the epoch's sums after it: kept, served (less refunds), paid on chain."""

    token: Token
    added_units: int
    session: PayeeSession

    @property
    def added(self) -> Money:
        """What this voucher brought; nothing where a newer one was kept already."""
        return self.token.units(self.added_units)

    @property
    def accepted(self) -> Money:
        """All that is kept."""
        return self.token.units(self.session.accepted)

    @property
    def delivered(self) -> Money:
        """What of it was spent on goods, as last seen by this process."""
        return self.token.units(self.session.delivered - self.session.refunded)

    @property
    def settled(self) -> Money:
        """What of it the chain has paid."""
        return self.token.units(self.session.lane.settled)

    @property
    def left(self) -> Money:
        """What can still be delivered."""
        return self.token.units(self.session.left)

    def to_json(self) -> dict[str, Any]:
        """Its sums."""
        return {name: getattr(self, name).to_json() for name in ("added", "accepted", "delivered", "settled")}


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery(Shown):
    """Goods for `price`, once a key; `delivered` in all then, and what was `left`; of the price `refunded` since."""

    lane_id: ChannelId
    key: str
    price: Money
    delivered: Money
    left: Money
    refunded: Money


@dataclass(frozen=True, kw_only=True, slots=True)
class Refund(Shown):
    """What of a delivery is refunded in all, and what is `left` to be delivered with it."""

    lane_id: ChannelId
    key: str
    price: Money
    refunded: Money
    left: Money
