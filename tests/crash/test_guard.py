"""What was committed survives whatever happens to the server at its log; what was not synced, the guard can lose."""

import errno
import random
import signal
from collections.abc import Iterator
from typing import Literal

import asyncpg
import pytest

from tests.crash.fault import Fault
from tests.crash.guard import LOG, Guard
from tests.crash.seccomp import unavailable
from tests.postgres_server import PostgresServer

pytestmark = pytest.mark.skipif(unavailable() is not None, reason=str(unavailable()))
LOST = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)


@pytest.fixture(scope="module")
def guard() -> Iterator[Guard]:
    guard = Guard()
    yield guard
    guard.close()


@pytest.fixture(scope="module")
def guarded(guard: Guard) -> Iterator[PostgresServer]:
    server = PostgresServer(guard.enlist)
    yield server
    server.close()


async def committed(dsn: str, times: int, *, synchronous: str = "on") -> set[int]:
    """What it was told to be in the table, until the connection is lost."""
    done: set[int] = set()
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute("CREATE TABLE kept (a INT)")
        await connection.execute(f"SET synchronous_commit = {synchronous}")
        for number in range(times):
            await connection.execute("INSERT INTO kept VALUES ($1)", number)
            done.add(number)
    except LOST:
        pass
    connection.terminate()
    return done


async def found(dsn: str) -> set[int]:
    connection = await asyncpg.connect(dsn)
    rows = await connection.fetch("SELECT a FROM kept")
    await connection.close()
    return {row["a"] for row in rows}


@pytest.mark.parametrize("call", ["pwrite64", "fdatasync"])
@pytest.mark.parametrize("does", ["kill", "tear", errno.EIO, errno.ENOSPC])
async def test_a_server_that_fails_at_its_log_keeps_what_it_has_committed(
    guard: Guard, guarded: PostgresServer, call: str, does: Literal["kill", "tear"] | int
) -> None:
    dsn, starts = guarded.database(), guarded.starts
    guard.arm(Fault(calls=(call,), files=LOG, nth=20, does=does))
    done = await committed(dsn, 60)
    assert guard.happened()
    guard.arm(None)
    guarded.wait(starts + 1)
    assert 0 < len(done) < 60
    assert done <= await found(dsn)


async def test_a_server_that_loses_its_power_keeps_what_it_has_committed_and_only_that(
    guard: Guard, guarded: PostgresServer
) -> None:
    chance = random.Random(1)
    for synchronous in ("on", "off"):
        dsn = guarded.database()
        guard.arm(None)
        done = await committed(dsn, 2_000, synchronous=synchronous)
        guarded.kill(signal.SIGKILL)
        guard.cut(chance)
        guarded.restart()
        kept = await found(dsn)
        assert (done <= kept) == (synchronous == "on")


async def test_what_a_server_wrote_to_its_log_and_never_synced_is_at_stake(
    guard: Guard, guarded: PostgresServer
) -> None:
    dsn = guarded.database()
    guard.arm(Fault(calls=("fdatasync",), files=LOG, nth=20, does=errno.EIO, times=1_000_000))
    done = await committed(dsn, 60)
    guarded.kill()
    assert guard.cut(random.Random(1)) > 0
    guard.arm(None)
    guarded.restart()
    assert 0 < len(done) <= len(await found(dsn))
