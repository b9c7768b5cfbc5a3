"""A voucher that leaves the ticks' promise out, by any way but the meter's fold: what was served is no credit."""

from collections.abc import Callable

import pytest

from chain import LocalChain, Token
from chain.units import Seconds
from channels import Payee, Payer, WalletLane
from channels.errors import NotEnough
from channels.promise_errors import UnknownPromise
from channels.stores.book import MeterRow
from channels.sync.meter import TillMeter
from channels.ticks import TickPayer

Tick = Callable[[TickPayer, TillMeter, int], None]
COUNT = 200


@pytest.fixture
def ticks(wallet: Payer, lane: WalletLane, usdc: Token) -> TickPayer:
    """200 ticks of 0.001 USDC."""
    return wallet.ticks(lane, each=usdc("0.001"), count=COUNT)


@pytest.mark.parametrize("every", [1, 512])
def test_ticks_that_a_plain_voucher_has_paid_are_delivered_with_it(
    wallet: Payer, till: Payee, lane: WalletLane, ticks: TickPayer, tick: Tick, usdc: Token, every: int
) -> None:
    """The fold's voucher is handed to `accept`; of what was not written at once, too."""
    meter = till.meter(ticks.opening, every=every)
    tick(ticks, meter, COUNT)
    credit = till.accept(wallet.fold_ticks(ticks).voucher)
    assert (credit.added, credit.left) == (usdc("0.2"), usdc("0"))
    with pytest.raises(NotEnough):
        till.deliver(lane, usdc("0.000001"), "goods")
    assert till.books()[usdc].delivered == usdc("0.2")
    till.close(lane)
    till.ledger()


def test_what_is_paid_beyond_the_ticks_is_credit(
    wallet: Payer, till: Payee, lane: WalletLane, ticks: TickPayer, meter: TillMeter, tick: Tick, usdc: Token
) -> None:
    """150 were served before, so the payer has a right to 50 and a payment; and no tick of the promise counts more."""
    tick(ticks, meter, 150)
    for _ in range(COUNT - 150):
        next(ticks)
    wallet.fold_ticks(ticks)
    credit = till.accept(wallet.pay(lane, usdc("1")))
    assert (credit.added, credit.left) == (usdc("1.2"), usdc("1.05"))
    with pytest.raises(UnknownPromise):
        meter.tick(ticks.again(151))
    till.deliver(lane, usdc("1.05"), "goods")
    with pytest.raises(NotEnough):
        till.deliver(lane, usdc("0.000001"), "more goods")


def test_an_opening_may_leave_out_what_has_lapsed(
    chain: LocalChain, wallet: Payer, till: Payee, lane: WalletLane, usdc: Token, travel: Callable[[int], None]
) -> None:
    expiry = chain.after(minutes=20)
    lapsing = wallet.ticks(lane, each=usdc("0.001"), count=10, expiry=expiry).opening
    till.meter(lapsing)
    travel(expiry)
    (promise,) = lapsing.voucher.promises
    wallet.drop(lane, promise)
    assert till.meter(wallet.ticks(lane, each=usdc("0.001"), count=10).opening).accepted == usdc("0")
    assert promise not in till.promises(lane)


@pytest.mark.parametrize("claims", [False, True])
def test_recorded_ticks_of_a_promise_that_has_lapsed_are_delivered_once(
    chain: LocalChain,
    wallet: Payer,
    till: Payee,
    lane: WalletLane,
    usdc: Token,
    tick: Tick,
    travel: Callable[[int], None],
    claims: bool,
) -> None:
    expiry = Seconds(chain.now() + 3_000)
    ticks = wallet.ticks(lane, each=usdc("0.001"), count=COUNT, expiry=expiry)
    promise = ticks.opening.promise
    assert promise is not None
    tick(ticks, till.meter(ticks.opening), 100)
    till.record(lane, promise)
    if claims:
        till.claim()
        wallet.show(lane)
    travel(expiry)
    credit = till.accept(wallet.fold_recorded(lane, promise))
    assert (credit.accepted, credit.left) == (usdc("0.1"), usdc("0"))
    assert till.accept(wallet.pay(lane, usdc("1"))).left == usdc("1")
    assert till.books()[usdc].delivered == usdc("0.1")


def test_another_meters_fold_that_pays_a_promise_in_full_delivers_its_ticks(
    wallet: Payer, till: Payee, lane: WalletLane, ticks: TickPayer, meter: TillMeter, tick: Tick, usdc: Token
) -> None:
    other = wallet.ticks(lane, each=usdc("0.01"), count=10)
    other_meter = till.meter(other.opening)
    tick(other, other_meter, 10)
    tick(ticks, meter, 5)
    wallet.fold_ticks(other)
    credit = meter.fold(wallet.fold_ticks(ticks))
    assert (credit.accepted, credit.left) == (usdc("0.105"), usdc("0"))
    assert till.books()[usdc].delivered == usdc("0.105")


def test_ticks_that_are_answered_while_the_voucher_comes_are_delivered_when_they_are_written(
    monkeypatch: pytest.MonkeyPatch,
    wallet: Payer,
    till: Payee,
    lane: WalletLane,
    ticks: TickPayer,
    tick: Tick,
    usdc: Token,
) -> None:
    meter = till.meter(ticks.opening, every=512)
    tick(ticks, meter, 150)
    late = [next(ticks) for _ in range(COUNT - 150)]
    paid, keep = wallet.fold_ticks(ticks).voucher, till._till.keep

    def slowly(*arguments: object) -> object:
        for tip in late:
            assert meter.tick(tip) == 1
        return keep(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(till._till, "keep", slowly)
    assert till.accept(paid).left == usdc("0.05")
    meter.flush()
    with pytest.raises(NotEnough):
        till.deliver(lane, usdc("0.000001"), "goods")


def test_a_voucher_that_carries_every_promise_looks_at_no_meter(
    monkeypatch: pytest.MonkeyPatch, wallet: Payer, till: Payee, lane: WalletLane, meter: TillMeter, usdc: Token
) -> None:
    def never(*_: object) -> list[MeterRow]:
        raise AssertionError

    monkeypatch.setattr(till._till, "_meters", never)
    till.accept(wallet.pay(lane, usdc("1")))
