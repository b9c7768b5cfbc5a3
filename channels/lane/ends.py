"""How an epoch ends, at once by the payee's word or by the payer's after the window: the twin of LaneEnds.sol."""

from dataclasses import replace
from typing import assert_never

from chain.refusals import SafeCastOverflowedUintDowncast
from chain.units import Amount, Seconds
from channels.actions.ends import CancelClose, Close, CloseBySig, Ending, RequestClose, Sweep, Withdraw
from channels.channel import Channel
from channels.effects import Pay
from channels.errors import NothingReserved, NotPayee, ReserveNotOver, TakeTooLarge, WindowNotOver
from channels.lane.books import NO_RESERVE, LaneBooks
from channels.lane.claims import worth_of
from channels.lane.guards import (
    payouts,
    require_before,
    require_closing,
    require_current,
    require_not_closing,
    require_open,
    require_payer,
    require_signed,
    require_window,
)
from channels.lane.lane import NOT_ASKED, Lane
from channels.promising import PromisingVoucher

Ended = tuple[LaneBooks, list[Pay]]


def step(books: LaneBooks, action: Ending, now: Seconds) -> Ended:
    """What `transition` says of these verbs."""
    match action:
        case Close():
            return _close(books, action, now)
        case CloseBySig():
            return _close_by_sig(books, action, now)
        case RequestClose():
            return books.at(_request_close(books.lane, action, now)), []
        case CancelClose():
            return books.at(_cancel_close(books.lane, action)), []
        case Withdraw():
            return _withdraw(books, action, now)
        case Sweep():
            return _sweep(books, action, now)
        case _:
            assert_never(action)


def _close(books: LaneBooks, action: Close, now: Seconds) -> Ended:
    channel = action.channel
    if action.caller != channel.payee:
        raise NotPayee(action.caller, channel.payee)
    _require_closable(books.lane, channel, action.epoch, now)
    if action.take > books.lane.settled:
        shown = PromisingVoucher(epoch=action.epoch, cumulative_amount=action.cumulative_amount)
        _require_covered(books.lane, action.take, worth_of(books, channel, shown, action.signer))

    return _end(books, channel, action.take)


def _close_by_sig(books: LaneBooks, action: CloseBySig, now: Seconds) -> Ended:
    channel = action.channel
    require_before(action.deadline, now)
    _require_closable(books.lane, channel, action.voucher.epoch, now)
    if action.caller != channel.payee:
        require_signed(channel.payee, action.signer)
    if action.take > books.lane.settled:
        _require_covered(books.lane, action.take, worth_of(books, channel, action.voucher, action.voucher_signer))

    return _end(books, channel, action.take)


def _end(books: LaneBooks, channel: Channel, take: Amount) -> Ended:
    lane = books.lane
    total = max(take, lane.settled)
    payee, payer = payouts(channel.payee, total - lane.settled), payouts(channel.payer, lane.deposit - total)
    return books.at(lane.ended()), payee + payer


def _request_close(lane: Lane, action: RequestClose, now: Seconds) -> Lane:
    channel = action.channel
    require_payer(channel, action.caller)
    require_open(lane, channel)
    require_not_closing(lane, channel)
    closes_at = Seconds(now + channel.window)
    if closes_at >= 2**32:
        raise SafeCastOverflowedUintDowncast(32, closes_at)

    return replace(lane, closes_at=closes_at, reserved=False)


def _cancel_close(lane: Lane, action: CancelClose) -> Lane:
    require_payer(action.channel, action.caller)
    require_open(lane, action.channel)
    require_closing(lane, action.channel)

    return replace(lane, closes_at=NOT_ASKED, reserved=False)


def _withdraw(books: LaneBooks, action: Withdraw, now: Seconds) -> Ended:
    lane, channel = books.lane, action.channel
    require_open(lane, channel)
    require_closing(lane, channel)
    if not lane.window_is_over(now):
        raise WindowNotOver(now, lane.closes_at)

    kept, newer = _keep(books, channel, now)
    return newer.at(lane.ended()), payouts(channel.payer, lane.deposit - lane.settled - kept)


def _keep(books: LaneBooks, channel: Channel, now: Seconds) -> tuple[int, LaneBooks]:
    """What stays for the promises of the epoch that ends, in base units; where nothing is left for them, nothing."""
    lane, reserve = books.lane, books.reserve(books.lane.epoch)
    until = reserve.end(lane.closes_at, channel)
    if not lane.reserved or reserve.ceiling <= lane.settled or now >= until:
        return 0, books
    moved = reserve.moved(lane.settled, until)
    return moved.left, books.reserving(lane.epoch, moved)


def _sweep(books: LaneBooks, action: Sweep, now: Seconds) -> Ended:
    channel, reserve = action.channel, books.reserve(action.epoch)
    if not reserve.withdrawn:
        raise NothingReserved(channel.id, action.epoch)
    if now < reserve.time:
        raise ReserveNotOver(now, reserve.time)

    return books.reserving(action.epoch, NO_RESERVE), payouts(channel.payer, reserve.left)


def _require_closable(lane: Lane, channel: Channel, epoch: int, now: Seconds) -> None:
    require_open(lane, channel)
    require_current(lane, epoch)
    require_window(lane, now)


def _require_covered(lane: Lane, take: Amount, worth: int) -> None:
    covered = lane.covered(worth)
    if take > covered:
        raise TakeTooLarge(take, covered)
