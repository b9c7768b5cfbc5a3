"""A one-way channel as the chain shows it, with the receipt of the step that was just taken."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from chain.money import Money, Token
from chain.units import Seconds
from channels.channel import Channel, ChannelId
from channels.lane import Lane
from channels.reserve import Reserve
from channels.shown import Shown

if TYPE_CHECKING:
    from chain.receipt import Receipt


@dataclass(frozen=True, kw_only=True, slots=True)
class ChainLane(Shown):
    """`closes_at` is zero while no close is asked for; `reserved`: this close keeps something for promises.

    `ended` is the epoch that the step has ended, as it was then.
    """

    channel: Channel
    epoch: int
    deposit: Money
    settled: Money
    closes_at: Seconds
    reserved: bool = False
    ended: "ChainLane | None" = None
    receipt: "Receipt | None" = None

    @classmethod
    def of(cls, channel: Channel, lane: Lane, token: Token) -> Self:
        """In money of the channel's token."""
        return cls(
            channel=channel,
            epoch=lane.epoch,
            deposit=token.units(lane.deposit),
            settled=token.units(lane.settled),
            closes_at=lane.closes_at,
            reserved=lane.reserved,
        )

    @property
    def id(self) -> ChannelId:
        """What vouchers name."""
        return self.channel.id

    @property
    def lane(self) -> Lane:
        """As the machine knows it."""
        return Lane(
            deposit=self.deposit.units,
            settled=self.settled.units,
            closes_at=self.closes_at,
            epoch=self.epoch,
            reserved=self.reserved,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class LaneReserve(Shown):
    """What an epoch keeps for promises: vouchers can have `left` of it before second `until`, then the payer has it.

    While the channel is closing, that is how far it has come: `until` may move on, and `left` may rise.
    """

    channel: Channel
    epoch: int
    left: Money
    until: Seconds
    withdrawn: bool
    receipt: "Receipt | None" = None

    @classmethod
    def of(
        cls,
        channel: Channel,
        epoch: int,
        reserve: Reserve,
        lane: Lane,
        token: Token,
        *,
        receipt: "Receipt | None" = None,
    ) -> Self:
        """Nothing is kept for a close that was taken back, or of an epoch that ended without a withdraw."""
        left, until = reserve.left, reserve.time
        if not reserve.withdrawn:
            counts = lane.reserved and lane.epoch == epoch
            left = max(reserve.ceiling - lane.settled, 0) if counts else 0
            until = reserve.end(lane.closes_at, channel) if counts else Seconds(0)
        money, withdrawn = token.units(left), reserve.withdrawn
        return cls(channel=channel, epoch=epoch, left=money, until=until, withdrawn=withdrawn, receipt=receipt)
