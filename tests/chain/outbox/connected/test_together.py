"""Many that wait for their transactions at once: they have their rounds together."""

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from chain import AsyncChain, Signer
from chain.aio.outbox import AsyncOutbox
from chain.errors import NodeUnreachable
from chain.outbox.errors import OutboxBusy, OutboxFailed
from chain.testing.serve import Server
from chain.testing.trouble import LIMITED, Trouble
from tests.chain.outbox.conftest import TOKEN, minted

A_ROUND = "eth_maxPriorityFeePerGas"
"""Asked for once in each."""


@pytest.fixture
async def outbox(trouble: Trouble, path: Path, ann: Signer) -> AsyncIterator[AsyncOutbox]:
    """With one transaction that no node takes."""
    server = Server(trouble.handle)
    async with await AsyncChain.connect("local", [server.url], outbox=path) as chain:
        assert chain.outbox
        await chain.outbox.submit(ann, "rent", TOKEN, minted(ann.address, 1))
        yield chain.outbox
    server.close()


async def test_ten_that_ask_at_once_have_two_rounds(outbox: AsyncOutbox, trouble: Trouble) -> None:
    asked: list[str] = []

    def counting(method: str, params: Any) -> Any:
        asked.append(method)
        return LIMITED if method == "eth_sendRawTransaction" else None

    trouble.before = counting
    told = await asyncio.gather(*(outbox.step() for _ in range(10)))
    assert asked.count(A_ROUND) == 2  # The one that was under way began before the others asked.
    assert len({tuple(findings) for findings in told[1:]}) == 1


async def test_a_round_that_fails_fails_for_all_who_share_it(outbox: AsyncOutbox, trouble: Trouble) -> None:
    trouble.before = lambda method, params: LIMITED
    told = await asyncio.gather(*(outbox.step() for _ in range(10)), return_exceptions=True)
    assert [type(each) for each in told] == [NodeUnreachable] * 10
    trouble.before = lambda method, params: None
    assert await outbox.step() == ()


async def test_a_round_that_is_cancelled_is_nobody_s(outbox: AsyncOutbox, trouble: Trouble) -> None:
    loop, begun, goes_on = asyncio.get_running_loop(), asyncio.Event(), threading.Event()

    def slow(method: str, params: Any) -> None:
        if method == A_ROUND:
            loop.call_soon_threadsafe(begun.set)
            goes_on.wait(10)

    trouble.before = slow
    first = asyncio.create_task(outbox.step())
    await begun.wait()
    second = asyncio.create_task(outbox.step())
    await asyncio.sleep(0)
    first.cancel()
    goes_on.set()
    with pytest.raises(asyncio.CancelledError):
        await first
    await second
    assert (await outbox.entry("rent")).nonce == 0


async def test_a_loop_outlasts_a_busy_file_and_ends_with_a_broken_one(
    outbox: AsyncOutbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    troubles = [OutboxFailed("outbox.db", "disk I/O error"), OutboxBusy("outbox.db", 5.0)]

    def troubled(*_: object) -> None:
        raise troubles.pop()

    monkeypatch.setattr(outbox._store, "lease", troubled)
    with pytest.raises(OutboxFailed):
        await outbox.run(0)
    assert not troubles
