"""Connections to one database, each of which has been seen to keep what it commits."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any
from weakref import WeakKeyDictionary

import asyncpg

from channels.stores.errors import StoreBusy, StoreOfAnotherProcess, StoreUnreadable
from channels.stores.postgres.dsn import shown
from channels.stores.postgres.failures import PATIENCE, typed

_ANSWER = 2 * PATIENCE
"""Seconds for one statement's answer; the server itself gives up waiting for locks before that."""
_FOR_EVER = 2**31 - 1
_PAUSE = 0.05
_DURABLE = "SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit')"
_SET = """
    SELECT set_config(name, wanted.value, false) FROM unnest($1::text[], $2::text[]) AS wanted (name, value)
    JOIN pg_settings USING (name)
"""
_SETTINGS = {
    "lock_timeout": f"{PATIENCE:.0f}s",
    "idle_in_transaction_session_timeout": f"{PATIENCE:.0f}s",
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
    "jit": "off",
}
"""Where the database has no such setting it goes without. Planning a batch anew would take half as long as doing it, so
plans are kept, and for a few seconds only: a table grows.
"""
_PLAN = 10
"""Seconds."""
_SYNCHRONOUS = "SET synchronous_commit = on"


class Connections:
    """At most `most` at once in each event loop, made when they are first needed, and anew where one was lost.

    A session whose `synchronous_commit` is off turns it on; a server without `fsync` is refused: `StoreUnreadable`.
    """

    def __init__(self, dsn: str, most: int) -> None:
        self.path = shown(dsn)
        self._dsn, self._most, self._process = dsn, most, os.getpid()
        self._pools: WeakKeyDictionary[asyncio.AbstractEventLoop, Any] = WeakKeyDictionary()

    @asynccontextmanager
    async def one(self) -> AsyncIterator[Any]:
        """A connection that nobody else uses meanwhile. Raises `StoreOfAnotherProcess` and what `typed` raises."""
        if os.getpid() != self._process:
            raise StoreOfAnotherProcess(self.path)
        with typed(self.path):
            pool = self._pool()
            connection = await self._acquired(pool)
            try:
                yield connection
            finally:
                await pool.release(connection)

    async def close(self) -> None:
        """Ends those of this event loop."""
        pool = self._pools.pop(asyncio.get_running_loop(), None)
        if pool:
            await pool.close()

    def _pool(self) -> Any:
        loop = asyncio.get_running_loop()
        if loop not in self._pools:
            self._pools[loop] = asyncpg.create_pool(
                self._dsn,
                min_size=0,
                max_size=self._most,
                max_queries=_FOR_EVER,
                init=self._prepare,
                reset=_as_it_is,
                timeout=PATIENCE,
                command_timeout=_ANSWER,
                max_cached_statement_lifetime=_PLAN,
            )
        return self._pools[loop]

    async def _acquired(self, pool: Any) -> Any:
        """Where the server has as many clients as it takes, the next one waits until others leave."""
        await pool  # Ready at once: it begins without connections.
        try:
            async with asyncio.timeout(PATIENCE):
                while True:
                    with suppress(asyncpg.TooManyConnectionsError):
                        return await pool.acquire()
                    await asyncio.sleep(_PAUSE)
        except TimeoutError as error:
            raise StoreBusy(self.path, PATIENCE) from error

    async def _prepare(self, connection: Any) -> None:
        found = dict(await connection.fetch(_DURABLE))
        if found.get("fsync") == "off":
            raise StoreUnreadable(self.path, "its server has fsync off, so that a power cut takes what was answered")
        if found.get("synchronous_commit") == "off":
            await connection.execute(_SYNCHRONOUS)
        await connection.execute(_SET, list(_SETTINGS), list(_SETTINGS.values()))


async def _as_it_is(_connection: Any) -> None:
    """What we set in a session stays set; a transaction that is still open has been ended before this."""
