"""A lane whose payee is off line ends with what its newest message is worth; between any two steps the tower dies."""

from collections.abc import Callable

import pytest

from chain import LocalChain, Signer, Token
from chain.keccak import keccak
from channels import Lanes, Payee, Payer, WalletLane
from channels.settlement import ClaimTogether, Record
from channels.ticks import TickPayer
from escrow.conditions import hash_lock
from tests.channels.watchtower.towers import Host, actions

PREIMAGE = b"\7" * 32
LOCK = hash_lock(keccak=keccak(PREIMAGE))


def guard(host: Host, till: Payee, lane: WalletLane, at: int = 1) -> bool:
    job = till.job(lane, at)
    assert job is not None
    return host.take(job)


def test_a_stale_close_is_answered_by_the_newest_voucher(
    chain: LocalChain, wallet: Payer, till: Payee, lane: WalletLane, shop: Signer, usdc: Token, host: Host
) -> None:
    till.accept(wallet.pay(lane, usdc("1")))
    till.claim()
    till.accept(wallet.pay(lane, usdc("6")))
    assert guard(host, till, lane)
    assert host.live(chain.now() + 7_200) == [], "an open lane is left in peace"

    closes_at = wallet.request_close(lane).closes_at
    (done,) = host.live(closes_at)
    assert done.action == ClaimTogether((lane.id,))
    assert chain.balance(usdc, shop.address) == usdc("1007")
    wallet.withdraw(lane)
    host.live(closes_at + 1_000)
    assert host.tower.store.totals()[0] == 0, "the final chain says that it is over"


def test_what_preimages_prove_is_recorded_and_claimed(
    chain: LocalChain, wallet: Payer, till: Payee, lane: WalletLane, shop: Signer, usdc: Token, host: Host
) -> None:
    till.accept(wallet.pay(lane, usdc("1")))
    till.accept(wallet.promise(lane, usdc("2"), LOCK, chain.after(minutes=50)))
    (promise,) = till.promises(lane)
    till.prove(lane, promise, LOCK, PREIMAGE)
    guard(host, till, lane)

    closes_at = wallet.request_close(lane).closes_at
    done = host.live(closes_at)
    assert actions(done) == ["Record", "ClaimPromised"]
    assert chain.balance(usdc, shop.address) == usdc("1003")


def test_a_promise_that_can_still_be_proven_is_reserved_for(
    chain: LocalChain, wallet: Payer, till: Payee, lane: WalletLane, shop: Signer, usdc: Token, host: Host
) -> None:
    """The payee comes back after the window, with its preimage, and hands that to the tower alone."""
    till.accept(wallet.pay(lane, usdc("1")))
    till.accept(wallet.promise(lane, usdc("2"), LOCK, chain.after(minutes=100)))
    guard(host, till, lane)
    closes_at = wallet.request_close(lane).closes_at
    assert actions(host.live(closes_at + 60)) == ["ClaimPromised"]
    wallet.withdraw(lane)

    (promise,) = till.promises(lane)
    till.prove(lane, promise, LOCK, PREIMAGE)
    guard(host, till, lane, at=2)
    assert actions(host.live(closes_at + 600)) == ["Record", "CollectReserve"]
    assert chain.balance(usdc, shop.address) == usdc("1003")


def test_ticks_are_claimed_by_their_newest_tip(
    chain: LocalChain, wallet: Payer, till: Payee, lane: WalletLane, shop: Signer, usdc: Token, host: Host
) -> None:
    ticks: TickPayer = wallet.ticks(lane, each=usdc("0.01"), count=500, expiry=chain.after(minutes=50))
    meter = till.meter(ticks.opening)
    for at in range(1, 4):
        for _ in range(10):
            meter.tick(next(ticks))
        assert guard(host, till, lane, at)

    closes_at = wallet.request_close(lane).closes_at
    assert actions(host.live(closes_at)) == ["Record", "ClaimPromised"]
    assert chain.balance(usdc, shop.address) == usdc("1000.30")


def test_a_promise_that_expires_in_an_open_lane_is_recorded_before(
    chain: LocalChain, wallet: Payer, till: Payee, lane: WalletLane, shop: Signer, usdc: Token, host: Host
) -> None:
    till.accept(wallet.promise(lane, usdc("2"), LOCK, chain.after(minutes=30)))
    (promise,) = till.promises(lane)
    till.prove(lane, promise, LOCK, PREIMAGE)
    guard(host, till, lane)

    (done,) = host.live(promise.expiry + 60)
    assert done.action == Record(lane.id, 0, promise.struct_hash())
    assert Lanes(chain, shop).recorded(lane.channel, 0, promise) == usdc("2")
    assert chain.balance(usdc, shop.address) == usdc("1000"), "it claims nothing that nobody threatens"


@pytest.mark.parametrize("newest_first", [True, False])
def test_only_the_newest_of_several_jobs_counts(
    chain: LocalChain,
    wallet: Payer,
    till: Payee,
    lane: WalletLane,
    shop: Signer,
    usdc: Token,
    host: Host,
    newest_first: bool,
) -> None:
    jobs = []
    for at in range(1, 6):
        till.accept(wallet.pay(lane, usdc("1")))
        jobs.append(till.job(lane, at))
    for job in reversed(jobs) if newest_first else jobs:
        assert job is not None
        host.take(job)
    assert host.tower.store.totals()[0] == 1

    host.live(wallet.request_close(lane).closes_at)
    assert chain.balance(usdc, shop.address) == usdc("1005")


def test_of_two_towers_the_second_sends_nothing(
    chain: LocalChain,
    wallet: Payer,
    till: Payee,
    lane: WalletLane,
    shop: Signer,
    usdc: Token,
    host: Host,
    new_host: Callable[..., Host],
) -> None:
    till.accept(wallet.pay(lane, usdc("4")))
    other = new_host("other")
    guard(host, till, lane)
    guard(other, till, lane)
    before = chain.balance(chain.native, other.signer.address)

    closes_at = wallet.request_close(lane).closes_at
    host.tower.touch([lane.id])
    other.tower.touch([lane.id])
    late = other.wait(other.tower.plan(chain.now()))
    assert actions(host.step()) == ["ClaimTogether"]
    assert late, "it had planned the same"
    (done,) = other.wait(other.carry_out(late))
    assert done.receipts == ()
    assert "AmountNotIncreasing" in done.why
    assert other.live(closes_at) == []
    assert chain.balance(chain.native, other.signer.address) == before
    assert chain.balance(usdc, shop.address) == usdc("1004")
