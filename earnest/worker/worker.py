"""The process: it waits for the lease, then runs each part in a loop of its own until it ends or the lease is lost."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from chain.errors import EarnestError, StoreError
from earnest.worker.backoff import delay
from earnest.worker.errors import WorkerLeaseLost
from earnest.worker.health import Health, Limits, PartState, judge
from earnest.worker.lease import Held, Lease
from earnest.worker.metrics import Metrics
from earnest.worker.part import Part
from earnest.worker.report import Report

_FIRST, _MOST = 1.0, 60.0
"""Seconds before a failed round is tried again."""
UNHURRIED = Limits(max_lag=300, max_round=600)


class Worker:
    """At most one works at a time; `clock` and `random` (0 to 1) are handed in, `log` is structlog's."""

    def __init__(
        self,
        parts: Sequence[Part],
        lease: Lease,
        clock: Callable[[], float],
        *,
        random: Callable[[], float],
        log: Any,
        metrics: Metrics | None = None,
        limits: Limits = UNHURRIED,
    ) -> None:
        self.metrics = metrics or Metrics()
        self._parts, self._lease, self._clock, self._random, self._log = parts, lease, clock, random, log
        self._limits = limits
        self._held: Held | None = None
        self._states: dict[str, PartState] = {}

    async def run(self, ending: asyncio.Event) -> None:
        """Until `ending` is set, and the rounds under way have ended."""
        while not ending.is_set():
            held = await self._take()
            if held is None:
                await _pause(ending, self._lease.length / 3)
                continue
            self._log.info("lease taken", fence=held.fence)
            await self._work(held, ending)

    def health(self) -> Health:
        """As of now."""
        try:
            current = self._lease.current(self._clock())
        except StoreError:
            current = None
        parts = [self._states.get(part.name, PartState(name=part.name)) for part in self._parts]
        return judge(current, ours=self._held, parts=parts, now=self._clock(), limits=self._limits)

    async def _take(self) -> Held | None:
        self.metrics.set("lease_held", 0)
        try:
            return await asyncio.to_thread(self._lease.take, self._clock())
        except StoreError as error:
            self._failed("lease", error)
            return None

    async def _work(self, held: Held, ending: asyncio.Event) -> None:
        """Ends with the rounds under way, or cuts them off where the lease is lost: another worker does them again."""
        self._held, self._states = held, {}
        self.metrics.set("lease_held", 1)
        rounds = [asyncio.create_task(self._rounds(part, ending)) for part in self._parts]
        working = asyncio.gather(*rounds)
        keeping = asyncio.create_task(self._keep())
        try:
            await asyncio.wait((working, keeping), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (*rounds, keeping):
                task.cancel()
            await asyncio.gather(*rounds, keeping, return_exceptions=True)
            with suppress(asyncio.CancelledError, WorkerLeaseLost):
                await working
            await self._let_go()

    async def _keep(self) -> None:
        """Renews the lease until it is lost. A store that is busy is no loss before the lease runs out."""
        while self._held:
            await asyncio.sleep(self._lease.length / 3)
            try:
                self._held = await asyncio.to_thread(self._lease.renew, self._held, self._clock())
            except WorkerLeaseLost as lost:
                self._log.warning("lease lost", fence=lost.fence)
                return
            except StoreError as error:
                self._failed("lease", error)
                if self._clock() >= self._held.until:
                    return

    async def _let_go(self) -> None:
        held, self._held = self._held, None
        self.metrics.set("lease_held", 0)
        if held:
            with suppress(StoreError):
                await asyncio.to_thread(self._lease.release, held)

    async def _rounds(self, part: Part, ending: asyncio.Event) -> None:
        while not ending.is_set():
            report = await self._round(part)
            if report is None:
                failures = self._states[part.name].failures
                await _pause(ending, delay(failures, first=_FIRST, most=_MOST, random=self._random()))
            elif not report.again:
                await _pause(ending, part.every)

    async def _round(self, part: Part) -> Report | None:
        """None where it failed; that is nobody else's problem. Raises `WorkerLeaseLost`."""
        state = self._states.get(part.name, PartState(name=part.name))
        now = self._clock()
        if self._held is None or now >= self._held.until:
            raise WorkerLeaseLost(*((self._held.holder, self._held.fence) if self._held else ("", 0)))
        self._states[part.name] = replace(state, running_since=now)
        try:
            report = await part.round(self._held, now)
            self._note(part, report)
            if report.failure:
                raise report.failure
        except WorkerLeaseLost:
            raise
        except Exception as error:  # noqa: BLE001  # One part's bug must not stop the others from claiming.
            self._failed(part.name, error)
            self._states[part.name] = replace(state, failures=state.failures + 1, error=type(error).__name__)
            return None
        self._states[part.name] = PartState(name=part.name, rounds=state.rounds + 1, behind=report.behind)
        return report

    def _note(self, part: Part, report: Report) -> None:
        self.metrics.take(report)
        self.metrics.count("rounds", part.name)
        self.metrics.set("last_round_timestamp_seconds", self._clock(), part.name)
        for said in report.said:
            write = self._log.warning if said.warn else self._log.info
            write(said.event, part=part.name, **said.facts)

    def _failed(self, name: str, error: Exception) -> None:
        """Our own errors say facts that may be read; of others only the type and the place are written."""
        self.metrics.count("errors", name, type(error).__name__)
        why = str(error) if isinstance(error, EarnestError) else _place(error)
        self._log.warning("round failed", part=name, error=type(error).__name__, why=why)


async def _pause(ending: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(ending.wait(), seconds)


def _place(error: Exception) -> str:
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_qualname}:{trace.tb_lineno}" if trace else ""
