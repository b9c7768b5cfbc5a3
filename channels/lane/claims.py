"""What vouchers are worth, and how it is paid: the twin of LaneClaims.sol."""

from dataclasses import replace
from typing import assert_never

from chain.units import Address, Amount, Seconds
from channels.actions.claims import Claim, ClaimPromised
from channels.channel import Channel
from channels.effects import Pay
from channels.errors import ReserveOver, WindowOver
from channels.lane.books import NO_RESERVE, LaneBooks
from channels.lane.guards import due, payouts, require_current, require_open, require_signed
from channels.lane.lane import NOT_ASKED
from channels.promise import leaves_hash
from channels.promising import PromisingVoucher

Paid = tuple[LaneBooks, list[Pay]]


def step(books: LaneBooks, action: Claim | ClaimPromised, now: Seconds) -> Paid:
    """What `transition` says of these verbs. A voucher without promises is one that says nothing of them."""
    match action:
        case Claim():
            shown = PromisingVoucher(epoch=action.epoch, cumulative_amount=action.cumulative_amount)
            return _claim(books, action.channel, shown, action.signer, now)
        case ClaimPromised():
            return _claim(books, action.channel, action.voucher, action.signer, now)
        case _:
            assert_never(action)


def worth_of(books: LaneBooks, channel: Channel, voucher: PromisingVoucher, signer: Address) -> int:
    """In base units. Raises `TooManyPromises`, `PromisesOutOfOrder`, `InvalidSignature`."""
    leaves_hash(voucher.leaves)  # It is looked at first, as the signature is over it.
    require_signed(channel.signer, signer)
    return voucher.worth(books.recorded(voucher.epoch, voucher.leaves))


def _claim(books: LaneBooks, channel: Channel, voucher: PromisingVoucher, signer: Address, now: Seconds) -> Paid:
    lane, epoch = books.lane, voucher.epoch
    if not (lane.is_open and epoch == lane.epoch and not lane.window_is_over(now)):
        _require_living_reserve(books, channel, epoch, now)
        return _from_reserve(books, channel, epoch, worth_of(books, channel, voucher, signer))

    worth = worth_of(books, channel, voucher, signer)
    newer = _reserve(books, voucher, now)
    if newer is not books and lane.covered(worth) <= lane.settled:
        return newer, []
    return _from_lane(newer, channel, lane.covered(worth))


def _from_lane(books: LaneBooks, channel: Channel, covered: Amount) -> Paid:
    added = due(covered, books.lane.settled)
    return books.at(replace(books.lane, settled=covered)), payouts(channel.payee, added)


def _require_living_reserve(books: LaneBooks, channel: Channel, epoch: int, now: Seconds) -> None:
    """The window of the present epoch is over, or the epoch has ended: then only a withdraw leaves a reserve behind.

    Raises `NotOpen`, `WrongEpoch`, `WindowOver`, `ReserveOver`.
    """
    lane, reserve = books.lane, books.reserve(epoch)
    until = reserve.time
    if not reserve.withdrawn:
        require_open(lane, channel)
        require_current(lane, epoch)
        if not lane.reserved:
            raise WindowOver(now, lane.closes_at)
        until = reserve.end(lane.closes_at, channel)
    if now >= until:
        raise ReserveOver(now, until)


def _from_reserve(books: LaneBooks, channel: Channel, epoch: int, worth: int) -> Paid:
    reserve = books.reserve(epoch)
    covered = reserve.covered(worth)
    if not reserve.withdrawn:
        return _from_lane(books, channel, covered)
    added = due(covered, reserve.settled)
    return books.reserving(epoch, replace(reserve, settled=covered)), payouts(channel.payee, added)


def _reserve(books: LaneBooks, voucher: PromisingVoucher, now: Seconds) -> LaneBooks:
    """While the lane is closing a voucher reserves what its promises may still be worth. The same books: nothing new.

    An older close's reserve counts no longer.
    """
    lane = books.lane
    if lane.closes_at == NOT_ASKED or now >= voucher.last_expiry:
        return books
    before = books.reserve(voucher.epoch) if lane.reserved else NO_RESERVE
    later = before.merge(lane.covered(voucher.most), voucher.last_expiry)
    if later == before:
        return books
    return books.at(replace(lane, reserved=True)).reserving(voucher.epoch, later)
