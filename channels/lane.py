"""The one-way machine, the twin of VoucherChannels.sol: the same guards in the same order, the same boundary second."""

from dataclasses import dataclass, replace
from typing import Self, assert_never

from chain.errors import InvalidSignature
from chain.refusals import InvalidAmount, InvalidPayee, NotPayer, WrongValue
from chain.units import MAX_AMOUNT, NOBODY, Address, Amount, Seconds, uint
from channels.actions import Action, CancelClose, Claim, Close, Open, RequestClose, TopUp, Withdraw
from channels.channel import Channel
from channels.effects import Pay, Pull
from channels.errors import (
    AlreadyOpen,
    AmountNotIncreasing,
    ChannelClosing,
    DepositTooLarge,
    InvalidPeriod,
    InvalidSigner,
    NoEpochLeft,
    NotClosing,
    NotOpen,
    NotPayee,
    TakeTooLarge,
    WindowNotOver,
    WindowOver,
    WrongEpoch,
)

SHORTEST_PERIOD = Seconds(15 * 60)
LONGEST_PERIOD = Seconds(365 * 24 * 60 * 60)
LAST_EPOCH = 2**31 - 1
NOTHING = Amount(0)
NOT_ASKED = Seconds(0)
"""What `closes_at` is while nobody has asked for the close."""
_AMOUNT = 2**96 - 1

Effects = list[Pull | Pay]


@dataclass(frozen=True, kw_only=True, slots=True)
class Lane:
    """One channel's state on chain."""

    deposit: Amount = NOTHING
    settled: Amount = NOTHING
    closes_at: Seconds = NOT_ASKED
    epoch: int = 0

    def __post_init__(self) -> None:
        for name, bits in (("deposit", 96), ("settled", 96), ("closes_at", 32), ("epoch", 31)):
            uint(name, getattr(self, name), bits)

    @classmethod
    def from_word(cls, word: int) -> Self:
        """As stored, and as events carry it; low bits first: deposit 96, settled 96, closes_at 32, epoch 31."""
        return cls(
            deposit=Amount(word & _AMOUNT),
            settled=Amount(word >> 96 & _AMOUNT),
            closes_at=Seconds(word >> 192 & 0xFFFFFFFF),
            epoch=word >> 224 & LAST_EPOCH,
        )

    @property
    def word(self) -> int:
        """The inverse of `from_word`."""
        return self.deposit | self.settled << 96 | self.closes_at << 192 | self.epoch << 224

    @property
    def is_open(self) -> bool:
        """Whether there is a deposit."""
        return self.deposit != 0

    def window_is_over(self, now: Seconds) -> bool:
        """The one place that says which side the boundary second belongs to: at `closes_at` the window is over."""
        return self.closes_at != NOT_ASKED and now >= self.closes_at

    def covered(self, cumulative_amount: Amount) -> Amount:
        """What a voucher is worth in all: never above the deposit."""
        return min(cumulative_amount, self.deposit)

    def ended(self) -> "Lane":
        """The next epoch's number and nothing else."""
        return Lane(epoch=self.epoch + 1)


def transition(lane: Lane, action: Action, now: Seconds) -> tuple[Lane, Effects]:
    """What the contract would do at second `now`; raises what it would revert with."""
    match action:
        case Open():
            return _open(lane, action)
        case TopUp():
            return _top_up(lane, action)
        case Claim():
            return _claim(lane, action, now)
        case Close():
            return _close(lane, action, now)
        case RequestClose():
            return _request_close(lane, action, now)
        case CancelClose():
            return _cancel_close(lane, action)
        case Withdraw():
            return _withdraw(lane, action, now)
        case _:
            assert_never(action)


def _open(lane: Lane, action: Open) -> tuple[Lane, Effects]:
    channel, amount = action.channel, action.amount
    _require_payer(channel, action.caller)
    _require_sound(channel, amount, action.contract)
    if lane.is_open:
        raise AlreadyOpen(channel.id)
    if lane.epoch == LAST_EPOCH:
        raise NoEpochLeft(channel.id)
    return replace(lane, deposit=amount), _pull(channel, amount, action.value)


