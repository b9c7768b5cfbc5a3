"""What a meter has not seen yet: folds and ends that another till has taken, deposits that were undone."""

from collections.abc import Callable
from typing import Any

import pytest

from chain import LocalChain, Signer, Token
from channels import Payee, Payer, WalletLane
from channels.errors import AmountExceedsDeposit, ChannelClosing, NotOpen, WrongEpoch
from channels.sync.meter import TillMeter
from channels.ticks import TickPayer, TicksOpening
from channels.ticks.errors import NoBeginning
from tests.channels.shells.conftest import HOUR
from tests.channels.shells.ticking.conftest import signed

Tick = Callable[[TickPayer, TillMeter, int], None]
NewTill = Callable[..., Payee]
Travel = Callable[[int], None]


def test_a_fold_that_another_till_has_taken_is_learned_at_the_next_look(
    wallet: Payer, till: Payee, new_till: NewTill, ticks: TickPayer, tick: Tick, clock: Any, usdc: Token
) -> None:
    meter, other = till.meter(ticks.opening, every=64), new_till().meter(ticks.opening)
    tick(ticks, meter, 3)
    meter.flush()
    fold = wallet.fold_ticks(ticks)
    other.fold(fold)
    clock.now += 31
    tick(ticks, meter, 1)
    assert (meter.opening, meter.unfolded) == (fold, usdc("0.001"))


def test_what_is_answered_while_another_till_folds_is_counted_once(
    monkeypatch: pytest.MonkeyPatch, wallet: Payer, till: Payee, new_till: NewTill, ticks: TickPayer, tick: Tick
) -> None:
    meter, other = till.meter(ticks.opening, every=64), new_till().meter(ticks.opening)
    tick(ticks, meter, 3)
    fold, reread = wallet.fold_ticks(ticks), meter._metering.reread

    def slowly(key: Any) -> Any:
        tick(ticks, meter, 2)
        other.fold(fold)
        return reread(key)

    with monkeypatch.context() as slow:
        slow.setattr(meter._metering, "reread", slowly)
        meter._reload()
    assert (meter.opening, meter.reading.position) == (fold, 5)
    tick(ticks, meter, 1)


def test_no_tick_counts_once_the_deposit_is_undone(
    chain: LocalChain, wallet: Payer, till: Payee, shop: Signer, tick: Tick, clock: Any, usdc: Token
) -> None:
    before = chain.snapshot()
    lane = wallet.open(shop.address, usdc("2"), HOUR)
    ticks = wallet.ticks(lane, each=usdc("0.001"), count=2_000)
    meter = till.meter(ticks.opening)
    tick(ticks, meter, 1)
    chain.restore(before)
    clock.now += 31
    with pytest.raises(NotOpen):
        meter.tick(next(ticks))


@pytest.mark.parametrize(("first", "covers"), [("2", True), ("1.999999", False)])
def test_ticks_count_while_what_is_left_of_the_deposit_covers_all_of_them(
    chain: LocalChain,
    wallet: Payer,
    till: Payee,
    shop: Signer,
    tick: Tick,
    clock: Any,
    usdc: Token,
    first: str,
    covers: bool,
) -> None:
    """2 are promised in ticks, and what was paid in after the first part is undone."""
    lane = wallet.open(shop.address, usdc(first), HOUR)
    before = chain.snapshot()
    wallet.top_up(lane, usdc("1"))
    ticks = wallet.ticks(lane, each=usdc("0.001"), count=2_000)
    meter = till.meter(ticks.opening)
    tick(ticks, meter, 1)
    chain.restore(before)
    clock.now += 31
    if covers:
        tick(ticks, meter, 1)
        return
    with pytest.raises(AmountExceedsDeposit):
        meter.tick(next(ticks))


def test_a_clock_that_is_set_back_lets_a_meter_look_again(
    wallet: Payer, lane: WalletLane, ticks: TickPayer, meter: TillMeter, tick: Tick, clock: Any
) -> None:
    tick(ticks, meter, 1)
    wallet.request_close(lane)
    clock.now -= 100
    with pytest.raises(ChannelClosing):
        meter.tick(next(ticks))


def test_an_epoch_whose_end_another_till_has_seen_counts_no_tick(
    chain: LocalChain,
    wallet: Payer,
    new_till: NewTill,
    lane: WalletLane,
    ticks: TickPayer,
    tick: Tick,
    clock: Any,
    travel: Travel,
) -> None:
    """Within the second for which the meter believes what it saw."""
    now = clock.now
    meter = new_till(clock=lambda: now).meter(ticks.opening)
    tick(ticks, meter, 1)
    other = new_till()
    other.show(lane)
    travel(wallet.request_close(lane).closes_at)
    wallet.withdraw(lane)
    other.show(lane)
    with pytest.raises(WrongEpoch):
        meter.tick(next(ticks))


def test_ticks_of_an_epoch_that_has_ended_open_nothing_in_the_next_one(
    wallet: Payer,
    till: Payee,
    lane: WalletLane,
    shop: Signer,
    ticks: TickPayer,
    meter: TillMeter,
    tick: Tick,
    usdc: Token,
) -> None:
    tick(ticks, meter, 5)
    fold = wallet.fold_ticks(ticks)
    till.close(lane)
    wallet.open(shop.address, usdc("10"), HOUR)
    voucher = signed(wallet, lane, 5_000, fold.promise, epoch=1)
    with pytest.raises(NoBeginning):
        till.meter(TicksOpening(voucher=voucher, ticks=fold.ticks))
    assert till.promises(lane) == ()
