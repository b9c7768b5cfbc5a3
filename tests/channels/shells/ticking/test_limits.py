"""Ticks are at risk as vouchers are: one channel's, and those of all, whichever process has counted them."""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

import pytest

from chain import Chain, LocalChain, Signer, Token
from chain.finality import Finality
from channels import Limits, Payee, Payer, WalletLane
from channels.exposure import OverLimit
from channels.sync.meter import TillMeter
from channels.ticks import TickPayer, TicksOpening
from tests.channels.shells.ticking.conftest import signed

Tick = Callable[[TickPayer, TillMeter, int], None]
NewTill = Callable[..., Payee]


def test_ticks_are_at_risk_as_vouchers_are(
    wallet: Payer, new_till: NewTill, lane: WalletLane, usdc: Token, tick: Tick
) -> None:
    """0.5 are accepted, and 1.5 may be at risk: of two chains' ticks 1 more, skipped ones included."""
    till = new_till(limits=Limits(at_risk_per_channel=usdc("1.5")))
    till.accept(wallet.pay(lane, usdc("0.5")))
    one, other = (wallet.ticks(lane, each=usdc("0.1"), count=20) for _ in range(2))
    meters = till.meter(one.opening), till.meter(other.opening)
    tick(one, meters[0], 6)
    tick(other, meters[1], 3)
    late = [next(other) for _ in range(2)]
    with pytest.raises(OverLimit) as caught:
        meters[1].tick(late[1])
    assert caught.value.facts == {"limit_name": "at_risk_per_channel", "would_be": 1_600_000, "limit": 1_500_000}
    assert meters[1].tick(late[0]) == 1
    for meter, tip in ((meters[0], next(one)), (meters[1], late[1])):
        with pytest.raises(OverLimit):
            meter.tick(tip)
    fold = wallet.fold_ticks(one)
    with pytest.raises(OverLimit):
        meters[0].fold(fold)
    till.claim()
    assert meters[0].fold(fold).added == usdc("0.7"), "six that are counted already, and the seventh"
    assert meters[1].tick(late[1]) == 1


def test_ticks_that_a_plain_voucher_has_paid_are_at_risk_once(
    wallet: Payer, new_till: NewTill, lane: WalletLane, usdc: Token, tick: Tick
) -> None:
    """In its amount; and so they are where a meter is begun anew from the store."""
    till = new_till(limits=Limits(at_risk_per_channel=usdc("1")))
    paid = wallet.ticks(lane, each=usdc("0.1"), count=5)
    tick(paid, till.meter(paid.opening), 5)
    till.accept(wallet.fold_ticks(paid).voucher)
    more = wallet.ticks(lane, each=usdc("0.1"), count=6)
    tick(more, till.meter(more.opening), 5)
    with pytest.raises(OverLimit):
        till.meter(more.opening).tick(next(more))


def test_the_most_that_may_be_skipped_is_at_risk_with_the_tick(
    wallet: Payer, new_till: NewTill, lane: WalletLane, usdc: Token
) -> None:
    """Two are skipped, and half a tick is too much."""
    till = new_till(limits=Limits(at_risk_per_channel=usdc("0.25")))
    ticks = wallet.ticks(lane, each=usdc("0.1"), count=20)
    meter = till.meter(ticks.opening, jump=2)
    tips = [next(ticks) for _ in range(3)]
    with pytest.raises(OverLimit):
        meter.tick(tips[2])
    assert meter.tick(tips[1]) == 2


@pytest.mark.parametrize("every", [1, 100])
@pytest.mark.parametrize("late", [0, 2])
def test_a_fold_brings_no_more_at_risk_than_it_was_before(
    wallet: Payer, new_till: NewTill, lane: WalletLane, usdc: Token, tick: Tick, late: int, every: int
) -> None:
    """The ticks that it holds are counted already, and so are those that came after it; a payment with it is not."""
    till = new_till(limits=Limits(at_risk=usdc("0.5")))
    ticks = wallet.ticks(lane, each=usdc("0.1"), count=20)
    meter = till.meter(ticks.opening, every=every)
    tick(ticks, meter, 5 - late)
    plain = wallet.fold_ticks(ticks)
    wallet.pay(lane, usdc("0.01"))
    richer = TicksOpening(voucher=signed(wallet, lane, plain.cumulative_amount + 1, plain.promise), ticks=plain.ticks)
    tick(ticks, meter, late)
    with pytest.raises(OverLimit):
        meter.fold(richer)
    assert meter.unfolded == usdc("0.5")
    meter.fold(plain)
    assert meter.unfolded == usdc.units(100_000 * late)


