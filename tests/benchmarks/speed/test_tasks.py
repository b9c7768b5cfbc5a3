"""What is timed does what its name says: a rate of something else would be worth nothing."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from benchmarks.speed import signing, ticks, wire
from benchmarks.speed.crowd import crowd, fill_sqlite
from benchmarks.speed.market import Client, Market
from benchmarks.speed.rows import ROWS
from benchmarks.speed.scene import Scene
from channels import MemoryStore, SqliteStore

PURE = signing.tasks(Scene()) | wire.tasks(Scene()) | ticks.tasks(Scene())


@pytest.fixture(scope="module")
def market() -> Iterator[Market]:
    with asyncio.Runner() as loop, closing(Market.start(loop)) as started:
        yield started


@pytest.fixture(scope="module")
def clients(market: Market) -> list[Client]:
    return market.opened(2)


@pytest.mark.parametrize("name", PURE)
def test_a_task_does_as_many_as_it_is_asked_for(name: str) -> None:
    assert PURE[name](3)() >= 3


def test_every_row_of_pure_functions_has_its_tasks() -> None:
    rows = [ROWS[name] for name in ROWS if name.startswith(("sign.", "accept", "ticks."))]

    assert {task for row in rows for task in (row.ours, row.theirs)} == set(PURE)


def test_every_client_pays_what_it_is_asked_to_through_its_own_channel(market: Market, clients: list[Client]) -> None:
    with closing(market.till(MemoryStore())) as till:
        task = till.task(clients)

        assert [task(5)(), task(1)()] == [6, 2]


def test_a_crowd_is_as_big_as_asked_and_all_its_payers_can_pay(
    market: Market, clients: list[Client], tmp_path: Path
) -> None:
    path, payers = tmp_path / "till.db", [clients[0], *market.clients(10, 3)]

    crowd(market, SqliteStore(path), partial(fill_sqlite, path), payers, 50)

    with closing(sqlite3.connect(path)) as database:
        found = database.execute(
            "SELECT count(*), count(DISTINCT channel_id) FROM channels JOIN epochs USING (channel_id)"
        )
        assert found.fetchone() == (50, 50)
    with closing(market.till(SqliteStore(path))) as till:
        till.skip(1)
        assert till.run(till.queues(payers, 2)) == 8


def test_a_voucher_that_adds_nothing_fails_the_run(market: Market, clients: list[Client]) -> None:
    with closing(market.till(MemoryStore())) as till:
        queues = till.queues(clients, 1)
        till.run(queues)
        with pytest.raises(RuntimeError, match="added nothing"):
            till.run(queues)
