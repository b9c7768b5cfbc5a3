"""Strangers choose tokens, conditions and moments: it costs them alone, and the tower no more than its quota."""

import asyncio
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from chain import LocalChain, Signer, Token
from chain.errors import NodeRefused
from chain.keccak import keccak
from chain.units import Amount, Seconds
from channels import Lanes, Payee, Payer, WalletLane
from channels.errors import TokenRefused
from channels.watchtower import Quota
from escrow.conditions import hash_lock
from tests.channels.hostile import BURNS_IN_BLOCKS, RELEASES_IN_SIMULATIONS, another_token
from tests.channels.watchtower.test_intake import job_of
from tests.channels.watchtower.towers import POLICY, Host, actions

HOUR = timedelta(hours=1)
PREIMAGE = b"\7" * 32
LOCK = hash_lock(keccak=keccak(PREIMAGE))
NewHost = Callable[..., Host]


def acts(host: Host) -> list[int]:
    return [shown.acts for shown in host.tower.store.shown()]


@pytest.fixture
def strange(chain: LocalChain, ann: Signer) -> Token:
    token = another_token(chain, ann)
    chain.send(ann, "TestToken", "mint", ann.address, 10**9, at=token.address)
    return token


def test_a_strangers_token_delays_nobody_elses_claim(
    chain: LocalChain,
    wallet: Payer,
    till: Payee,
    lane: WalletLane,
    shop: Signer,
    funded: Callable[[], Signer],
    usdc: Token,
    strange: Token,
    new_host: NewHost,
    tmp_path: Path,
    ends: ExitStack,
) -> None:
    """Three strangers' lanes close together with a client's; a batch of them would pass its simulation, and fail."""
    host = new_host(quota=Quota(deposits={strange.address: Amount(1)}), outbox=tmp_path / "outbox.db")
    till.accept(wallet.pay(lane, usdc("6")))
    host.take(job_of(till, lane))
    for number in range(3):
        other = ends.enter_context(Payee(chain, funded(), tmp_path / f"till{number}.db", tokens=[strange]))
        theirs = wallet.open(other.signer.address, strange("10"), HOUR)
        other.accept(wallet.pay(theirs, strange("9")))
        host.take(job_of(other, theirs))
        wallet.request_close(theirs)
    wallet.request_close(lane)
    host.wait(host.wire.token(strange.address))
    chain.set_code(strange.address, BURNS_IN_BLOCKS)

    assert actions(host.step()) == ["ClaimTogether"] * 4
    assert chain.balance(usdc, shop.address) == usdc("1006")


def test_a_token_that_nobody_has_named_is_not_guarded(
    wallet: Payer, new_till: Callable[..., Payee], shop: Signer, strange: Token, host: Host
) -> None:
    till = new_till(tokens=[strange])
    lane = wallet.open(shop.address, strange("10"), HOUR)
    till.accept(wallet.pay(lane, strange("1")))
    with pytest.raises(TokenRefused):
        host.take(job_of(till, lane))
    assert host.tower.store.totals()[0] == 0


def test_transactions_that_revert_are_counted_and_leave_some_for_the_end(
    chain: LocalChain,
    wallet: Payer,
    till: Payee,
    lane: WalletLane,
    shop: Signer,
    usdc: Token,
    new_host: NewHost,
    tmp_path: Path,
) -> None:
    """The condition releases in simulations alone, so that each record is paid for and brings nothing."""
    host = new_host(quota=Quota(acts=12), outbox=tmp_path / "outbox.db")
    till.accept(wallet.pay(lane, usdc("1")))
    till.accept(wallet.promise(lane, usdc("2"), LOCK, chain.after(minutes=59)))
    (promise,) = till.promises(lane)
    till.prove(lane, promise, LOCK, PREIMAGE)
    assert host.take(job_of(till, lane))
    chain.set_code(promise.condition, RELEASES_IN_SIMULATIONS)

    closes_at, done = wallet.request_close(lane).closes_at, list[str]()
    while chain.now() < closes_at:
        host.tower.touch([lane.id])
        done += actions(host.step())
        chain.travel(to=Seconds(min(chain.now() + 150, closes_at)))
    assert done == ["Record"] * 4 + ["ClaimPromised"]
    assert acts(host) == [5]
    assert chain._node.nonce(host.signer.address) == 5
    assert chain.balance(usdc, shop.address) == usdc("1001")


