"""No row, and no failure of a round, keeps a tower from doing what others need."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from chain import LocalChain, Signer, Token
from chain.keccak import keccak
from chain.units import Seconds
from channels import Lanes, Payee, Payer, WalletLane
from channels.watchtower import Job, TowerPolicy
from channels.watchtower.service import tower as service
from escrow.conditions import hash_lock
from tests.channels.watchtower.test_intake import NewHost, job_of
from tests.channels.watchtower.towers import POLICY, Host, actions

HOUR = timedelta(hours=1)
PREIMAGE = b"\7" * 32
LOCK = hash_lock(keccak=keccak(PREIMAGE))


@pytest.fixture
def two(wallet: Payer, till: Payee, shop: Signer, usdc: Token, host: Host) -> list[Job]:
    """Two lanes that close."""
    jobs = []
    for salt in range(2):
        lane = wallet.open(shop.address, usdc("10"), HOUR, salt=salt)
        till.accept(wallet.pay(lane, usdc("4")))
        jobs.append(job_of(till, lane))
        host.take(jobs[-1])
        wallet.request_close(lane)
    return jobs


def test_what_must_be_done_is_begun_before_another_look_ends(
    chain: LocalChain, shop: Signer, usdc: Token, host: Host, two: list[Job], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The look at the first row of the queue ends only when the second has been paid."""
    monkeypatch.setattr(service, "_PART", 1)
    look, act, paid = host.tower._looking.look, host.tower._act, asyncio.Event()
    looked = list[Job]()

    async def slow(job: Job, now: Seconds) -> Any:
        looked.append(job)
        if job == two[0]:
            await paid.wait()
        return await look(job, now)

    async def acted(*args: Any) -> Any:
        done = await act(*args)
        paid.set()
        return done

    monkeypatch.setattr(host.tower._looking, "look", slow)
    monkeypatch.setattr(host.tower, "_act", acted)
    assert actions(host.step()) == ["ClaimTogether"] * 2
    assert sorted(looked, key=two.index) == two, "each once"
    assert chain.balance(usdc, shop.address) == usdc("1008")


def test_a_look_that_does_not_end_is_given_up_and_tried_again_soon(
    chain: LocalChain, shop: Signer, usdc: Token, host: Host, two: list[Job], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "_LOOK_WITHIN", 0.5)
    look = host.tower._looking.look

    async def endless(job: Job, now: Seconds) -> Any:
        return await (asyncio.Event().wait() if job == two[0] else look(job, now))

    monkeypatch.setattr(host.tower._looking, "look", endless)
    assert actions(host.step()) == ["ClaimTogether"]
    assert chain.balance(usdc, shop.address) == usdc("1004")
    left = {shown.channel_id: shown.failure for shown in host.tower.store.shown()}
    assert left[two[0].channel.id] == "TimeoutError: "


def test_a_part_that_fails_stops_no_other_part(
    host: Host, two: list[Job], monkeypatch: pytest.MonkeyPatch, chain: LocalChain, shop: Signer, usdc: Token
) -> None:
    monkeypatch.setattr(service, "_PART", 1)
    planned = host.tower._planned

    async def failing(rows: Any, *rest: Any) -> Any:
        if rows[0][0] == two[0]:
            raise ValueError("a bug")
        return await planned(rows, *rest)

    monkeypatch.setattr(host.tower, "_planned", failing)

    async def begun() -> None:
        with pytest.raises(ValueError, match="a bug"):
            await host.tower.begin()
        await asyncio.gather(*list(host.tower.under_way._tasks))

    host.wait(begun())
    assert chain.balance(usdc, shop.address) == usdc("1004")


def test_rounds_go_on_after_an_error_of_any_kind(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    rounds, third = list[int](), asyncio.Event()

    async def failing() -> Any:
        rounds.append(len(rounds))
        if len(rounds) == 3:
            third.set()
        raise ValueError("a bug")

    monkeypatch.setattr(host.tower, "begin", failing)

    async def run() -> None:
        running = asyncio.create_task(host.tower.run(0.0))
        await asyncio.wait([running, asyncio.create_task(third.wait())], return_when=asyncio.FIRST_COMPLETED)
        assert not running.done()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    host.wait(run())


def test_a_record_that_fails_once_in_an_open_lane_is_tried_again_in_time(
    chain: LocalChain,
    wallet: Payer,
    till: Payee,
    lane: WalletLane,
    shop: Signer,
    usdc: Token,
    new_host: NewHost,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    host = new_host(policy=TowerPolicy(margin=Seconds(60), refresh=Seconds(3_600)))
    till.accept(wallet.promise(lane, usdc("2"), LOCK, chain.after(minutes=30)))
    (promise,) = till.promises(lane)
    till.prove(lane, promise, LOCK, PREIMAGE)
    host.take(job_of(till, lane))
    perform, tries = host.tower._acting.perform, list[int]()

    async def once_failing(*args: Any) -> Any:
        tries.append(chain.now())
        if len(tries) == 1:
            raise ValueError("not now")
        return await perform(*args)

    monkeypatch.setattr(host.tower._acting, "perform", once_failing)
    while len(tries) < 2 and chain.now() < promise.expiry:
        if any(done.why for done in host.step()):
            assert [shown.failure for shown in host.tower.store.shown()] == ["ValueError: not now"]
        due = host.tower.store.totals()[1]
        chain.travel(to=Seconds(max(chain.now(), due or 0)))
    assert tries[1] <= tries[0] + 2 * 15
    assert Lanes(chain, shop).recorded(lane.channel, 0, promise, as_of="latest") == usdc("2")


def test_whatever_fails_is_looked_at_again_soon(
    wallet: Payer, till: Payee, lane: WalletLane, usdc: Token, host: Host
) -> None:
    """Though nothing ended when it was last looked at."""
    till.accept(wallet.pay(lane, usdc("4")))
    host.take(job := job_of(till, lane))
    host.step()
    ((seen_at, look_at),) = host.tower.store.rows("SELECT seen_at, look_at FROM jobs")
    assert look_at > seen_at + POLICY.often
    host.tower.store.fail(job.place, "NotSent", again=POLICY.often)
    assert host.tower.store.totals()[1] == seen_at + POLICY.often
    host.tower.store.fail(job.place, "NotSent", again=Seconds(600))
    assert host.tower.store.totals()[1] == seen_at + POLICY.often, "never later"


def test_a_row_of_a_batch_that_has_none_left_is_left_out(
    chain: LocalChain, shop: Signer, usdc: Token, host: Host, two: list[Job]
) -> None:
    """Since the plan was made the first has cost all of its quota."""
    plan = host.wait(host.tower.plan(chain.now()))
    for _ in range(host.tower.quota.acts):
        host.tower.store.count([two[0].place], host.tower.quota.acts)
    (done,) = host.wait(host.carry_out(plan))
    assert len(done.receipts) == 1
    assert done.why.startswith("OverQuota")
    assert chain.balance(usdc, shop.address) == usdc("1004")
    assert sorted(shown.acts for shown in host.tower.store.shown()) == [1, host.tower.quota.acts]
