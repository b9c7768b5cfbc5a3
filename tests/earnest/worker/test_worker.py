import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import pytest
import structlog
from structlog.testing import LogCapture

from chain.errors import NodeUnreachable
from earnest.worker.errors import WorkerLeaseLost
from earnest.worker.file import WorkerFile
from earnest.worker.health import Limits
from earnest.worker.lease import Lease
from earnest.worker.part import Part
from earnest.worker.report import Count, Gauge, Report, Said
from earnest.worker.worker import Worker
from tests.earnest.worker.parts_of_tests import Doing, Lasting, until
from tests.earnest.worker.values import CHAIN_ID

LENGTH = 0.6
"""Seconds of a lease: short, so that a takeover is seen; no test depends on how long it really took."""


class Bench:
    """Workers on one file."""

    def __init__(self, path: Path) -> None:
        self._path, self._files = path, list[WorkerFile]()
        self.log = LogCapture()
        self.now = 0.0

    def worker(self, *parts: Part, name: str = "one", clock: Callable[[], float] | None = None) -> Worker:
        self._files.append(WorkerFile(self._path, CHAIN_ID))
        return Worker(
            parts,
            Lease(self._files[-1], name, LENGTH),
            clock or asyncio.get_running_loop().time,
            random=lambda: 1.0,
            log=structlog.wrap_logger(None, processors=[self.log]),
            limits=Limits(max_lag=60, max_round=30),
        )

    def events(self, name: str) -> list[Any]:
        return [entry for entry in self.log.entries if entry["event"] == name]

    def close(self) -> None:
        for file in self._files:
            file.close()


@pytest.fixture
def bench(path: Path) -> Any:
    bench = Bench(path)
    yield bench
    bench.close()


@asynccontextmanager
async def running(worker: Worker) -> AsyncIterator[asyncio.Event]:
    ending = asyncio.Event()
    task = asyncio.create_task(worker.run(ending))
    try:
        yield ending
    finally:
        ending.set()
        await asyncio.wait_for(task, 20)


async def test_every_part_goes_on_in_a_loop_of_its_own(bench: Bench) -> None:
    slow, fast = Lasting("slow"), Doing("fast")

    async with running(bench.worker(slow, fast)):
        await until(lambda: fast.rounds > 3)
        assert not slow.ended
        slow.end.set()


async def test_a_part_that_fails_stops_no_other_and_is_tried_again(bench: Bench) -> None:
    def failing(rounds: int) -> None:
        if rounds < 3:
            raise NodeUnreachable("node", "silent")

    odd, good = Doing("odd", failing), Doing("good")
    worker = bench.worker(odd, good)

    async with running(worker):
        await until(lambda: odd.rounds > 3 and good.rounds > 3)
        assert worker.health().ok

    text = worker.metrics.text().decode()
    assert 'earnest_errors_total{part="odd",type="NodeUnreachable"} 2.0' in text
    assert [entry["why"] for entry in bench.events("round failed")] == ["node can't be reached: silent"] * 2


async def test_of_a_strange_error_only_type_and_place_are_written(bench: Bench) -> None:
    def broken(_: int) -> None:
        raise ValueError("the-key-itself")

    worker = bench.worker(Doing("odd", broken))

    async with running(worker):
        await until(lambda: len(bench.events("round failed")) == 2)
        assert worker.health().reasons == ("odd: the last round ended with ValueError, 2 in a row",)

    said = bench.events("round failed")[0]
    assert "the-key-itself" not in str(said)
    assert (said["error"], "broken" in said["why"]) == ("ValueError", True)


