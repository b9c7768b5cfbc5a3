"""SQLite for asyncio: a single call is made where it stands, many with one write beside the event loop."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar, cast

from channels.stores.database import AsyncTransaction, Transaction
from channels.stores.sqlite import MEMORY, SqliteDatabase

T = TypeVar("T")


class _Direct:
    """A transaction whose coroutines never wait."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def rows(self, query: str, *values: Any) -> list[Any]:
        return self._transaction.rows(query, *values)

    async def change(self, statement: str, *values: Any) -> int:
        return self._transaction.change(statement, *values)


class AsyncSqliteDatabase(_Direct):
    """One writer, as SQLite has it: its thread takes a batch while the event loop gathers the next one.

    A single call would wait for the thread longer than for the disk; and in memory nothing waits.
    """

    locking = ""

    def __init__(self, database: SqliteDatabase) -> None:
        super().__init__(database)
        self._database = database
        self._writer = ThreadPoolExecutor(1, "earnest-store")

    async def run(self, step: Callable[[AsyncTransaction], Awaitable[T]], calls: int = 1) -> T:
        """What `step` answers, once all that it did is durable; if it raises, nothing of it comes to be."""

        def work(transaction: Transaction) -> T:
            return _driven(step(_Direct(transaction)))

        if calls <= 1 or self._database.path == MEMORY:
            return self._database.run(work)
        return await asyncio.get_running_loop().run_in_executor(self._writer, self._database.run, work)

    async def close(self) -> None:
        """Ends the connection, after what is being written."""
        self._writer.shutdown()
        self._database.close()


def _driven(work: Awaitable[T]) -> T:
    """The result of a coroutine that never waits for anything."""
    try:
        cast(Coroutine[Any, Any, T], work).send(None)
    except StopIteration as done:
        return cast(T, done.value)
    raise RuntimeError("a store's step waited for something else than its database")
