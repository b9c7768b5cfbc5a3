"""Parts that do what a test says: the worker's own duties, without a chain."""

import asyncio
from collections.abc import Callable

from earnest.worker.lease import Held
from earnest.worker.report import Report


class Doing:
    """Runs `step` in each round, and counts."""

    every = 0.01

    def __init__(self, name: str, step: Callable[[int], Report | None] = lambda _: None) -> None:
        self.name, self.rounds, self.fences = name, 0, list[int]()
        self._step = step
        self._busy = False

    async def round(self, held: Held, now: float) -> Report:
        assert not self._busy, "a round overlaps itself"
        self._busy = True
        await asyncio.sleep(0)
        self._busy = False
        self.rounds += 1
        self.fences.append(held.fence)
        return self._step(self.rounds) or Report()


class Lasting:
    """A round that takes until the test ends it."""

    every = 0.01

    def __init__(self, name: str) -> None:
        self.name, self.begun, self.end, self.ended = name, asyncio.Event(), asyncio.Event(), False
        self.cut_off = False

    async def round(self, held: Held, now: float) -> Report:
        self.begun.set()
        try:
            await self.end.wait()
        except asyncio.CancelledError:
            self.cut_off = True
            raise
        self.ended = True
        return Report()


async def until(true: Callable[[], object]) -> None:
    """Waits for it; a test that hangs is ended."""
    async with asyncio.timeout(20):
        while not true():  # noqa: ASYNC110  # What is awaited is anything at all.
            await asyncio.sleep(0.005)  # What is awaited is anything at all.
