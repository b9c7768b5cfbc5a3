"""Payments a second of several processes over one PostgreSQL."""

import asyncio
import multiprocessing as mp
import time
from collections.abc import Sequence
from functools import partial
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from statistics import median

from benchmarks.speed.crowd import crowd, fill_postgres
from benchmarks.speed.market import Client, Market
from channels.stores.postgres import PostgresStore

_PROCESSES = (1, 2)
_CLIENTS = 64
_EACH = 30
_ROUNDS = 7
_PATIENCE = 120.0
"""Seconds: a process that died holds nobody up for longer."""


def by_processes(market: Market, first: Client, dsn: str) -> dict[int, float]:
    """The median round; in each, every process serves 64 clients of its own, and the slowest one's time counts."""
    payers = [first, *market.clients(1, _CLIENTS * max(_PROCESSES))]
    crowd(market, PostgresStore(dsn), partial(fill_postgres, market.loop, dsn), payers, len(payers))
    return {count: _rate(dsn, count, 1 + _EACH * _ROUNDS * turn) for turn, count in enumerate(_PROCESSES)}


def _rate(dsn: str, count: int, paid: int) -> float:
    """`paid` is how many vouchers each client has sent at most before."""
    context = mp.get_context("spawn")  # A fork would share the event loop and the connections.
    start, took = context.Barrier(count), context.Queue()
    processes = [
        context.Process(target=_serve, args=(dsn, 1 + _CLIENTS * number, paid, start, took)) for number in range(count)
    ]
    for process in processes:
        process.start()
    try:
        found: Sequence[list[float]] = [took.get(timeout=_PATIENCE) for _ in processes]
    finally:
        for process in processes:
            process.join(_PATIENCE)
    slowest: list[float] = [max(seconds) for seconds in zip(*found, strict=True)]
    return count * _CLIENTS * _EACH / median(slowest)


def _serve(dsn: str, first: int, paid: int, start: Barrier, took: "Queue[list[float]]") -> None:
    """One process: its seconds for each round. It has a chain, too, which it never asks: the store knows the lanes."""
    with asyncio.Runner() as loop:
        market = Market.start(loop)
        clients, till = market.clients(first, _CLIENTS), market.till(PostgresStore(dsn))
        till.skip(paid)
        seconds = []
        for _ in range(_ROUNDS):
            queues = till.queues(clients, _EACH)
            start.wait(_PATIENCE)
            began = time.perf_counter()
            till.run(queues)
            seconds.append(time.perf_counter() - began)
        took.put(seconds)
        till.close()
        market.close()
