"""What only the client for asyncio has: several at once, and one that is cancelled or closed on its way."""

import asyncio

import pytest

from chain import LocalChain, Token
from channels import Payee, Payer, WalletLane
from channels.edge import LaneRef
from channels.promise import Promise
from channels.watchtower import Job
from channels.watchtower.aio.client import AsyncGuarded, AsyncTowerClient
from channels.watchtower.errors import TowerUnreachable
from channels.watchtower.service.serving import Serving
from tests.channels.watchtower.test_lanes_guarded import LOCK, PREIMAGE
from tests.channels.watchtower.towers import Host

KEPT = b'HTTP/1.1 201 Created\r\nContent-Length: 14\r\n\r\n{"newer":true}'


class Slow:
    """A tower that answers when it is told to."""

    def __init__(self) -> None:
        self.asked, self.answers = asyncio.Semaphore(0), asyncio.Event()

    async def __aenter__(self) -> str:
        self._server = await asyncio.start_server(self._answered, "127.0.0.1", 0)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def __aexit__(self, *failure: object) -> None:
        self._server.close()

    async def _answered(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        self.asked.release()
        await self.answers.wait()
        writer.write(KEPT)
        await writer.drain()
        writer.close()


class Party:
    """A payee whose books answer the later calls first."""

    def __init__(self, till: Payee) -> None:
        self._till, self._calls = till, 0

    async def job(self, channel: LaneRef, at: int) -> Job | None:
        self._calls += 1
        for _ in range(20 - self._calls):
            await asyncio.sleep(0)
        return self._till.job(channel, at)


class Learning:
    """A payee that learns a preimage while the first of its jobs is made, before that one is read."""

    def __init__(self, till: Payee, promise: Promise) -> None:
        self._till, self._promise, self._calls = till, promise, 0

    async def job(self, channel: LaneRef, at: int) -> Job | None:
        self._calls += 1
        if self._calls == 1:
            for _ in range(20):
                await asyncio.sleep(0)
            self._till.prove(channel, self._promise, LOCK, PREIMAGE)
        return self._till.job(channel, at)


@pytest.fixture
def job(wallet: Payer, till: Payee, lane: WalletLane, usdc: Token) -> Job:
    till.accept(wallet.pay(lane, usdc("4")))
    job = till.job(lane, 1)
    assert job is not None
    return job


async def guarded_at_once(host: Host, party: AsyncGuarded, lane: WalletLane, count: int) -> list[bool]:
    serving = Serving(host.tower, every=3_600)
    serve = asyncio.create_task(serving.serve())
    async with AsyncTowerClient(serving.url, clock=lambda: 1_000.0) as client:
        answers = await asyncio.gather(*[client.guard(party, lane) for _ in range(count)])
    serving.stop()
    await serve
    return answers


def test_what_is_guarded_at_once_has_an_order_of_its_own(host: Host, till: Payee, lane: WalletLane, job: Job) -> None:
    """The clock stands; whichever arrives last, the tower has the one that was asked for last."""

    assert any(host.wait(guarded_at_once(host, Party(till), lane, 6)))
    (held,) = host.tower.store.jobs(lane.id)
    assert held.at == 1_000_005


def test_no_later_job_knows_less_than_one_before_it(
    host: Host, chain: LocalChain, wallet: Payer, till: Payee, lane: WalletLane, usdc: Token
) -> None:
    """Of one voucher the time decides: one that was read early, and is later by the clock, would forget a proof."""
    till.accept(wallet.promise(lane, usdc("2"), LOCK, chain.after(minutes=50)))
    (promise,) = till.promises(lane)
    host.wait(guarded_at_once(host, Learning(till, promise), lane, 2))
    (held,) = host.tower.store.jobs(lane.id)
    assert held.proof_of(promise.struct_hash()) is not None


async def test_one_that_is_cancelled_takes_no_other_one_with_it(job: Job) -> None:
    slow = Slow()
    async with slow as url, AsyncTowerClient(url) as client:
        sending = [asyncio.create_task(client.send(job)) for _ in range(3)]
        for _ in sending:
            await slow.asked.acquire()
        sending[0].cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending[0]
        slow.answers.set()
        assert await asyncio.gather(*sending[1:]) == [True, True]
        assert await client.send(job), "and the client goes on"


async def test_a_client_that_is_closed_leaves_nobody_waiting(job: Job) -> None:
    slow = Slow()
    async with slow as url:
        client = AsyncTowerClient(url)
        sending = asyncio.create_task(client.send(job))
        await slow.asked.acquire()
        await client.close()
        async with asyncio.timeout(5):
            with pytest.raises(TowerUnreachable):
                await sending
        await client.close()
        slow.answers.set()


async def test_a_client_that_was_closed_can_be_used_again(job: Job) -> None:
    slow = Slow()
    slow.answers.set()
    async with slow as url:
        client = AsyncTowerClient(url)
        for _ in range(2):
            assert await client.send(job)
            await client.close()
