"""What only the follower for asyncio can meet: tasks that are cancelled, tasks that share it, a close meanwhile."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from chain import AsyncChain, LocalChain, Receipt, Signer
from chain.aio.follower import AsyncFollower
from chain.errors import NodesDisagree
from chain.finality import Finality
from chain.follower.errors import NotFinal
from chain.stores.followed import Level
from chain.testing.trouble import LIMITED
from tests.chain.follower.following import CONTRACTS, DEEP, amount_of, branch_off, mint
from tests.chain.follower.nodes import Nodes, hidden, hidden_in, nodes

__all__ = ["nodes"]
Start = Callable[[int], Nodes]


@pytest.fixture(scope="module")
def one_chain() -> Iterator[LocalChain]:
    with LocalChain.start("eth-tester") as chain:
        yield chain


@asynccontextmanager
async def following(some: Nodes, path: Path, quorum: int = 1) -> AsyncIterator[AsyncFollower]:
    deep = Finality.confirmations(DEEP)
    async with (
        await AsyncChain.connect("local", some.urls, finality=deep, quorum=quorum) as view,
        AsyncFollower(view, path, contracts=CONTRACTS) as follower,
    ):
        yield follower


async def told(follower: AsyncFollower, level: Level = "latest", cursor: str | None = None) -> list[int]:
    return [amount_of(item) async for item in follower.events(cursor, level)]


async def comes_to_tell(follower: AsyncFollower, amounts: list[int]) -> None:
    for _ in range(3_000):
        if await told(follower) == amounts:
            return
        await asyncio.sleep(0.01)
    raise AssertionError(await told(follower))


class Held:
    """From its nth request on a node answers nothing, until it is let go."""

    def __init__(self, some: Nodes, nth: int) -> None:
        self._asked, self._go, self._left = asyncio.Event(), threading.Event(), nth
        self._loop, self._trouble = asyncio.get_running_loop(), some.troubles[0]
        self._trouble.before = self._before

    def _before(self, method: str, params: Any) -> Any:
        self._left -= 1
        if self._left > 0:
            return None
        self._loop.call_soon_threadsafe(self._asked.set)
        self._go.wait(60)
        return None

    async def reached(self, task: "asyncio.Task[Any]") -> bool:
        """Whether it is asked so often, before the task ends."""
        asked = asyncio.ensure_future(self._asked.wait())
        await asyncio.wait([asked, task], return_when=asyncio.FIRST_COMPLETED)
        asked.cancel()
        return self._asked.is_set()

    def let_go(self) -> None:
        self._trouble.before = lambda method, params: None
        self._go.set()


async def cancelled(task: "asyncio.Task[Any]") -> None:
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_round_that_is_cancelled_at_any_request_is_gone_on_with(
    chain: LocalChain, nodes: Start, tmp_path: Path
) -> None:
    some = nodes(1)
    replace = branch_off(chain)
    mint(chain, 1, 2)
    async with following(some, tmp_path / "before.db") as follower:
        await follower.step()
    replace(*range(11, 11 + DEEP))
    expected = [1, 2, -2, -1, *range(11, 11 + DEEP)]

    for nth in range(1, 100):
        path = tmp_path / f"{nth}.db"
        path.write_bytes((tmp_path / "before.db").read_bytes())
        async with following(some, path) as follower:
            held = Held(some, nth)
            task = asyncio.create_task(follower.step())
            is_held = await held.reached(task)
            if is_held:
                await cancelled(task)
            held.let_go()
            await follower.step()
            assert await told(follower) == expected
            assert await told(follower, "final") == [11]
        if not is_held:
            break

    assert 10 < nth < 99, "it was cancelled at each of its requests"


async def test_of_two_tasks_that_step_each_waits_for_the_other(chain: LocalChain, nodes: Start, tmp_path: Path) -> None:
    some = nodes(1)
    async with following(some, tmp_path / "f.db") as follower:
        for amounts in ((1, 2), (3,), tuple(range(4, 4 + DEEP))):
            mint(chain, *amounts)
            await asyncio.gather(*(follower.step() for _ in range(2)))

        assert await told(follower) == list(range(1, 4 + DEEP))


async def test_a_cancelled_task_holds_up_no_other(chain: LocalChain, nodes: Start, tmp_path: Path) -> None:
    some = nodes(1)
    mint(chain, 1)
    async with following(some, tmp_path / "f.db") as follower:
        held = Held(some, 3)
        one, other, third = (asyncio.create_task(follower.step()) for _ in range(3))
        assert await held.reached(one)
        await cancelled(other)
        await cancelled(one)
        held.let_go()
        await third

        assert await told(follower) == [1]


async def test_two_tasks_run_one_follower_until_it_is_closed(chain: LocalChain, nodes: Start, tmp_path: Path) -> None:
    some = nodes(1)
    async with following(some, tmp_path / "f.db") as follower:
        failing = iter([LIMITED] * 5)
        some.troubles[0].before = lambda method, params: next(failing, None)
        runs = [asyncio.create_task(follower.run(0.01)) for _ in range(2)]
        await asyncio.to_thread(mint, chain, 1, 2, 3)
        await comes_to_tell(follower, [1, 2, 3])
        await follower.close()
        await asyncio.gather(*runs)


async def test_a_close_waits_for_a_step_and_what_is_asked_after_it_is_nothing(
    chain: LocalChain, nodes: Start, tmp_path: Path
) -> None:
    some = nodes(1)
    mint(chain, 1, 2)
    async with following(some, tmp_path / "f.db") as follower:
        held = Held(some, 4)
        step = asyncio.create_task(follower.step())
        assert await held.reached(step)
        close = asyncio.create_task(follower.close())
        await asyncio.sleep(0)
        assert not close.done()
        held.let_go()
        await asyncio.gather(step, close)
        await follower.step()
        assert await told(follower, cursor="shop") == []

    async with following(some, tmp_path / "f.db") as follower:
        await follower.step()
        assert await told(follower, cursor="shop") == [1, 2]


async def test_who_reads_while_it_is_closed_is_told_the_same_again(
    chain: LocalChain, nodes: Start, tmp_path: Path
) -> None:
    some = nodes(1)
    mint(chain, 1, 2, 3)
    async with following(some, tmp_path / "f.db") as follower:
        await follower.step()
        read = []
        async for item in follower.events("shop", "latest"):
            read.append(amount_of(item))
            if read == [1, 2]:
                await follower.close()
        assert read == [1, 2]

    async with following(some, tmp_path / "f.db") as follower:
        assert await told(follower, cursor="shop") == [2, 3]


async def test_a_reader_that_is_cancelled_at_its_work_is_told_the_same_again(
    chain: LocalChain, nodes: Start, tmp_path: Path
) -> None:
    some, working = nodes(1), asyncio.Event()
    mint(chain, 1, 2, 3)

    async def work(follower: AsyncFollower) -> None:
        async for item in follower.events("shop", "latest"):
            if amount_of(item) == 2:
                working.set()
                await asyncio.Event().wait()

    async with following(some, tmp_path / "f.db") as follower:
        await follower.step()
        task = asyncio.create_task(work(follower))
        await working.wait()
        await cancelled(task)

        assert await told(follower, cursor="shop") == [2, 3]


async def test_of_two_readers_under_one_name_the_slower_takes_nothing_back(
    chain: LocalChain, nodes: Start, tmp_path: Path
) -> None:
    some = nodes(1)
    mint(chain, 1, 2, 3)
    async with following(some, tmp_path / "f.db") as follower:
        await follower.step()
        slow = aiter(follower.events("shop", "latest"))
        assert amount_of(await anext(slow)) == 1
        assert await told(follower, cursor="shop") == [1, 2, 3]
        assert amount_of(await anext(slow)) == 2

        assert await told(follower, cursor="shop") == []


@pytest.mark.parametrize("lie", [hidden, hidden_in("fromBlock"), hidden_in("blockHash")])
@pytest.mark.parametrize("liar", [0, 1])
async def test_of_two_nodes_one_that_hides_a_log_stops_the_run_until_it_tells(
    chain: LocalChain, nodes: Start, tmp_path: Path, lie: Callable[..., Any], liar: int
) -> None:
    two = nodes(2)
    minted = list(range(1, DEEP + 3))
    mint(chain, *minted)
    two.lie(lie, liar)
    async with following(two, tmp_path / "f.db", quorum=2) as follower:
        with pytest.raises(NodesDisagree):
            await follower.step()
        run = asyncio.create_task(follower.run(0.01))
        await asyncio.sleep(0.05)
        assert await told(follower, "final") == []
        assert not run.done()

        two.lie(None, liar)
        await comes_to_tell(follower, minted)
        assert await told(follower, "final") == minted[: 1 - DEEP]
        await follower.close()
        await run


@pytest.fixture
def receipt(chain: LocalChain) -> Receipt:
    ann = Signer.generate()
    chain.fund(ann.address)
    return chain.send(ann, "TestToken", "mint", ann.address, 1)


async def test_of_two_tasks_that_wait_for_one_receipt_one_may_give_up(
    chain: LocalChain, nodes: Start, receipt: Receipt
) -> None:
    some = nodes(1)
    async with await AsyncChain.connect("local", some.urls, finality=Finality.confirmations(DEEP)) as view:
        held = Held(some, 2)
        one, other = (asyncio.create_task(view.wait_final(receipt, timeout=30)) for _ in range(2))
        assert await held.reached(one)
        await cancelled(one)
        held.let_go()
        await asyncio.to_thread(chain.mine, DEEP)

        assert (await other).block_hash == receipt.block_hash
        assert (await view.wait_final(receipt, timeout=0)).block_hash == receipt.block_hash


async def test_of_two_nodes_one_that_hides_the_receipt_leaves_it_open(
    chain: LocalChain, nodes: Start, receipt: Receipt
) -> None:
    two = nodes(2)
    chain.mine(DEEP)
    two.lie(lambda method, params, result: None if method == "eth_getTransactionReceipt" else result, 1)
    deep = Finality.confirmations(DEEP)
    async with await AsyncChain.connect("local", two.urls, finality=deep, quorum=2) as view:
        with pytest.raises(NotFinal):
            await view.wait_final(receipt, timeout=0.1)

        two.lie(None, 1)
        assert (await view.wait_final(receipt, timeout=30)).block_hash == receipt.block_hash
