"""Where the world's values become the machine's: money, lengths of time, what names a channel."""

from datetime import timedelta
from typing import Protocol

from chain.errors import Malformed, TokenMismatch
from chain.money import Money
from chain.units import Address, Amount, Seconds
from channels.channel import ChannelId


class HasId(Protocol):
    """A channel, or what either end shows of one."""

    @property
    def id(self) -> ChannelId:
        """What messages name."""


LaneRef = HasId | ChannelId


def id_of(lane: LaneRef) -> ChannelId:
    """What messages name."""
    return lane if isinstance(lane, bytes) else lane.id


def money_of(value: object) -> Money:
    """The value, if it is `Money`; a number is a `TypeError`: it could be of either unit."""
    if not isinstance(value, Money):
        raise TypeError(f"{value!r} is not Money")
    return value


def units_of(money: Money, token: Address, chain_id: int) -> Amount:
    """Base units of a channel's token. Raises `TokenMismatch`; what is no `Money` is a `TypeError`."""
    if (money_of(money).token.address, money.token.chain_id) != (token, chain_id):
        raise TokenMismatch(str(money.token), f"token {token} of chain {chain_id}")
    return money.units


def seconds_of(name: str, period: timedelta) -> Seconds:
    """A length in whole seconds. Raises `Malformed`."""
    whole, rest = divmod(period, timedelta(seconds=1))
    if rest:
        raise Malformed(name, f"{period} is not a number of whole seconds")
    return Seconds(whole)