def test_a_limit_in_all_counts_what_comes_with_a_fold(
    wallet: Payer, new_till: NewTill, lane: WalletLane, shop: Signer, usdc: Token, tick: Tick, clock: Any
) -> None:
    """Ticks that were counted are folded all the same; a payment beside them is refused as by `accept`."""
    till = new_till(limits=Limits(at_risk=usdc("3")))
    ticks = wallet.ticks(lane, each=usdc("0.01"), count=10)
    meter = till.meter(ticks.opening)
    tick(ticks, meter, 5)
    other = wallet.open(shop.address, usdc("5"), timedelta(hours=1), salt=1)
    till.accept(wallet.pay(other, usdc("2.9")))
    plain = wallet.fold_ticks(ticks)
    wallet.pay(lane, usdc("0.06"))
    richer = TicksOpening(
        voucher=signed(wallet, lane, plain.cumulative_amount + 50_001, plain.promise), ticks=plain.ticks
    )
    with pytest.raises(OverLimit) as caught:
        meter.fold(richer)
    assert caught.value.facts == {"limit_name": "at_risk", "would_be": 3_000_001, "limit": 3_000_000}
    till.accept(wallet.pay(other, usdc("0.1")))
    meter.fold(plain)
    late = next(ticks)
    with pytest.raises(OverLimit):
        meter.tick(late)
    till.claim(other)
    clock.now += 1.0
    assert meter.tick(late) == 1


def test_a_limit_of_what_is_unconfirmed_in_all_counts_what_comes_with_a_fold(
    served: LocalChain, tick: Tick, ends: ExitStack
) -> None:
    ann, shop, usdc = Signer.generate(), Signer.generate(), served.token("USDC")
    for signer in (ann, shop):
        served.fund(signer.address)
    chain = ends.enter_context(
        Chain.connect(served.network, [served.serve()], finality=Finality.confirmations(50)),
    )
    served.mine(50)  # The contract is final, the deposits are not.
    wallet = ends.enter_context(Payer(served, ann, ":memory:"))
    limits = Limits(unconfirmed=usdc("3"))
    till = ends.enter_context(Payee(chain, shop, ":memory:", limits=limits, clock=lambda: float(served.now())))
    lane, other = (wallet.open(shop.address, usdc("5"), timedelta(hours=1), salt=salt) for salt in range(2))
    ticks = wallet.ticks(lane, each=usdc("0.01"), count=10)
    meter = till.meter(ticks.opening)
    tick(ticks, meter, 5)
    till.accept(wallet.pay(other, usdc("2.9")))
    plain = wallet.fold_ticks(ticks)
    wallet.pay(lane, usdc("0.06"))
    beside = signed(wallet, lane, plain.cumulative_amount + 50_001, plain.promise)
    with pytest.raises(OverLimit) as caught:
        meter.fold(TicksOpening(voucher=beside, ticks=plain.ticks))
    assert caught.value.facts == {"limit_name": "unconfirmed", "would_be": 3_000_001, "limit": 3_000_000}
    assert meter.fold(plain).accepted == usdc("0.05")


def test_ticks_that_another_process_has_counted_are_at_risk_too(
    wallet: Payer, new_till: NewTill, lane: WalletLane, usdc: Token, tick: Tick, clock: Any
) -> None:
    tills = [new_till(limits=Limits(at_risk_per_channel=usdc("1"))) for _ in range(2)]
    chains = [wallet.ticks(lane, each=usdc("0.1"), count=20) for _ in range(2)]
    meters = [till.meter(one.opening) for till, one in zip(tills, chains, strict=True)]
    tick(chains[0], meters[0], 7)
    tick(chains[1], meters[1], 3)
    for one, meter in zip(chains, meters, strict=True):
        clock.now += 1.0
        with pytest.raises(OverLimit):
            meter.tick(next(one))
    fold = wallet.fold_ticks(chains[1])
    with pytest.raises(OverLimit):
        meters[1].fold(fold)
