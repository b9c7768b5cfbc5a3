"""Vouchers made durable, of many clients at once and of one; the memory store is what they are measured by."""

import asyncio
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks.speed import postgres
from benchmarks.speed.harness import Run, Task
from benchmarks.speed.market import Market
from channels import MemoryStore, SqliteStore
from channels.stores.opening import Store
from channels.stores.postgres import PostgresStore

_CLIENTS = (64, 8, 1)
_PAGE = 4_096


@contextmanager
def sqlite(loop: asyncio.Runner) -> Iterator[dict[str, Task]]:
    """`SQLite, 64 clients` and its like, each over a store of its own; and what the disk itself does."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        bare = stack.enter_context(_bare(folder / "bare"))
        stores = {count: SqliteStore(folder / f"{count}.db") for count in _CLIENTS}
        yield {"bare fdatasync": bare} | stack.enter_context(_tasks(loop, "SQLite", stores))


@contextmanager
def postgresql(loop: asyncio.Runner) -> Iterator[dict[str, Task]]:
    """`PostgreSQL, 64 clients` and its like. One alone waits for the server and nothing else: it says nothing of us.

    Its server writes on long after it has answered: beside it, SQLite would wait for the same disk.
    """
    with postgres.server() as server:
        stores = {count: PostgresStore(postgres.database(loop, server)) for count in _CLIENTS}
        with _tasks(loop, "PostgreSQL", stores) as found:
            yield found


@contextmanager
def _tasks(loop: asyncio.Runner, kind: str, stores: Mapping[int, Store]) -> Iterator[dict[str, Task]]:
    with ExitStack() as stack:
        market = Market.start(loop)
        stack.callback(market.close)
        opened = market.opened(max(_CLIENTS))
        found = {}
        for count, durable in stores.items():
            for name, store in {f"memory beside {kind}": MemoryStore(), kind: durable}.items():
                till = market.till(store)
                stack.callback(till.close)
                found[f"{name}, {count} client{'s' * (count > 1)}"] = till.task(opened[:count])
        yield found


@contextmanager
def _bare(path: Path) -> Iterator[Task]:
    """What the disk itself does: a page written and synced, as every commit must at least; it explains the others."""
    file = os.open(path, os.O_RDWR | os.O_CREAT)

    def sync(count: int) -> Run:
        def run() -> int:
            for number in range(count):
                os.pwrite(file, bytes(_PAGE), number * _PAGE)
                os.fdatasync(file)
            return count

        return run

    try:
        yield sync
    finally:
        os.close(file)
