import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chain.typed_data import Domain
from channels.stores.database import AsyncTransaction
from channels.stores.in_thread import AsyncSqliteDatabase
from channels.stores.sqlite import MEMORY, SqliteDatabase

ADD = "INSERT INTO fees VALUES ($1, $2, $3)"
ALL = "SELECT transaction_hash FROM fees ORDER BY 1"


@pytest.fixture
def file(path: Path, domain: Domain) -> Iterator[SqliteDatabase]:
    made = SqliteDatabase(path, "till", domain)
    yield made
    made.close()


@pytest.fixture
def database(file: SqliteDatabase) -> AsyncSqliteDatabase:
    return AsyncSqliteDatabase(file)


async def add(transaction: AsyncTransaction, number: int) -> int:
    return await transaction.change(ADD, bytes([number]), b"", 0)


@pytest.mark.parametrize("calls", [1, 2, 100])
async def test_a_step_is_one_transaction(database: AsyncSqliteDatabase, calls: int) -> None:
    async def both(transaction: AsyncTransaction) -> list[Any]:
        await add(transaction, 1)
        await add(transaction, 2)
        return await transaction.rows(ALL)

    assert await database.run(both, calls) == [(b"\1",), (b"\2",)]
    assert await database.rows(ALL) == [(b"\1",), (b"\2",)]


@pytest.mark.parametrize("calls", [1, 2])
async def test_of_a_step_that_fails_nothing_comes_to_be(database: AsyncSqliteDatabase, calls: int) -> None:
    async def half(transaction: AsyncTransaction) -> None:
        await add(transaction, 1)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await database.run(half, calls)
    assert await database.rows(ALL) == []
    assert await database.run(lambda transaction: add(transaction, 3), calls) == 1


@pytest.mark.parametrize("calls", [1, 2])
async def test_a_step_that_waits_for_something_else_fails_loudly(database: AsyncSqliteDatabase, calls: int) -> None:
    """It would hold the only writer, and the event loop, while it waits."""

    async def waits(transaction: AsyncTransaction) -> None:
        await add(transaction, 1)
        await asyncio.sleep(0)

    with pytest.raises(RuntimeError, match="waited for something else"):
        await database.run(waits, calls)
    assert await database.rows(ALL) == [], "nothing of it was written"
    assert await database.run(lambda transaction: add(transaction, 3)) == 1


async def test_one_call_is_made_where_it_stands_and_many_beside_the_event_loop(database: AsyncSqliteDatabase) -> None:
    async def where(_: AsyncTransaction) -> int:
        return threading.get_ident()

    here = threading.get_ident()
    assert await database.run(where) == await database.run(where, 1) == here
    there = await database.run(where, 2)
    assert there != here
    assert await database.run(where, 64) == there, "one writer"


async def test_in_memory_nothing_waits(domain: Domain) -> None:
    async def where(_: AsyncTransaction) -> int:
        return threading.get_ident()

    memory = AsyncSqliteDatabase(SqliteDatabase(MEMORY, "till", domain))
    assert await memory.run(where, 64) == threading.get_ident()
    await memory.close()


async def test_the_event_loop_goes_on_while_a_batch_is_written(database: AsyncSqliteDatabase) -> None:
    began, go = threading.Event(), threading.Event()

    async def slow(transaction: AsyncTransaction) -> int:
        began.set()
        assert go.wait(10)
        return await add(transaction, 1)

    writing = asyncio.create_task(database.run(slow, 2))
    await asyncio.to_thread(began.wait)
    assert not writing.done()
    go.set()
    assert await writing == 1


async def test_batches_are_written_one_after_the_other(database: AsyncSqliteDatabase) -> None:
    async def next_one(transaction: AsyncTransaction) -> int:
        number = len(await transaction.rows(ALL))
        await add(transaction, number)
        return number

    numbers = await asyncio.gather(*(database.run(next_one, 2) for _ in range(20)))
    assert sorted(numbers) == list(range(20))


async def test_a_close_waits_for_what_is_being_written(database: AsyncSqliteDatabase, file: SqliteDatabase) -> None:
    began = threading.Event()

    async def slow(transaction: AsyncTransaction) -> int:
        began.set()
        threading.Event().wait(0.05)
        return await add(transaction, 1)

    writing = asyncio.create_task(database.run(slow, 2))
    await asyncio.to_thread(began.wait)
    await database.close()
    assert await writing == 1
    with pytest.raises(RuntimeError):
        await database.run(slow, 2)