def test_what_is_signed_is_counted_on_disk_before(
    wallet: Payer, till: Payee, lane: WalletLane, usdc: Token, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    till.accept(wallet.pay(lane, usdc("6")))
    host.take(job_of(till, lane))
    wallet.request_close(lane)
    signs, counted = Signer.sign_transaction, list[list[int]]()

    def observed(signer: Signer, transaction: Any) -> bytes:
        counted.append(acts(host))
        return signs(signer, transaction)

    monkeypatch.setattr(Signer, "sign_transaction", observed)
    assert actions(host.step()) == ["ClaimTogether"]
    assert counted == [[1]]


def test_each_row_of_a_batch_is_counted_once(wallet: Payer, till: Payee, shop: Signer, usdc: Token, host: Host) -> None:
    for salt in range(3):
        lane = wallet.open(shop.address, usdc("10"), HOUR, salt=salt)
        till.accept(wallet.pay(lane, usdc("1")))
        host.take(job_of(till, lane))
        wallet.request_close(lane)
    (done,) = host.step()
    assert len(done.receipts) == 1
    assert acts(host) == [1, 1, 1]


def test_of_a_batch_in_halves_each_row_is_counted_for_its_own(
    wallet: Payer, till: Payee, shop: Signer, usdc: Token, host: Host
) -> None:
    """The node runs no call for more than two rows."""
    simulated = host.wire.gas

    async def limited(caller: Any, to: Any, data: bytes, *rest: Any) -> Any:
        if len(data) > 700:
            raise NodeRefused("eth_estimateGas", -32000, "gas required exceeds allowance")
        return await simulated(caller, to, data, *rest)

    host.wire.gas = limited  # type: ignore[attr-defined]
    for salt in range(4):
        lane = wallet.open(shop.address, usdc("10"), HOUR, salt=salt)
        till.accept(wallet.pay(lane, usdc("1")))
        host.take(job_of(till, lane))
        wallet.request_close(lane)
    (done,) = host.step()
    assert len(done.receipts) == 2
    assert acts(host) == [1] * 4


@pytest.mark.parametrize("outbox", [None, "outbox.db"])
def test_what_another_has_claimed_at_the_last_moment_costs_nothing_of_the_quota(
    wallet: Payer,
    till: Payee,
    lane: WalletLane,
    usdc: Token,
    new_host: NewHost,
    tmp_path: Path,
    outbox: str | None,
) -> None:
    """Between the tower's simulation and the sending, where it is simulated again."""
    host = new_host(outbox=outbox and tmp_path / outbox)
    till.accept(wallet.pay(lane, usdc("6")))
    host.take(job_of(till, lane))
    wallet.request_close(lane)
    simulated = host.wire.gas

    async def overtaken(*call: Any) -> int:
        gas: int = await simulated(*call)
        await asyncio.to_thread(till.claim)
        return gas

    host.wire.gas = overtaken  # type: ignore[attr-defined]
    (done,) = host.step()
    assert "AmountNotIncreasing" in done.why
    assert acts(host) == [0 if outbox else 1], "without an outbox nobody knows whether it was sent"


def test_what_the_simulation_refuses_costs_nothing_of_the_quota(
    wallet: Payer, till: Payee, lane: WalletLane, usdc: Token, host: Host
) -> None:
    till.accept(wallet.pay(lane, usdc("6")))
    host.take(job_of(till, lane))
    wallet.request_close(lane)
    late = host.wait(host.tower.plan(wallet.chain.now()))
    till.claim()
    (done,) = host.wait(host.carry_out(late))
    assert "AmountNotIncreasing" in done.why
    assert acts(host) == [0]


def test_a_tower_without_money_keeps_its_quota(
    chain: LocalChain, wallet: Payer, till: Payee, lane: WalletLane, shop: Signer, usdc: Token, host: Host
) -> None:
    """What the node doesn't take was never sent."""
    till.accept(wallet.pay(lane, usdc("6")))
    host.take(job_of(till, lane))
    wallet.request_close(lane)
    chain.transfer(host.signer, chain.native("9.9999"), shop.address)
    (done,) = host.step()
    assert "NotSent" in done.why
    assert acts(host) == [0]
    assert [shown.failure.partition(":")[0] for shown in host.tower.store.shown()] == ["NotSent"]


def test_records_of_one_round_leave_what_the_end_needs(
    chain: LocalChain, wallet: Payer, till: Payee, lane: WalletLane, shop: Signer, usdc: Token, new_host: NewHost
) -> None:
    """Four are planned at once, and two may be sent; what is proven by then is claimed in the next round."""
    host = new_host(quota=Quota(acts=10))
    for _ in range(4):
        till.accept(wallet.promise(lane, usdc("1"), LOCK, chain.after(minutes=59)))
    for promise in till.promises(lane):
        till.prove(lane, promise, LOCK, PREIMAGE)
    host.take(job_of(till, lane))
    wallet.request_close(lane)

    done = host.step()
    assert actions(done) == ["Record"] * 4
    assert sorted(one.why.partition(":")[0] for one in done) == ["", "", "OverQuota", "OverQuota"]
    assert acts(host) == [2]
    assert actions(host.step()) == ["ClaimPromised"]
    assert acts(host) == [3]
    assert chain.balance(usdc, shop.address) == usdc("1002")


def test_a_close_that_is_taken_back_costs_the_tower_nothing(
    chain: LocalChain, wallet: Payer, till: Payee, lane: WalletLane, usdc: Token, host: Host
) -> None:
    """While a promise is open each close would need a reserve of its own."""
    till.accept(wallet.promise(lane, usdc("9"), LOCK, chain.after(minutes=110)))
    host.take(job_of(till, lane))
    lanes = Lanes(chain, wallet.signer)
    for _ in range(2):
        begin = POLICY.settling.begin(lanes.request_close(lane.channel).closes_at)
        assert host.live(begin - 2) == []
        lanes.cancel_close(lane.channel)
    assert acts(host) == [0]


def test_each_close_that_is_answered_takes_its_payer_a_window_less_two_margins(
    chain: LocalChain, wallet: Payer, till: Payee, lane: WalletLane, usdc: Token, host: Host
) -> None:
    till.accept(wallet.promise(lane, usdc("9"), LOCK, chain.after(minutes=110)))
    host.take(job_of(till, lane))
    lanes, begun = Lanes(chain, wallet.signer), chain.now()
    for answered in range(1, 3):
        closes_at = lanes.request_close(lane.channel).closes_at
        assert actions(host.live(POLICY.settling.before(closes_at))) == ["ClaimPromised"]
        assert lanes.lane(lane.id, as_of="latest").reserved
        lanes.cancel_close(lane.channel)
        assert chain.now() - begun >= answered * (lane.channel.window - 2 * POLICY.margin)
    assert acts(host) == [2]


def test_for_a_row_that_has_cost_all_of_its_quota_nothing_is_planned(
    wallet: Payer, till: Payee, lane: WalletLane, usdc: Token, new_host: NewHost
) -> None:
    host = new_host(quota=Quota(acts=9))
    till.accept(wallet.pay(lane, usdc("6")))
    host.take(job := job_of(till, lane))
    for _ in range(9):
        host.tower.store.count([job.place], 9)
    wallet.request_close(lane)
    assert host.step() == []


def test_what_a_plan_says_twice_is_begun_once(
    wallet: Payer, till: Payee, lane: WalletLane, usdc: Token, host: Host
) -> None:
    till.accept(wallet.pay(lane, usdc("6")))
    host.take(job_of(till, lane))
    wallet.request_close(lane)
    plan = host.wait(host.tower.plan(wallet.chain.now()))
    assert actions(host.wait(host.carry_out(plan * 2))) == ["ClaimTogether"]
