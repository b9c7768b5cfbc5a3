"""The end of a promise: no tick is counted that can't be recorded, and none is given away that is."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chain import LocalChain, Signer, Token
from chain.units import Seconds
from channels import Payee, Payer, WalletLane
from channels.errors import NotPayee
from channels.promise_errors import ConditionRefused, ExpiryTooLate
from channels.settlement import Record, Submit
from channels.sync.meter import TillMeter
from channels.sync.payee_ticking import MARGIN
from channels.ticks import TickPayer
from channels.ticks.errors import FoldTooLate, TicksOver
from channels.ticks.opening import TicksOpening
from tests.channels.shells.ticking.conftest import signed

Tick = Callable[[TickPayer, TillMeter, int], None]
NewTill = Callable[..., Payee]
LAG = timedelta(seconds=300)
ENDS = (MARGIN + LAG) // timedelta(seconds=1)


@pytest.fixture
def ticks(chain: LocalChain, wallet: Payer, lane: WalletLane, usdc: Token) -> TickPayer:
    """For 3,000 seconds."""
    return wallet.ticks(lane, each=usdc("0.001"), count=2_000, expiry=Seconds(chain.now() + 3_000))


def expiry_of(ticks: TickPayer) -> int:
    assert ticks.opening.promise is not None
    return ticks.opening.promise.expiry


@pytest.mark.parametrize("later", [-100, 10])
def test_a_late_fold_takes_no_recorded_tick_away(
    wallet: Payer,
    till: Payee,
    ticks: TickPayer,
    meter: TillMeter,
    tick: Tick,
    travel: Callable[[int], None],
    usdc: Token,
    later: int,
) -> None:
    """It holds one tick of ten, and promises the rest until a second that is too near, or over."""
    tick(ticks, meter, 10)
    (again,) = wallet.ticks_left(meter.key[0])
    next(again)
    travel(expiry_of(ticks) - MARGIN // timedelta(seconds=1))
    steps = [step for step in till.next_steps() if isinstance(step, Submit) and isinstance(step.action, Record)]
    till.submit(steps)
    travel(expiry_of(ticks) + later)
    with pytest.raises(FoldTooLate):
        meter.fold(wallet.fold_ticks(again))
    assert till.claim().paid == (usdc("0.01"),)


def test_a_fold_of_every_tick_or_with_time_enough_is_never_too_late(
    wallet: Payer, ticks: TickPayer, meter: TillMeter, tick: Tick, travel: Callable[[int], None]
) -> None:
    tick(ticks, meter, 10)
    travel(expiry_of(ticks) - ENDS)
    meter.fold(wallet.fold_ticks(ticks))
    assert meter.reading.position == meter.opening.ticks.position == 10
    next(ticks)
    meter.fold(wallet.fold_ticks(ticks, Seconds(expiry_of(ticks) + 1)))
    assert meter.tick(next(ticks)) == 2, "the one that the fold brought, too"


@pytest.mark.parametrize(("max_lag", "lag"), [(300, 290), (60, 50)])
def test_no_tick_is_taken_that_a_node_which_lags_shows_too_early(
    chain: LocalChain,
    new_till: NewTill,
    ticks: TickPayer,
    tick: Tick,
    travel: Callable[[int], None],
    clock: Any,
    max_lag: int,
    lag: int,
) -> None:
    """The till's clock is right; the last tick that its node lets it take comes before the margin, in truth."""
    till = new_till(max_lag=timedelta(seconds=max_lag))
    meter, margin = till.meter(ticks.opening), MARGIN // timedelta(seconds=1)
    last = expiry_of(ticks) - margin - max_lag - 1
    chain.travel(to=Seconds(last))
    clock.now = float(last + lag)
    tick(ticks, meter, 1)
    assert clock.now < expiry_of(ticks) - margin
    chain.travel(to=Seconds(last + 1))
    clock.now += 1.0
    with pytest.raises(TicksOver):
        meter.tick(next(ticks))


def test_no_fold_promises_its_ticks_for_longer_than_a_close_leaves_time_to_record_them(
    chain: LocalChain,
    wallet: Payer,
    till: Payee,
    ticks: TickPayer,
    meter: TillMeter,
    tick: Tick,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Both windows, less what a node may lag and two transactions may take, as for a promise that is new."""
    monkeypatch.setattr(wallet, "_require_in_time", lambda channel, expiry: None)  # The payer's own check.
    tick(ticks, meter, 10)
    last = Seconds(chain.now() + 2 * 3_600 - ENDS)
    meter.fold(wallet.fold_ticks(ticks, last))
    tick(ticks, meter, 1)
    for take in (meter.fold, till.meter):
        later = wallet.fold_ticks(ticks, Seconds(last + 1))
        with pytest.raises(ExpiryTooLate) as caught:
            take(later)
        assert caught.value.facts == {"expiry": last + 1, "latest": last}
    assert meter.opening.promise in till.promises(meter.key[0])
    assert (meter.opening.ticks.position, meter.reading.position) == (10, 11)


def test_a_fold_brings_no_other_promise_that_would_not_be_accepted(
    chain: LocalChain, wallet: Payer, new_till: NewTill, lane: WalletLane, ticks: TickPayer, tick: Tick
) -> None:
    till = new_till(conditions=[chain.address_of("HashChain")])
    meter = till.meter(ticks.opening)
    tick(ticks, meter, 1)
    fold = wallet.fold_ticks(ticks)
    (own,) = fold.voucher.promises
    foreign = replace(own, condition=chain.address_of("HashLock"))
    with_both = signed(wallet, lane, fold.cumulative_amount, own, foreign)
    with pytest.raises(ConditionRefused):
        meter.fold(TicksOpening(voucher=with_both, ticks=fold.ticks))
    assert meter.fold(fold).accepted == till.accept(fold.voucher).accepted


def test_a_fold_of_a_channel_to_somebody_else_leaves_nothing_in_the_store(
    wallet: Payer, till: Payee, meter: TillMeter, funded: Callable[[], Signer], usdc: Token
) -> None:
    others = wallet.open(funded().address, usdc("1"), timedelta(hours=1))
    with pytest.raises(NotPayee):
        meter.fold(wallet.ticks(others, each=usdc("0.001"), count=10).opening)
    assert [lane.id for lane in till.lanes()] == [meter.key[0]]


def test_ticks_that_are_promised_for_too_long_leave_no_meter(
    chain: LocalChain, wallet: Payer, till: Payee, lane: WalletLane, usdc: Token
) -> None:
    too_long = Seconds(chain.now() + 2 * 3_600 - ENDS + 1)
    with pytest.raises(ExpiryTooLate):
        till.meter(wallet.ticks(lane, each=usdc("0.001"), count=10, expiry=too_long).opening)
    assert till._till.meters(lane.id) == []