async def test_a_round_reports_what_it_counted_measured_and_says(bench: Bench) -> None:
    report = Report(
        counts=(Count("events", 2, ("Escrow", "Captured")),),
        gauges=(Gauge("money_at_risk_units", 7, ("USDC",)),),
        said=(Said("event undone", {"name": "Captured"}, warn=True),),
        behind=1.0,
    )
    part = Doing("part", lambda rounds: report if rounds == 1 else None)
    worker = bench.worker(part)

    async with running(worker):
        await until(lambda: part.rounds > 1)

    text = worker.metrics.text().decode()
    assert 'earnest_events_total{contract="Escrow",event="Captured"} 2.0' in text
    assert 'earnest_money_at_risk_units{token="USDC"} 7.0' in text
    (said,) = bench.events("event undone")
    assert (said["log_level"], said["part"], said["name"]) == ("warning", "part", "Captured")


async def test_of_two_workers_one_works_and_the_other_follows(bench: Bench) -> None:
    first, second = Doing("part"), Doing("part")
    one, two = bench.worker(first, name="one"), bench.worker(second, name="two")

    async with running(one) as ending:
        await until(lambda: first.rounds)
        async with running(two):
            await until(lambda: two.health().lease == "waiting")
            assert two.health().ok
            before = first.rounds
            await until(lambda: first.rounds > before + 3)
            assert not second.rounds

            ending.set()
            await until(lambda: second.rounds)
            stopped = first.rounds
            await until(lambda: second.rounds > 3)
            assert first.rounds == stopped
    assert max(first.fences) < min(second.fences)


async def test_a_worker_that_freezes_past_its_lease_is_followed_and_does_nothing_more(bench: Bench) -> None:
    loop, frozen = asyncio.get_running_loop(), [0.0]
    first, second = Lasting("part"), Doing("part")

    def clock() -> float:
        return loop.time() + frozen[0]

    async with running(bench.worker(first, name="one", clock=clock)) as ending:
        await first.begun.wait()
        ending.set()  # Else it might take the next turn, too, before anybody looks.
        frozen[0] = 100.0  # As after a suspended machine: it wakes when its lease is long over.
        await until(lambda: bench.events("lease lost"))
        async with running(bench.worker(second, name="two", clock=clock)):
            await until(lambda: second.rounds)
    assert not first.ended


async def test_no_round_begins_once_the_lease_is_over(bench: Bench) -> None:
    loop, frozen = asyncio.get_running_loop(), [0.0]
    part = Doing("part")

    async with running(bench.worker(part, clock=lambda: loop.time() + frozen[0])):
        await until(lambda: part.rounds)
        frozen[0], before = 100.0, len(part.fences)
        await until(lambda: 2 in part.fences)

    assert set(part.fences[before:]) == {2}


async def test_the_end_waits_for_the_round_under_way_and_keeps_the_lease_meanwhile(bench: Bench) -> None:
    slow, waiting = Lasting("slow"), Doing("part")
    one, two = bench.worker(slow, name="one"), bench.worker(waiting, name="two")

    async with running(one) as ending:
        await slow.begun.wait()
        ending.set()
        async with running(two):
            await asyncio.sleep(2 * LENGTH)
            assert not waiting.rounds
            slow.end.set()
            await until(lambda: waiting.rounds)
    assert slow.ended


async def test_a_part_that_finds_the_lease_lost_ends_the_turn(bench: Bench) -> None:
    def lost(rounds: int) -> None:
        if rounds == 1:
            raise WorkerLeaseLost("one", 1)

    part = Doing("part", lost)

    async with running(bench.worker(part)):
        await until(lambda: part.rounds > 1)
    assert part.fences[:2] == [1, 2]


async def test_a_file_that_fails_stops_the_work_and_is_said(bench: Bench, path: Path) -> None:
    slow = Lasting("slow")
    worker = bench.worker(slow)

    async with running(worker):
        await slow.begun.wait()
        with closing(sqlite3.connect(path)) as vandal:
            vandal.execute("DROP TABLE lease")
        await until(lambda: not worker.health().ok)
        await until(lambda: slow.cut_off)
        said = len(bench.events("round failed"))
        await until(lambda: len(bench.events("round failed")) > said + 2)
    assert not slow.ended
    assert {entry["error"] for entry in bench.events("round failed")} == {"StoreFailed"}
