"""What several verbs require: the twin of the guards in Lanes.sol."""

from chain.errors import InvalidSignature
from chain.refusals import DeadlinePassed, NotPayer
from chain.units import Address, Amount, Seconds
from channels.channel import Channel
from channels.effects import Pay
from channels.errors import AmountNotIncreasing, ChannelClosing, NotClosing, NotOpen, WindowOver, WrongEpoch
from channels.lane.lane import NOT_ASKED, Lane


def require_payer(channel: Channel, caller: Address) -> None:
    """Raises `NotPayer`."""
    if caller != channel.payer:
        raise NotPayer(caller, channel.payer)


def require_open(lane: Lane, channel: Channel) -> None:
    """Raises `NotOpen`."""
    if not lane.is_open:
        raise NotOpen(channel.id)


def require_closing(lane: Lane, channel: Channel) -> None:
    """Raises `NotClosing`."""
    if lane.closes_at == NOT_ASKED:
        raise NotClosing(channel.id)


def require_not_closing(lane: Lane, channel: Channel) -> None:
    """Raises `ChannelClosing`."""
    if lane.closes_at != NOT_ASKED:
        raise ChannelClosing(channel.id, lane.closes_at)


def require_current(lane: Lane, epoch: int) -> None:
    """Raises `WrongEpoch`."""
    if epoch != lane.epoch:
        raise WrongEpoch(epoch, lane.epoch)


def require_window(lane: Lane, now: Seconds) -> None:
    """Raises `WindowOver`."""
    if lane.window_is_over(now):
        raise WindowOver(now, lane.closes_at)


def require_before(deadline: Seconds, now: Seconds) -> None:
    """Raises `DeadlinePassed`."""
    if now >= deadline:
        raise DeadlinePassed(now, deadline)


def require_signed(expected: Address, signer: Address) -> None:
    """Raises `InvalidSignature`."""
    if signer != expected:
        raise InvalidSignature(signer, expected)


def due(covered: Amount, settled: Amount) -> int:
    """What a voucher adds, in base units. Raises `AmountNotIncreasing`."""
    if covered <= settled:
        raise AmountNotIncreasing(covered, settled)
    return covered - settled


def payouts(to: Address, amount: int) -> list[Pay]:
    """Nothing is not pushed."""
    return [Pay(to, Amount(amount))] if amount else []
