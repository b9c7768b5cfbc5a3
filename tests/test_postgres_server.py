import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import asyncpg
import pytest

from tests.postgres_server import PostgresServer


async def test_every_test_has_a_database_of_its_own(postgres: PostgresServer, dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute("CREATE TABLE mine (a INT)")
    other = await asyncpg.connect(postgres.database())
    assert await other.fetchval("SELECT to_regclass('mine')") is None
    await connection.close()
    await other.close()


async def test_it_syncs_as_a_shop_s_would_and_is_on_no_network(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    names = ("fsync", "synchronous_commit", "full_page_writes", "listen_addresses")
    settings = [await connection.fetchval("SELECT current_setting($1)", name) for name in names]
    assert settings == ["on", "on", "on", ""]
    await connection.close()


async def test_it_comes_back_with_what_was_committed() -> None:
    server = PostgresServer()
    try:
        dsn = server.database()
        for number in (signal.SIGQUIT, signal.SIGKILL):
            connection = await asyncpg.connect(dsn)
            await connection.execute("CREATE TABLE IF NOT EXISTS kept (a INT)")
            await connection.execute("INSERT INTO kept VALUES ($1)", int(number))
            server.kill(number)
            connection.terminate()
            server.restart()
        connection = await asyncpg.connect(dsn)
        kept = await connection.fetch("SELECT a FROM kept ORDER BY a")
        assert [row["a"] for row in kept] == [signal.SIGQUIT, signal.SIGKILL]
        await connection.close()
    finally:
        server.close()
    assert not server.folder.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent is dead")
def test_it_dies_with_whoever_started_it_and_the_next_one_tidies_up() -> None:
    script = """
import os
from tests.postgres_server import PostgresServer
server = PostgresServer()
print(server.folder, flush=True)
os.kill(os.getpid(), 9)
"""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=environment, check=False)
    folder = Path(done.stdout.strip())
    deadline = time.monotonic() + 10
    while (folder / "data" / "postmaster.pid").exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    PostgresServer().close()
    assert not folder.exists(), "the next one tidies up"
