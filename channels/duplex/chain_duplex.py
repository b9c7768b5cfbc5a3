"""A two-way channel as the chain shows it, with the receipt of the step that was just taken."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from chain.money import Money, Token
from chain.units import MAX_AMOUNT, Hash32, Seconds
from channels.channel import ChannelId
from channels.duplex.channel import DuplexChannel
from channels.duplex.duplex import Duplex
from channels.duplex.fight import Fight
from channels.duplex.reserve import DuplexReserve
from channels.shown import Shown

if TYPE_CHECKING:
    from chain.receipt import Receipt


@dataclass(frozen=True, kw_only=True, slots=True)
class Shares(Shown):
    """What each party gets."""

    to_a: Money
    to_b: Money

    @classmethod
    def of(cls, token: Token, to_a: int, to_b: int) -> Self:
        """From base units."""
        return cls(to_a=token.units(to_a), to_b=token.units(to_b))


@dataclass(frozen=True, kw_only=True, slots=True)
class ChainDuplex(Shown):
    """The deposits of the present epoch; `paid` is what the step has paid out, of the epoch that it ended if it did."""

    channel: DuplexChannel
    epoch: int
    deposit_a: Money
    deposit_b: Money
    paid: Shares | None = None
    receipt: "Receipt | None" = None

    @classmethod
    def of(cls, channel: DuplexChannel, duplex: Duplex, token: Token) -> Self:
        """In money of the channel's token."""
        a, b = token.units(duplex.deposit_a), token.units(duplex.deposit_b)
        return cls(channel=channel, epoch=duplex.epoch, deposit_a=a, deposit_b=b)

    @property
    def id(self) -> ChannelId:
        """What messages name."""
        return self.channel.id

    @property
    def duplex(self) -> Duplex:
        """As the machine knows it."""
        return Duplex(deposit_a=self.deposit_a.units, deposit_b=self.deposit_b.units, epoch=self.epoch)


@dataclass(frozen=True, kw_only=True, slots=True)
class ChainFight(Shown):
    """The newest state that was posted: who owes what by it, and the second from which no answer counts any more.

    `deadline` is zero where there is no fight. An amount beyond all deposits stands for everything.
    """

    channel: DuplexChannel
    epoch: int
    version: int
    a_owes: Money
    b_owes: Money
    promises: Hash32
    deadline: Seconds
    receipt: "Receipt | None" = None

    @classmethod
    def of(cls, channel: DuplexChannel, epoch: int, fight: Fight, token: Token) -> Self:
        """In money of the channel's token."""
        return cls(
            channel=channel,
            epoch=epoch,
            version=fight.version,
            a_owes=token.units(min(max(fight.net, 0), MAX_AMOUNT)),
            b_owes=token.units(min(max(-fight.net, 0), MAX_AMOUNT)),
            promises=fight.promises,
            deadline=fight.deadline,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class ChainDuplexReserve(Shown):
    """What an ended epoch still keeps of each share for promises, until second `until`; zero where it keeps nothing.

    `paid` is what the step has paid out.
    """

    channel: DuplexChannel
    epoch: int
    from_a: Money
    from_b: Money
    promises: Hash32
    until: Seconds
    paid: Shares | None = None
    receipt: "Receipt | None" = None

    @classmethod
    def of(cls, channel: DuplexChannel, epoch: int, reserve: DuplexReserve, token: Token) -> Self:
        """In money of the channel's token."""
        left_a, left_b = reserve.left
        return cls(
            channel=channel,
            epoch=epoch,
            from_a=token.units(left_a),
            from_b=token.units(left_b),
            promises=reserve.promises,
            until=reserve.until,
        )
