"""A payer may record and claim its own ticks: their money buys goods or is what they are shown for, never both."""

from collections.abc import Callable

import pytest

from chain import LocalChain, Token
from chain.hash_chain import condition_proof
from chain.units import Hash32, Seconds
from channels import Lanes, Payee, Payer, Promise, WalletLane
from channels.promise_errors import PromisesOpen
from channels.sync.meter import TillMeter
from channels.ticks import TickPayer
from channels.ticks.opening import TicksOpening
from tests.channels.shells.ticking.conftest import signed


def promise_of(ticks: TickPayer) -> Promise:
    assert ticks.opening.promise is not None
    return ticks.opening.promise


def settled(chain: LocalChain, wallet: Payer, lane: WalletLane, ticks: TickPayer, tip: Hash32, count: int) -> None:
    """By the payer, before the payee has seen any of them."""
    lanes = Lanes(chain, wallet.signer)
    lanes.record(lane.channel, 0, promise_of(ticks), ticks.opening.ticks.data, condition_proof(tip, count))


def test_of_two_processes_one_sells_goods_and_the_other_counts_no_ticks_for_them(
    chain: LocalChain,
    wallet: Payer,
    till: Payee,
    new_till: Callable[[], Payee],
    lane: WalletLane,
    ticks: TickPayer,
    meter: TillMeter,
    usdc: Token,
) -> None:
    meter.tick(next(ticks))
    tips, other = [next(ticks) for _ in range(200)], new_till()
    settled(chain, wallet, lane, ticks, tips[-1], 201)
    Lanes(chain, wallet.signer).claim(ticks.opening.voucher)
    bought = other.show(lane).settled - meter.accepted
    other.deliver(lane, bought, "goods")

    with pytest.raises(PromisesOpen):
        meter.tick(tips[0])
    assert meter.accepted == till.show(lane).settled - bought


def test_ticks_that_an_amount_has_explain_no_others(
    chain: LocalChain,
    wallet: Payer,
    till: Payee,
    lane: WalletLane,
    usdc: Token,
    tick: Callable[[TickPayer, TillMeter, int], None],
) -> None:
    older = wallet.ticks(lane, each=usdc("0.001"), count=100)
    tick(older, till.meter(older.opening), 100)
    newer = wallet.ticks(lane, each=usdc("0.001"), count=100)
    voucher = signed(wallet, lane, usdc("0.1").units, promise_of(newer))
    till.accept(voucher)
    meter = till.meter(TicksOpening(voucher=voucher, ticks=newer.opening.ticks))
    tips = [next(newer) for _ in range(100)]
    settled(chain, wallet, lane, newer, tips[-1], 100)
    Lanes(chain, wallet.signer).claim(voucher)
    assert till.show(lane).settled == usdc("0.2")
    till.deliver(lane, usdc("0.1"), "goods")

    with pytest.raises(PromisesOpen):
        meter.tick(tips[0])


def test_ticks_of_a_lapsed_promise_take_nothing_of_the_next_one_s(
    chain: LocalChain,
    wallet: Payer,
    till: Payee,
    lane: WalletLane,
    usdc: Token,
    tick: Callable[[TickPayer, TillMeter, int], None],
    travel: Callable[[int], None],
) -> None:
    expiry = Seconds(chain.now() + 3_000)
    lapsing = wallet.ticks(lane, each=usdc("0.001"), count=200, expiry=expiry)
    tick(lapsing, till.meter(lapsing.opening), 100)
    travel(expiry)
    till.accept(wallet.drop(lane, promise_of(lapsing)))
    ticks = wallet.ticks(lane, each=usdc("0.001"), count=1_000)
    meter = till.meter(ticks.opening)
    tick(ticks, meter, 200)
    till.record(lane, promise_of(ticks))
    till.claim()
    wallet.show(lane)

    assert meter.tick(next(ticks)) == 1
    meter.fold(wallet.fold_ticks(ticks))
    assert (till.show(lane).settled, till.show(lane).delivered) == (usdc("0.2"), usdc("0.201"))