def _top_up(lane: Lane, action: TopUp) -> tuple[Lane, Effects]:
    channel, amount = action.channel, action.amount
    _require_payer(channel, action.caller)
    if amount == 0:
        raise InvalidAmount
    _require_open(lane, channel)
    _require_not_closing(lane, channel)
    deposit = lane.deposit + amount
    if deposit > MAX_AMOUNT:
        raise DepositTooLarge(deposit, MAX_AMOUNT)
    return replace(lane, deposit=Amount(deposit)), _pull(channel, amount, action.value)


def _claim(lane: Lane, action: Claim, now: Seconds) -> tuple[Lane, Effects]:
    channel = action.channel
    _require_claimable(lane, channel, action.epoch, now)
    _require_signed(channel, action.signer)
    covered = lane.covered(action.cumulative_amount)
    if covered <= lane.settled:
        raise AmountNotIncreasing(covered, lane.settled)
    return replace(lane, settled=covered), _payouts(channel.payee, covered - lane.settled)


def _close(lane: Lane, action: Close, now: Seconds) -> tuple[Lane, Effects]:
    channel = action.channel
    if action.caller != channel.payee:
        raise NotPayee(action.caller, channel.payee)
    _require_claimable(lane, channel, action.epoch, now)
    total = max(action.take, lane.settled)
    if total > lane.settled:
        _require_signed(channel, action.signer)
        covered = lane.covered(action.cumulative_amount)
        if total > covered:
            raise TakeTooLarge(total, covered)
    payee, payer = _payouts(channel.payee, total - lane.settled), _payouts(channel.payer, lane.deposit - total)
    return lane.ended(), payee + payer


def _request_close(lane: Lane, action: RequestClose, now: Seconds) -> tuple[Lane, Effects]:
    channel = action.channel
    _require_payer(channel, action.caller)
    _require_open(lane, channel)
    _require_not_closing(lane, channel)
    return replace(lane, closes_at=Seconds(now + channel.window)), []


def _cancel_close(lane: Lane, action: CancelClose) -> tuple[Lane, Effects]:
    _require_payer(action.channel, action.caller)
    _require_open(lane, action.channel)
    _require_closing(lane, action.channel)
    return replace(lane, closes_at=NOT_ASKED), []


def _withdraw(lane: Lane, action: Withdraw, now: Seconds) -> tuple[Lane, Effects]:
    channel = action.channel
    _require_open(lane, channel)
    _require_closing(lane, channel)
    if not lane.window_is_over(now):
        raise WindowNotOver(now, lane.closes_at)
    return lane.ended(), _payouts(channel.payer, lane.deposit - lane.settled)


def _pull(channel: Channel, amount: Amount, value: int) -> Effects:
    expected = amount if channel.token == NOBODY else 0
    if value != expected:
        raise WrongValue(value, expected)
    return [Pull(channel.payer, amount)]


def _payouts(to: Address, amount: int) -> Effects:
    return [Pay(to, Amount(amount))] if amount else []


def _require_payer(channel: Channel, caller: Address) -> None:
    if caller != channel.payer:
        raise NotPayer(caller, channel.payer)


def _require_sound(channel: Channel, amount: Amount, contract: Address) -> None:
    if amount == 0:
        raise InvalidAmount
    if channel.payee in (NOBODY, channel.payer, contract, channel.token):
        raise InvalidPayee(channel.payee)
    if channel.signer == NOBODY:
        raise InvalidSigner(channel.signer)
    for period in (channel.window, channel.promise_window):
        if not SHORTEST_PERIOD <= period <= LONGEST_PERIOD:
            raise InvalidPeriod(period, SHORTEST_PERIOD, LONGEST_PERIOD)


def _require_open(lane: Lane, channel: Channel) -> None:
    if not lane.is_open:
        raise NotOpen(channel.id)


def _require_closing(lane: Lane, channel: Channel) -> None:
    if lane.closes_at == NOT_ASKED:
        raise NotClosing(channel.id)


def _require_not_closing(lane: Lane, channel: Channel) -> None:
    if lane.closes_at != NOT_ASKED:
        raise ChannelClosing(channel.id, lane.closes_at)


def _require_claimable(lane: Lane, channel: Channel, epoch: int, now: Seconds) -> None:
    _require_open(lane, channel)
    if epoch != lane.epoch:
        raise WrongEpoch(epoch, lane.epoch)
    if lane.window_is_over(now):
        raise WindowOver(now, lane.closes_at)


def _require_signed(channel: Channel, signer: Address) -> None:
    if signer != channel.signer:
        raise InvalidSignature(signer, channel.signer)
