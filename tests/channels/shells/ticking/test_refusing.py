"""What a till counts no ticks for: each of these would be served and never paid, or served twice."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from msgspec import structs

from chain import LocalChain, Token
from chain.errors import InvalidSignature
from channels import Payee, Payer, WalletLane
from channels.errors import AmountExceedsDeposit, ChannelClosing, NotOpen, WrongEpoch
from channels.promise_errors import UnknownPromise
from channels.stores.book import Advance
from channels.sync.meter import TillMeter
from channels.sync.payee_ticking import MARGIN
from channels.ticks import TickPayer, TicksOpening
from channels.ticks.errors import AlreadyMetered, FoldDue, FoldsBack, NoBeginning, TicksOver, WrongTick
from tests.channels.shells.ticking.conftest import signed
from tests.channels.ticks.conftest import chain_of, stretch_of

Tick = Callable[[TickPayer, TillMeter, int], None]
NewTill = Callable[..., Payee]
Travel = Callable[[int], None]


def test_two_tills_on_one_store_count_a_tick_once(
    ticks: TickPayer, meter: TillMeter, new_till: NewTill, tick: Tick
) -> None:
    tick(ticks, meter, 3)
    other = new_till().meter(ticks.opening)
    assert other.tick(next(ticks)) == 1
    assert meter.tick(ticks.again(4)) == 0, "the other one has served it"
    assert meter.tick(next(ticks)) == 1
    next(ticks)
    assert other.tick(next(ticks)) == 2
    with pytest.raises(WrongTick):
        meter.tick(ticks.again(6))


def test_two_tills_know_of_each_others_folds(
    wallet: Payer, ticks: TickPayer, meter: TillMeter, new_till: NewTill, tick: Tick, usdc: Token
) -> None:
    other_till = new_till()
    other = other_till.meter(ticks.opening)
    tick(ticks, meter, 3)
    meter.fold(wallet.fold_ticks(ticks))
    tick(ticks, other, 2)
    assert other.opening == ticks.opening
    tick(ticks, meter, 1)
    assert other.fold(wallet.fold_ticks(ticks)).accepted == usdc("0.006")
    assert (other.unfolded, meter.tick(next(ticks))) == (usdc("0"), 1)


def test_one_promise_has_one_meter_whatever_its_ticks_are_called(
    wallet: Payer, till: Payee, ticks: TickPayer, meter: TillMeter, tick: Tick
) -> None:
    """A fold's promise looks like that of a new, shorter chain, whose ticks would count again."""
    tick(ticks, meter, 5)
    left = wallet.fold_ticks(ticks)
    meter.fold(left)
    tick(ticks, meter, 5)
    disguised = TicksOpening(
        voucher=left.voucher, ticks=replace(left.ticks, position=0, count=left.ticks.count - left.ticks.position)
    )
    assert disguised.promise == left.promise
    assert till.meter(disguised) is meter


def test_a_fold_that_nobody_knows_the_beginning_of_is_no_opening(
    wallet: Payer, till: Payee, lane: WalletLane, ticks: TickPayer
) -> None:
    for _ in range(5):
        next(ticks)
    with pytest.raises(NoBeginning):
        till.meter(wallet.fold_ticks(ticks))
    assert till.promises(lane) == ()


def test_only_the_channels_key_opens_and_folds(
    wallet: Payer, till: Payee, lane: WalletLane, ticks: TickPayer, meter: TillMeter, tick: Tick
) -> None:
    tick(ticks, meter, 5)
    fold = wallet.fold_ticks(ticks)
    forged = bytearray(fold.voucher.signature)
    forged[5] ^= 1
    bad = replace(fold, voucher=structs.replace(fold.voucher, signature=bytes(forged)))
    for show in (till.meter, meter.fold):
        with pytest.raises(InvalidSignature):
            show(bad)
    assert meter.fold(fold).added.units == 5_000


def test_a_voucher_that_is_not_accepted_leaves_no_meter(
    wallet: Payer, till: Payee, lane: WalletLane, ticks: TickPayer, usdc: Token
) -> None:
    till.accept(wallet.pay(lane, usdc("1")))
    voucher = signed(wallet, lane, 9_000_000, ticks.opening.promise)
    with pytest.raises(AmountExceedsDeposit):
        till.meter(TicksOpening(voucher=voucher, ticks=ticks.opening.ticks))
    assert till._till.meters(lane.id) == []


def test_an_old_opening_whose_promise_is_gone_opens_nothing(
    wallet: Payer, till: Payee, lane: WalletLane, ticks: TickPayer
) -> None:
    till.accept(signed(wallet, lane, 5_000_000))
    with pytest.raises(UnknownPromise):
        till.meter(ticks.opening)
    assert till._till.meters(lane.id) == []


