"""Served ticks are delivered once, whatever comes first: a settlement, a late fold, vouchers that leave them out."""

from collections.abc import Callable

import pytest

from chain import LocalChain, Token
from chain.units import Seconds
from channels import Lanes, MemoryStore, Payee, Payer, WalletLane
from channels.sync.meter import TillMeter
from channels.ticks import TickPayer, TicksOpening

Tick = Callable[[TickPayer, TillMeter, int], None]


def test_one_voucher_that_leaves_two_chains_out_delivers_both(
    wallet: Payer, till: Payee, lane: WalletLane, usdc: Token, tick: Tick
) -> None:
    chains = [wallet.ticks(lane, each=usdc(each), count=10) for each in ("0.001", "0.01")]
    for ticks in chains:
        tick(ticks, till.meter(ticks.opening), 10)
    paid = [wallet.fold_ticks(ticks).voucher for ticks in chains]
    credit = till.accept(paid[-1])
    assert (credit.accepted, credit.left) == (usdc("0.11"), usdc("0"))
    assert till.show(lane).delivered == usdc("0.11")
    assert sorted(row.served for row in till._till.meters(lane.id)) == [10_000, 100_000]


def test_a_fold_that_holds_less_than_is_settled_delivers_nothing_yet(
    wallet: Payer, till: Payee, lane: WalletLane, ticks: TickPayer, meter: TillMeter, tick: Tick, usdc: Token
) -> None:
    """50 are folded, with a payment, when 100 are recorded and claimed already."""
    tick(ticks, meter, 50)
    fold = wallet.fold_ticks(ticks)
    paid = TicksOpening(voucher=wallet.pay(lane, usdc("1")), ticks=fold.ticks)
    tick(ticks, meter, 50)
    (promise,) = till.promises(lane)
    till.record(lane, promise)
    till.claim()
    assert till.show(lane).delivered == usdc("0.1")
    credit = meter.fold(paid)
    assert (credit.accepted, credit.left) == (usdc("1.05"), usdc("0.95"))
    tick(ticks, meter, 20)
    assert meter.fold(wallet.fold_ticks(ticks)).left == usdc("1")
    assert till.show(lane).delivered == usdc("0.12")


def test_a_close_goes_on_where_somebody_else_has_recorded_the_ticks(
    chain: LocalChain,
    wallet: Payer,
    till: Payee,
    lane: WalletLane,
    ticks: TickPayer,
    meter: TillMeter,
    tick: Tick,
    usdc: Token,
) -> None:
    tick(ticks, meter, 10)
    proof = meter.proof
    assert proof is not None
    Lanes(chain, wallet.signer).record(lane.channel, 0, proof.promise, proof.data, proof.proof)
    till.close(lane)
    assert chain.balance(usdc, lane.channel.payee) == usdc("1000.01")
    assert till.books()[usdc].delivered == usdc("0.01")


@pytest.mark.parametrize("taken", ["accepted", "accepted in memory", "folded"])
def test_of_what_has_lapsed_no_more_is_delivered_than_is_recorded(
    chain: LocalChain,
    wallet: Payer,
    new_till: Callable[..., Payee],
    lane: WalletLane,
    usdc: Token,
    tick: Tick,
    travel: Callable[[int], None],
    taken: str,
) -> None:
    """Of 150 ticks 100 are recorded before they expire; a payment beside them is for goods."""
    till = new_till(store=MemoryStore()) if taken == "accepted in memory" else new_till()
    expiry = Seconds(chain.now() + 3_000)
    ticks, others = (wallet.ticks(lane, each=usdc("0.001"), count=200, expiry=at) for at in (expiry, None))
    tick(ticks, meter := till.meter(ticks.opening), 100)
    tick(others, others_meter := till.meter(others.opening), 5)
    promise = ticks.opening.promise
    assert promise is not None
    till.record(lane, promise)
    tick(ticks, meter, 50)
    travel(expiry)
    till.accept(wallet.pay(lane, usdc("0.5")))
    wallet.fold_recorded(lane, promise)
    paid = wallet.pay(lane, usdc("0.06"))
    credit = others_meter.fold(wallet.fold_ticks(others)) if taken == "folded" else till.accept(paid)
    delivered = usdc("0.105" if taken == "folded" else "0.1")
    assert (credit.accepted - delivered, till.show(lane).delivered) == (usdc("0.56"), delivered)
