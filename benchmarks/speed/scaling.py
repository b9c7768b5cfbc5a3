"""Curves, not ratios: by processes, by channels in the store, and what memory an open channel takes."""

import asyncio
import gc
import json
import tempfile
import time
import tracemalloc
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path

from benchmarks.speed import postgres
from benchmarks.speed.crowd import Fill, crowd, fill_postgres, fill_sqlite
from benchmarks.speed.harness import Run, measure
from benchmarks.speed.market import Client, Market
from benchmarks.speed.processes import by_processes
from channels import SqliteStore
from channels.stores.opening import Store
from channels.stores.postgres import PostgresStore

FILE = Path(__file__).parent.parent / "scaling.json"
_CHANNELS = (10, 10_000, 1_000_000)
_IN_MEMORY = (10, 100, 1_000, 10_000)
_AT_ONCE = 10
_ACTIVE = 2_000
"""Channels that pay: many times more than any page of the database holds."""
Curves = dict[str, dict[int, float]]


def scaling(loop: asyncio.Runner, server: str) -> dict[str, Curves]:
    """By measurement, curves by their label; the gas a payment, which needs no clock, is elsewhere."""
    market = Market.start(loop)
    try:
        first = market.opened(1)[0]
        return {
            "processes": {"PostgreSQL": by_processes(market, first, postgres.database(loop, server))},
            "memory": {"AsyncPayee": {count: _memory(market, first, count) for count in _IN_MEMORY}},
            "channels": _by_channels(market, first, server),
        }
    finally:
        market.close()


def write(curves: dict[str, Curves]) -> None:
    """benchmarks/scaling.json, four digits of each."""
    told = {
        name: {label: {str(at): float(f"{value:.4g}") for at, value in curve.items()} for label, curve in drawn.items()}
        for name, drawn in curves.items()
    }
    FILE.write_text(json.dumps(told, indent=2) + "\n", "utf-8")


def _by_channels(market: Market, first: Client, server: str) -> Curves:
    """Payments a second, each store in its turn."""
    found: Curves = {"SQLite": {}, "PostgreSQL": {}}
    with tempfile.TemporaryDirectory() as folder:
        for count in _CHANNELS:
            path, dsn = Path(folder) / f"{count}.db", postgres.database(market.loop, server)
            found["SQLite"][count] = _rate(market, first, SqliteStore(path), partial(fill_sqlite, path), count)
            fill = partial(fill_postgres, market.loop, dsn)
            found["PostgreSQL"][count] = _rate(market, first, PostgresStore(dsn), fill, count)
    return found


def _rate(market: Market, first: Client, store: Store, fill: Fill, count: int) -> float:
    """Ten at once, all payers in turn, at a payee that has just started: it has to find every channel in its store."""
    clients = [first, *market.clients(1, min(count, _ACTIVE) - 1)]
    crowd(market, store, fill, clients, count)
    paid = 1

    def ready(payments: int) -> Run:
        nonlocal paid
        stack.close()
        till = stack.enter_context(closing(market.till(store)))
        till.skip(paid)
        till.run(till.queues([first], 1))
        each = -(-payments // len(clients))
        paid += 1 + each
        queues = till.queues(clients, each)
        shared = [[text for queue in queues[at::_AT_ONCE] for text in queue] for at in range(_AT_ONCE)]
        return lambda: till.run(shared)

    with ExitStack() as stack:
        return measure({"pay": ready}, rounds=7, seconds=0.4, clock=time.perf_counter).of("pay").median


def _memory(market: Market, first: Client, count: int) -> float:
    """Bytes of Python's heap for each channel that has paid, in a payee over SQLite; none of them ever paid before."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "till.db"
        clients = [first, *market.clients(10 * count, count - 1)]
        crowd(market, SqliteStore(path), partial(fill_sqlite, path), clients, count)
        with closing(market.till(SqliteStore(path))) as till:
            till.skip(1)
            queues = till.queues(clients, 1)
            tracemalloc.start()
            try:
                before = _held()
                till.run([[text for queue in queues for text in queue]])
                return (_held() - before) / count
            finally:
                tracemalloc.stop()


def _held() -> int:
    gc.collect()
    return tracemalloc.get_traced_memory()[0]
