"""Vouchers made durable, of many clients at once and of one; the memory store is what they are measured by."""

import asyncio
import os
import tempfile
from collections.abc import Iterator
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
def tasks(loop: asyncio.Runner) -> Iterator[dict[str, Task]]:
    """`SQLite, 64 clients` and its like, each over a store of its own."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(postgres.server())
        market = Market.start(loop)
        stack.callback(market.close)
        opened = market.opened(max(_CLIENTS))
        found = {"bare fdatasync": stack.enter_context(_bare(folder / "bare"))}
        for count in _CLIENTS:
            for name, store in _stores(folder / f"{count}.db", postgres.database(loop, server)).items():
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


def _stores(path: Path, dsn: str) -> dict[str, Store]:
    """One client alone waits for PostgreSQL's answer and nothing else: that row says nothing of us."""
    return {"memory": MemoryStore(), "SQLite": SqliteStore(path), "PostgreSQL": PostgresStore(dsn)}
