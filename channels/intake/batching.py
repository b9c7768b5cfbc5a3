"""Many calls, one piece of work: while one batch is at work the next one gathers, so nobody waits for company."""

import asyncio
import threading
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")
Answer = TypeVar("Answer")
MOST = 1_024
"""Calls in one batch."""


class AsyncBatcher(Generic[Item, Answer]):
    """For one event loop. `work` answers for each item in order; an answer that is an exception is raised to its call.

    A call that is cancelled is done all the same: it may be in a batch already.
    """

    def __init__(self, work: Callable[[Sequence[Item]], Awaitable[Sequence[Answer | Exception]]]) -> None:
        self._work = work
        self._waiting: list[tuple[Item, asyncio.Future[Answer]]] = []
        self._worker: asyncio.Task[None] | None = None

    async def run(self, item: Item) -> Answer:
        """What the work answers for this item."""
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._worker is None:
            self._worker = asyncio.create_task(self._run())
        return await future

    async def _run(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                await self._answer(batch)
        finally:
            self._worker = None

    async def _answer(self, batch: list[tuple[Item, "asyncio.Future[Answer]"]]) -> None:
        try:
            answers = await self._work([item for item, _ in batch])
        except Exception as failure:  # noqa: BLE001  # it is raised again, to every one that waits
            answers = [failure] * len(batch)
        for (_, future), answer in zip(batch, answers, strict=True):
            if future.done():
                continue
            if isinstance(answer, Exception):
                future.set_exception(answer)
            else:
                future.set_result(answer)


class _Call(Generic[Item, Answer]):
    __slots__ = ("answers", "item")

    def __init__(self, item: Item) -> None:
        self.item = item
        self.answers: list[Answer | BaseException] = []


class Batcher(Generic[Item, Answer]):
    """As `AsyncBatcher`, for threads: one that finds nobody at work does its own; of those that wait, the first does it
    for all of them.
    """

    def __init__(self, work: Callable[[Sequence[Item]], Sequence[Answer | Exception]]) -> None:
        self._work = work
        self._turn = threading.Lock()
        self._waiting: deque[_Call[Item, Answer]] = deque()

    def run(self, item: Item) -> Answer:
        """What the work answers for this item."""
        answer = self._in_turn(item) if self._waiting or self._turn.locked() else self._alone(item)
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def _alone(self, item: Item) -> Answer | BaseException:
        with self._turn:
            (answer,) = self._work((item,))
            return answer

    def _in_turn(self, item: Item) -> Answer | BaseException:
        call: _Call[Item, Answer] = _Call(item)
        self._waiting.append(call)
        with self._turn:
            while not call.answers:
                self._lead()
        return call.answers[0]

    def _lead(self) -> None:
        batch = [self._waiting.popleft() for _ in range(min(len(self._waiting), MOST))]
        try:
            answers: Sequence[Answer | BaseException] = self._work([call.item for call in batch])
        except BaseException as failure:  # noqa: BLE001  # it is raised again, to every one that waits
            answers = [failure] * len(batch)
        for call, answer in zip(batch, answers, strict=True):
            call.answers.append(answer)
