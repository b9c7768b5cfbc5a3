"""On a node with a mempool: the first two transactions are dropped, and still the answer is in time."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from chain import Chain, LocalChain, Signer, Token
from chain.units import Seconds
from channels import DuplexChannel, Duplexes, Payee, Payer
from channels.watchtower import Job
from tests.channels.shells.two_way import FatedSigner, Pair
from tests.channels.watchtower.towers import Host

DROPPED = 2
HOUR = timedelta(hours=1)


@pytest.fixture
def served() -> Iterator[tuple[LocalChain, str]]:
    with Chain.local("anvil") as chain:
        yield chain, chain.serve()


@pytest.fixture
def chain(served: tuple[LocalChain, str]) -> LocalChain:
    return served[0]


@pytest.fixture
def host(new_host: Callable[..., Host], tmp_path: Path) -> Host:
    return new_host(outbox=tmp_path / "outbox.db")


class Pool:
    """Of a node that mines only when it is told to."""

    def __init__(self, chain: LocalChain) -> None:
        self._ask = chain._node.ask
        self._ask("evm_setAutomine", False)

    def hashes(self) -> list[str]:
        pending = self._ask("txpool_content")["pending"]
        return [each["hash"] for account in pending.values() for each in account.values()]

    async def drop(self, number: int) -> None:
        """The first so many that come; the next one gets its block."""
        dropped = 0
        async for each in self._coming():
            if dropped == number:
                break
            dropped += await asyncio.to_thread(self._ask, "anvil_dropTransaction", each) is not None
        await asyncio.to_thread(self.mine)

    def mine(self) -> None:
        self._ask("evm_mine")

    async def first(self) -> str:
        async for each in self._coming():
            return each
        raise AssertionError

    async def _coming(self) -> AsyncIterator[str]:
        while True:
            for each in await asyncio.to_thread(self.hashes):
                yield each
            await asyncio.sleep(0.02)


def answered(host: Host, pool: Pool) -> None:
    """Rounds while the node drops, then one block."""

    async def rounds() -> None:
        dropping = asyncio.create_task(pool.drop(DROPPED))
        while not dropping.done():
            host.tower.touch({job.channel.id for job, _ in host.tower.store.due(Seconds(2**48), 9)})
            await asyncio.wait([*await host.tower.begin(), dropping], return_when=asyncio.FIRST_COMPLETED, timeout=1)
        await dropping

    host.wait(asyncio.wait_for(rounds(), 30))


@pytest.mark.anvil
def test_a_stale_close_is_answered_though_the_first_two_transactions_are_dropped(
    chain: LocalChain, host: Host, ends: ExitStack, tmp_path: Path, ann: Signer, shop: Signer, usdc: Token
) -> None:
    wallet = ends.enter_context(Payer(chain, ann, tmp_path / "wallet.db"))
    till = ends.enter_context(Payee(chain, shop, tmp_path / "till.db"))
    lane = wallet.open(shop.address, usdc("10"), HOUR)
    till.accept(wallet.pay(lane, usdc("4")))
    job = till.job(lane, 1)
    assert job is not None
    host.take(job)
    closes_at = wallet.request_close(lane).closes_at

    answered(host, Pool(chain))
    assert chain.balance(usdc, shop.address) == usdc("1004")
    assert chain.now() < closes_at


@pytest.mark.anvil
def test_a_stale_challenge_is_answered_though_the_first_two_transactions_are_dropped(
    chain: LocalChain, host: Host, pair: Pair, keys: dict[str, FatedSigner], duplex: DuplexChannel, usdc: Token
) -> None:
    pair.pay("ann", usdc("5"))
    job: Job | None = pair.ben.job(duplex, 1)
    assert job is not None
    host.take(job)
    deadline = Duplexes(chain, keys["ann"]).challenge(duplex).deadline

    answered(host, Pool(chain))
    fight = Duplexes(chain, keys["ben"]).fight(duplex, 0, as_of="latest")
    assert (fight.version, fight.a_owes) == (job.number, usdc("5"))
    assert chain.now() < deadline


@pytest.mark.anvil
def test_a_tower_that_was_killed_goes_on_with_the_transaction_that_it_had_begun(
    chain: LocalChain, host: Host, pair: Pair, keys: dict[str, FatedSigner], duplex: DuplexChannel, usdc: Token
) -> None:
    pair.pay("ann", usdc("5"))
    job = pair.ben.job(duplex, 1)
    assert job is not None
    host.take(job)
    Duplexes(chain, keys["ann"]).challenge(duplex)
    pool = Pool(chain)

    async def begun() -> str:
        host.tower.touch([duplex.id])
        await host.tower.begin()
        return await pool.first()

    first = host.wait(begun())
    host.restart()
    assert host.wait(begun()) == first
    assert pool.hashes() == [first]
    pool.mine()
    host.tower.touch([duplex.id])
    assert host.step() == []
    assert [entry.transaction for entry in host.wait(host.wire.outbox.entries())] == [first]


@pytest.mark.anvil
def test_a_call_that_is_in_no_block_for_a_margin_is_planned_anew_and_is_still_the_same(
    chain: LocalChain, new_host: Callable[..., Host], tmp_path: Path, ends: ExitStack, ann: Signer, shop: Signer
) -> None:
    """Meanwhile it is not begun twice; and it is neither counted nor sent twice."""
    now, usdc = [0.0], chain.token("USDC")
    network = replace(chain.network, head="latest")  # On which the pool's transactions have not happened.
    host = new_host(outbox=tmp_path / "outbox.db", clock=lambda: now[0], network=network)
    wallet = ends.enter_context(Payer(chain, ann, tmp_path / "wallet.db"))
    till = ends.enter_context(Payee(chain, shop, tmp_path / "till.db"))
    lane = wallet.open(shop.address, usdc("10"), HOUR)
    till.accept(wallet.pay(lane, usdc("4")))
    job = till.job(lane, 1)
    assert job is not None
    host.take(job)
    wallet.request_close(lane)
    pool, sends, sent = Pool(chain), host.wire.send, asyncio.Queue[str]()

    async def observed(*call: Any, **named: Any) -> Any:
        sent.put_nowait(named["key"])
        return await sends(*call, **named)

    async def begun() -> int:
        host.tower.touch([lane.id])
        return len(await host.tower.begin())

    host.wire.send = observed  # type: ignore[attr-defined]
    assert host.wait(begun()) == 1
    first = host.wait(pool.first())
    assert host.wait(begun()) == 0
    now[0] = float(host.tower.policy.margin)
    assert host.wait(begun()) == 1
    assert len({host.wait(sent.get()), host.wait(sent.get())}) == 1
    pool.mine()

    (done,) = host.wait(asyncio.gather(*host.tower.under_way._tasks))
    assert [receipt.transaction for receipt in done.receipts] == [first]
    assert [entry.transaction for entry in host.wait(host.wire.outbox.entries())] == [first]
    assert [shown.acts for shown in host.tower.store.shown()] == [1]
    assert chain.balance(usdc, shop.address) == usdc("1004")
