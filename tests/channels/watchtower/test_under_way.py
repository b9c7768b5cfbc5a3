"""Nothing is begun twice at once, and nothing is waited for without end."""

import asyncio
from typing import Any

import pytest

from channels.watchtower.service.under_way import UnderWay

KEYS = frozenset(["claim"])


@pytest.fixture
def under_way() -> UnderWay[str]:
    return UnderWay(10.0)


async def for_ever() -> str:
    await asyncio.Event().wait()
    return "never"


def test_what_has_ended_holds_its_keys_no_more(under_way: UnderWay[str]) -> None:
    async def works() -> str:
        return "done"

    async def run() -> None:
        task = under_way.begin(KEYS, works(), 0.0)
        assert under_way.keys == KEYS
        assert await task == "done"
        await asyncio.sleep(0)
        assert under_way.keys == frozenset()

    asyncio.run(run())


@pytest.mark.parametrize(("now", "held"), [(9.9, True), (10.0, False)])
def test_what_is_too_old_is_given_up(under_way: UnderWay[str], now: Any, held: bool) -> None:
    async def run() -> None:
        task = under_way.begin(KEYS, for_ever(), 0.0)
        under_way.give_up(now)
        assert (under_way.keys == KEYS) is held
        again = under_way.begin(KEYS, for_ever(), now)
        await asyncio.sleep(0)
        assert task.cancelled() is not held
        await asyncio.sleep(0)
        assert under_way.keys == KEYS, "the end of the one frees nothing of the other"
        await under_way.close()
        assert again.cancelled()
        assert task.cancelled()

    asyncio.run(run())
