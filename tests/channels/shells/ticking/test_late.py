"""The end of a promise: no tick is counted that can't be recorded, and none is given away that is."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from chain import LocalChain, Token
from chain.units import Seconds
from channels import Payee, Payer, WalletLane
from channels.settlement import Record, Submit
from channels.sync.meter import TillMeter
from channels.sync.payee_ticking import MARGIN
from channels.ticks import TickPayer
from channels.ticks.errors import FoldTooLate, TicksOver

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
