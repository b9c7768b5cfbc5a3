"""A channel as its two ends show it, with the receipt of the step that was just taken."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chain.money import Money
from chain.units import Seconds
from channels.channel import Channel, ChannelId
from channels.shown import Shown

if TYPE_CHECKING:
    from chain.receipt import Receipt


@dataclass(frozen=True, kw_only=True, slots=True)
class WalletLane(Shown):
    """What a payer knows of a channel, `left` to promise; `closes_at` is zero while no close is asked for."""

    channel: Channel
    epoch: int
    deposit: Money
    settled: Money
    promised: Money
    left: Money
    closes_at: Seconds
    receipt: "Receipt | None" = None

    @property
    def id(self) -> ChannelId:
        """What vouchers name."""
        return self.channel.id


@dataclass(frozen=True, kw_only=True, slots=True)
class TillLane(Shown):
    """What a payee knows of a channel, `owed` by the chain; `closes_at` is zero while no close is asked for."""

    channel: Channel
    epoch: int
    deposit: Money
    settled: Money
    accepted: Money
    delivered: Money
    owed: Money
    closes_at: Seconds
    receipt: "Receipt | None" = None

    @property
    def id(self) -> ChannelId:
        """What vouchers name."""
        return self.channel.id
