"""`make bench`: measures, and writes what docs/performance.md shows. `python -m benchmarks gas` is a part of it."""

import asyncio
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path

from rich.console import Console

from benchmarks.gas import channels, duplex, escrow
from benchmarks.gas.table import table
from benchmarks.gas.world import World

PAGE = Path(__file__).parents[1] / "docs/performance.md"
_WAITING_ROUNDS, _WAITING_SECONDS = 11, 0.6
"""Fewer and longer where a disk or a server is waited for: after a pause, a machine wakes slowly for a while."""


def main() -> None:
    """Gas from receipts, speed in interleaved rounds, then how it scales; or only the parts that are named."""
    console = Console()
    for name, (part, does) in _PARTS.items():
        if name in (sys.argv[1:] or _PARTS):
            with console.status(f"{name}: {does}"):
                part()


def _gas() -> None:
    world = World.start()
    print(table(escrow.measure(world) | channels.measure(world) | duplex.measure(world)))
    world.chain.close()


def _speed() -> None:
    from benchmarks.speed import durable, shells, signing, ticks, wire, x402  # the peers are of the group `bench`
    from benchmarks.speed.harness import measure
    from benchmarks.speed.results import Results
    from benchmarks.speed.scene import Scene
    from chain import Chain

    scene = Scene()
    with ExitStack() as stack:
        chain, loop = stack.enter_context(Chain.local()), stack.enter_context(asyncio.Runner())
        busy = signing.tasks(scene) | wire.tasks(scene) | ticks.tasks(scene) | shells.tasks(chain) | x402.tasks(scene)
        rates = measure(busy, clock=time.thread_time)
        for waiting in (durable.sqlite, durable.postgresql):
            with waiting(loop) as tasks:
                rates |= measure(tasks, rounds=_WAITING_ROUNDS, seconds=_WAITING_SECONDS, clock=time.perf_counter)
        found = Results.of(rates)
    found.write()
    PAGE.write_text(found.documented(PAGE.read_text("utf-8")), "utf-8")
    print(found.table())


def _scaling() -> None:
    from benchmarks.speed import gas_per_payment, plots, postgres
    from benchmarks.speed.scaling import scaling, write

    world = World.start()
    transfer = gas_per_payment.plain_transfer(world)
    world.chain.close()
    with asyncio.Runner() as loop, postgres.server() as server:
        curves = {"gas_per_payment": gas_per_payment.curves(transfer)} | scaling(loop, server)
    write(curves)
    plots.draw(curves)


_PARTS: Mapping[str, tuple[Callable[[], None], str]] = {
    "gas": (_gas, "whole transactions on the embedded chain"),
    "speed": (_speed, "interleaved rounds"),
    "scaling": (_scaling, "processes, channels, memory"),
}


if __name__ == "__main__":
    main()
