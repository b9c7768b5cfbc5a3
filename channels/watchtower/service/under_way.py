"""What a tower has begun: nothing is begun twice at once, and nothing is waited for without end."""

import asyncio
from collections.abc import Coroutine, Hashable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Begun:
    keys: frozenset[Hashable]
    at: float


class UnderWay(Generic[T]):
    """Whatever has taken `patience` seconds is given up, so that it may be planned anew; its transaction goes on."""

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._tasks: dict[asyncio.Task[T], _Begun] = {}

    @property
    def keys(self) -> frozenset[Hashable]:
        """Of all that has not ended."""
        return frozenset(key for begun in self._tasks.values() for key in begun.keys)

    def begin(self, keys: frozenset[Hashable], work: Coroutine[Any, Any, T], now: float) -> asyncio.Task[T]:
        """The work holds its keys until it ends or is given up."""
        task = asyncio.create_task(work)
        self._tasks[task] = _Begun(keys, now)
        task.add_done_callback(lambda ended: self._tasks.pop(ended, None))
        return task

    def give_up(self, now: float) -> None:
        """Stops waiting for what is too old."""
        for task, begun in list(self._tasks.items()):
            if now >= begun.at + self._patience:
                del self._tasks[task]
                task.cancel()

    async def close(self) -> None:
        """Stops waiting for everything."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