@pytest.mark.parametrize("every", [1, 100])
def test_ticks_that_were_bought_at_once_are_not_counted_again(
    wallet: Payer, till: Payee, lane: WalletLane, ticks: TickPayer, new_till: NewTill, tick: Tick, every: int
) -> None:
    """A voucher for all of the promise may leave it out: its money buys goods, so its ticks must not."""
    meter, other = till.meter(ticks.opening, every=every), new_till().meter(ticks.opening)
    tick(ticks, meter, 1)
    till.accept(signed(wallet, lane, ticks.opening.ticks.amount))
    for one in (meter, other) if every == 1 else (meter,):
        with pytest.raises(UnknownPromise):
            one.tick(ticks.again(1) if one is other else next(ticks))


@pytest.mark.parametrize("every", [1, 100])
def test_no_tick_counts_once_the_payee_is_closing(
    monkeypatch: pytest.MonkeyPatch,
    wallet: Payer,
    till: Payee,
    lane: WalletLane,
    ticks: TickPayer,
    new_till: NewTill,
    tick: Tick,
    every: int,
    usdc: Token,
) -> None:
    """A close keeps nothing for what comes after its proofs; another till on the store learns of it at once."""
    meter, other = till.meter(ticks.opening, every=every), new_till().meter(ticks.opening)
    tick(ticks, meter, 3)
    send, late = till._send_close, next(ticks)

    def sends(*arguments: object) -> object:
        for one in (meter, other) if every == 1 else (meter,):
            with pytest.raises(ChannelClosing):
                one.tick(late)
        return send(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(till, "_send_close", sends)
    till.close(lane)
    assert till.books()[usdc].settled == usdc("0.003")
    with pytest.raises(WrongEpoch):
        meter.tick(late)


def test_a_close_that_fails_lets_the_ticks_go_on(
    monkeypatch: pytest.MonkeyPatch, till: Payee, lane: WalletLane, ticks: TickPayer, meter: TillMeter, tick: Tick
) -> None:
    def refuses(*_: object, **__: object) -> None:
        raise NotOpen(lane.id)

    tick(ticks, meter, 3)
    with monkeypatch.context() as broken:
        broken.setattr(till._lanes, "close", refuses)
        with pytest.raises(NotOpen):
            till.close(lane)
    tick(ticks, meter, 3)


def test_no_tick_counts_while_the_payers_close_runs(
    wallet: Payer, till: Payee, lane: WalletLane, ticks: TickPayer, meter: TillMeter, tick: Tick, clock: Any
) -> None:
    tick(ticks, meter, 3)
    wallet.request_close(lane)
    clock.now += 31
    late = next(ticks)
    with pytest.raises(ChannelClosing):
        meter.tick(late)
    wallet.cancel_close(lane)
    till.show(lane)
    assert meter.tick(late) == 1


def test_no_tick_comes_too_late_to_be_recorded(ticks: TickPayer, meter: TillMeter, tick: Tick, travel: Travel) -> None:
    assert ticks.opening.promise is not None
    until = ticks.opening.promise.expiry - (MARGIN + timedelta(minutes=5)) // timedelta(seconds=1)
    travel(until - 1)
    tick(ticks, meter, 1)
    travel(until)
    with pytest.raises(TicksOver):
        meter.tick(next(ticks))


def test_no_two_meters_go_on_with_one_promise(
    wallet: Payer, till: Payee, lane: WalletLane, usdc: Token, chain: LocalChain
) -> None:
    """One chain promised twice; the second promise is paid in full, and then the first one's fold goes on with it."""
    links, each, expiry = chain_of(200), usdc("0.001").units, chain.after(hours=1, minutes=45)
    whole, half = (stretch_of(links, 0, each), replace(stretch_of(links, 100, each), position=0, count=100))
    first, second = whole.promise(expiry), half.promise(expiry)
    meter = till.meter(TicksOpening(voucher=signed(wallet, lane, 0, first), ticks=whole))
    other = till.meter(TicksOpening(voucher=signed(wallet, lane, 0, first, second), ticks=half))
    assert meter.tick(links.tip(60)) + meter.tick(links.tip(100)) == 100
    fold = TicksOpening(voucher=signed(wallet, lane, 200 * each, second), ticks=whole.at(100, links.tip(100)))
    assert fold.promise == second
    with pytest.raises(AlreadyMetered):
        meter.fold(fold)
    assert till.accept(signed(wallet, lane, 100 * each, first)).added == usdc("0.1")
    with pytest.raises(AlreadyMetered):
        meter.fold(fold)
    with pytest.raises(UnknownPromise):
        other.tick(links.tip(101))


def test_no_meter_goes_on_with_a_promise_that_is_anothers(
    wallet: Payer, till: Payee, lane: WalletLane, usdc: Token, chain: LocalChain
) -> None:
    """Its first, by which the store knows it, or its newest, though no voucher carries that any more."""
    links, each, expiry = chain_of(200), usdc("0.001").units, chain.after(hours=1, minutes=45)
    whole, half = (stretch_of(links, 0, each), replace(stretch_of(links, 100, each), position=0, count=100))
    first, second = whole.promise(expiry), half.promise(expiry)
    meter = till.meter(TicksOpening(voucher=signed(wallet, lane, 0, first), ticks=whole))
    other = till.meter(TicksOpening(voucher=signed(wallet, lane, 0, first, second), ticks=half))
    assert meter.tick(links.tip(60)) + meter.tick(links.tip(100)) == 100
    left = half.at(50, links.tip(150))
    third = left.promise(expiry)
    other.fold(TicksOpening(voucher=signed(wallet, lane, 50 * each, first, third), ticks=left))
    goes_on = signed(wallet, lane, 150 * each, second, third)
    with pytest.raises(AlreadyMetered):
        meter.fold(TicksOpening(voucher=goes_on, ticks=whole.at(100, links.tip(100))))

    till.accept(signed(wallet, lane, 100 * each, first))
    assert meter.tick(links.tip(150)) == 50
    later = whole.at(150, links.tip(150))
    goes_on = signed(wallet, lane, 250 * each, later.promise(expiry))
    assert later.promise(expiry) == third
    with pytest.raises(AlreadyMetered):
        meter.fold(TicksOpening(voucher=goes_on, ticks=later))


def test_a_till_that_takes_a_fold_learns_how_far_another_one_has_counted(
    wallet: Payer, ticks: TickPayer, meter: TillMeter, new_till: NewTill, tick: Tick
) -> None:
    other = new_till().meter(ticks.opening)
    tick(ticks, other, 5)
    fold = wallet.fold_ticks(ticks)
    tick(ticks, other, 3)
    meter.fold(fold)
    with pytest.raises(WrongTick):
        meter.tick(ticks.again(6))
    tick(ticks, meter, 1)


def test_a_fold_that_another_till_has_taken_is_known_once_it_is_shown(
    wallet: Payer, new_till: NewTill, ticks: TickPayer, tick: Tick
) -> None:
    """Both have counted the same ticks."""
    one, other = (new_till().meter(ticks.opening) for _ in range(2))
    tick(ticks, one, 5)
    assert other.tick(ticks.again(5)) == 0
    fold = wallet.fold_ticks(ticks)
    one.fold(fold)
    assert other.fold(fold).added.units == 0
    assert (other.opening, other.unfolded.units) == (fold, 0)


def test_an_older_fold_changes_nothing(
    wallet: Payer, ticks: TickPayer, meter: TillMeter, tick: Tick, usdc: Token
) -> None:
    folds = []
    for _ in range(2):
        tick(ticks, meter, 5)
        folds.append(wallet.fold_ticks(ticks))
        meter.fold(folds[-1])
    with pytest.raises(FoldsBack):
        meter.fold(folds[0])
    assert meter.opening == folds[1]


def test_ticks_that_no_proof_can_show_wait_for_a_fold(
    wallet: Payer, till: Payee, lane: WalletLane, ticks: TickPayer, tick: Tick
) -> None:
    meter = till.meter(ticks.opening, every=2_000)
    tick(ticks, meter, 1_024)
    with pytest.raises(FoldDue):
        next(ticks)
    meter.fold(wallet.fold_ticks(ticks))
    tick(ticks, meter, 1)


@pytest.mark.parametrize(
    ("change", "kept"),
    [
        ("", True),
        ("UPDATE meters SET position = 1", False),
        ("UPDATE epochs SET stopped = 1", False),
        ("UPDATE epochs SET closes_at = 1", False),
        ("UPDATE epochs SET epoch = 1", False),
        ("UPDATE epochs SET promises = ''", False),
        ("UPDATE epochs SET settled = x'000000000000000000000001'", False),
    ],
)
def test_a_meter_moves_on_only_from_where_it_was_and_while_its_ticks_count(
    till: Payee, ticks: TickPayer, meter: TillMeter, change: str, kept: bool
) -> None:
    if change:
        till._till.database.change(change)
    row = meter._row
    assert till._till.advance([Advance(0, msgspec.structs.replace(row, position=2, tip=ticks.again(0)))]) == [kept]
    (after,) = till._till.meters(row.channel_id)
    assert (after.position == 2) is kept
