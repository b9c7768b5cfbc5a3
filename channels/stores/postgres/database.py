"""A PostgreSQL database, or one that speaks as it does."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import asyncpg

from chain.typed_data import Domain
from channels.stores.database import AsyncTransaction
from channels.stores.errors import StoreBusy
from channels.stores.postgres.connections import Connections
from channels.stores.postgres.failures import PATIENCE, may_be_tried_again
from channels.stores.postgres.mark import Mark
from channels.stores.postgres.schema import claim
from channels.stores.schema import RESTORED, Kind

T = TypeVar("T")
_TRIES, _PAUSE, _LONGEST = 30, 0.001, 0.25
_CHANCE = random.SystemRandom()


class Connected:
    """Statements on one connection."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    async def rows(self, query: str, *values: Any) -> list[Any]:
        """What a query answers."""
        return list(await self._connection.fetch(query, *values))

    async def change(self, statement: str, *values: Any) -> int:
        """How many rows the statement changed."""
        tag = await self._connection.execute(statement, *values)
        return int(tag.rpartition(" ")[2])


class AsyncPostgresDatabase:
    """Tables of one kind, bound to one contract on one chain; others' may lie beside them. Nothing is done at birth.

    The first use raises `StoreUnreadable`, `StoreVersion`, `StoreOfAnotherChain`, `StoreRolledBack`; every use
    `StoreBusy` and `StoreFailed`. Where the connection is lost at the commit nobody knows whether it was made: that is
    `StoreFailed`, so it is never answered.
    """

    locking = " FOR UPDATE"

    def __init__(
        self,
        dsn: str,
        kind: Kind,
        domain: Domain,
        *,
        mark: str | Path | None = None,
        restored: bool = False,
        connections: int = 8,
    ) -> None:
        self._connections = Connections(dsn, connections)
        self._kind, self._domain, self._restored = kind, domain, restored
        self._mark = None if mark is None else Mark(mark, self._connections.path)
        self._opening: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()
        self._opened = False

    @property
    def path(self) -> str:
        """Where it is, without a password."""
        return self._connections.path

    async def open(self) -> None:
        """Sees that the store is ours, as the first use does."""
        async with self._opening.setdefault(asyncio.get_running_loop(), asyncio.Lock()):
            if self._opened:
                return
            await claim(self._connections, self._kind, self._domain)
            async with self._connections.one() as connection:
                if self._mark:
                    await self._mark.check(connection, restored=self._restored)
                for statement in RESTORED[self._kind] if self._restored else ():
                    await connection.execute(statement)
            self._opened, self._restored = True, False

    async def rows(self, query: str, *values: Any) -> list[Any]:
        """What a query answers."""

        async def step(connection: Any) -> list[Any]:
            return await Connected(connection).rows(query, *values)

        return await self._tried(step)

    async def change(self, statement: str, *values: Any) -> int:
        """How many rows the statement changed, durably."""
        if self._mark:
            return await self.run(lambda transaction: transaction.change(statement, *values))
        return await self._tried(lambda connection: Connected(connection).change(statement, *values))

    async def changed(self, statement: str, *values: Any) -> list[Any]:
        """What a statement that changes rows answers of them, durably."""
        if self._mark:
            return await self.run(lambda transaction: transaction.rows(statement, *values))
        return await self.rows(statement, *values)

    async def run(self, step: Callable[[AsyncTransaction], Awaitable[T]], calls: int = 1) -> T:
        """What `step` answers, once all that it did is durable; if it raises, nothing of it comes to be."""

        async def whole(connection: Any) -> T:
            transaction, changes = Connected(connection), 0
            async with connection.transaction():
                answer = await step(transaction)
                if self._mark:
                    changes = await self._mark.count(transaction)
            if self._mark:
                self._mark.note(changes)
            return answer

        return await self._tried(whole)

    async def close(self) -> None:
        """Ends the connections of this event loop."""
        await self._connections.close()
        if self._mark:
            self._mark.close()
        self._opened = False

    async def _tried(self, step: Callable[[Any], Awaitable[T]]) -> T:
        """Again where other transactions were in its way; each time after a longer pause of a random length."""
        if not self._opened:
            await self.open()
        for attempt in range(_TRIES):
            try:
                async with self._connections.one() as connection:
                    return await step(connection)
            except asyncpg.PostgresError as error:
                if not may_be_tried_again(error):
                    raise
            await asyncio.sleep(_CHANCE.uniform(0, min(_PAUSE * 2**attempt, _LONGEST)))
        raise StoreBusy(self.path, PATIENCE)
