import asyncio
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from channels.errors import UnknownDelivery
from channels.intake.batching import AsyncBatcher, Batcher, _Call

Answers = list[int | Exception]


class Work:
    """Doubles what is even, refuses what is odd; waits for `go`, and remembers its batches."""

    def __init__(self) -> None:
        self.batches = list[list[int]]()
        self.began, self.go = asyncio.Event(), asyncio.Event()

    async def __call__(self, items: Sequence[int]) -> Answers:
        self.batches.append(list(items))
        self.began.set()
        await self.go.wait()
        return answers_to(items)


def answers_to(items: Sequence[int]) -> Answers:
    return [UnknownDelivery(str(item)) if item % 2 else 2 * item for item in items]


async def tasks_of(batcher: AsyncBatcher[int, int], items: Sequence[int]) -> list[asyncio.Task[int]]:
    tasks = [asyncio.create_task(batcher.run(item)) for item in items]
    await asyncio.sleep(0)
    return tasks


async def test_what_comes_while_one_batch_is_at_work_is_the_next_one() -> None:
    work = Work()
    batcher = AsyncBatcher(work)
    first = await tasks_of(batcher, [0])
    await work.began.wait()
    later = await tasks_of(batcher, [2, 4, 6])
    work.go.set()
    assert await asyncio.gather(*first, *later) == [0, 4, 8, 12]
    assert work.batches == [[0], [2, 4, 6]]
    assert await batcher.run(8) == 16
    assert work.batches[2:] == [[8]], "nobody waits for company"


async def test_a_refusal_reaches_its_own_caller_and_no_other() -> None:
    work = Work()
    work.go.set()
    answers = await asyncio.gather(*(await tasks_of(AsyncBatcher(work), range(6))), return_exceptions=True)
    assert work.batches == [[0, 1, 2, 3, 4, 5]]
    with pytest.raises(UnknownDelivery):
        await AsyncBatcher(work).run(7)
    assert [answer for answer in answers if isinstance(answer, int)] == [0, 4, 8]
    assert [answer.facts for answer in answers if isinstance(answer, UnknownDelivery)] == [
        {"key": str(odd)} for odd in (1, 3, 5)
    ]


async def test_a_batch_is_never_longer_than_the_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("channels.intake.batching.MOST", 3)
    work = Work()
    work.go.set()
    tasks = await tasks_of(AsyncBatcher(work), range(0, 16, 2))
    assert await asyncio.gather(*tasks) == list(range(0, 32, 4))
    assert work.batches == [[0, 2, 4], [6, 8, 10], [12, 14]]


async def test_work_that_fails_is_raised_to_all_that_wait_for_it_and_the_next_batch_works() -> None:
    calls = list[list[int]]()

    async def work(items: Sequence[int]) -> Answers:
        calls.append(list(items))
        await asyncio.sleep(0)
        if len(calls) == 1:
            raise OSError("the disk is full")
        return answers_to(items)

    batcher = AsyncBatcher(work)
    failed = await tasks_of(batcher, [0, 2])
    await asyncio.sleep(0)
    later = await tasks_of(batcher, [4])
    assert [type(answer) for answer in await asyncio.gather(*failed, return_exceptions=True)] == [OSError, OSError]
    assert await asyncio.gather(*later) == [8]


async def test_a_call_that_is_cancelled_is_done_all_the_same_and_disturbs_nobody() -> None:
    work = Work()
    batcher = AsyncBatcher(work)
    at_work = await tasks_of(batcher, [0])
    await work.began.wait()
    waiting = await tasks_of(batcher, [2, 3, 4])
    for task in (at_work[0], waiting[0]):
        task.cancel()
    await asyncio.sleep(0)
    work.go.set()
    answers = await asyncio.gather(*at_work, *waiting, return_exceptions=True)
    assert [type(answer) for answer in answers] == [asyncio.CancelledError] * 2 + [UnknownDelivery, int]
    assert work.batches == [[0], [2, 3, 4]]
    assert await batcher.run(6) == 12


async def test_thousands_at_once_each_have_their_own_answer() -> None:
    async def work(items: Sequence[int]) -> Answers:
        await asyncio.sleep(0)
        return answers_to(items)

    batcher = AsyncBatcher(work)
    answers = await asyncio.gather(*(batcher.run(item) for item in range(5_000)), return_exceptions=True)
    for item, answer in enumerate(answers):
        assert isinstance(answer, UnknownDelivery) if item % 2 else answer == 2 * item


def test_threads_that_wait_are_one_batch_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("channels.intake.batching.MOST", 3)
    batches, began, go = list[list[int]](), threading.Event(), threading.Event()

    def work(items: Sequence[int]) -> Answers:
        batches.append(list(items))
        began.set()
        assert go.wait(10)
        return answers_to(items)

    batcher = Batcher(work)
    with ThreadPoolExecutor(9) as pool:
        calls = [pool.submit(batcher.run, 0)]
        assert began.wait(10)
        calls += [pool.submit(batcher.run, item) for item in range(2, 10)]
        while len(batcher._waiting) < 8:
            threading.Event().wait(0.001)
        go.set()
        answers = [call.exception(10) or call.result() for call in calls]
    assert [len(batch) for batch in batches] == [1, 3, 3, 2]
    assert sorted(item for batch in batches for item in batch) == [0, *range(2, 10)]
    for item, answer in zip([0, *range(2, 10)], answers, strict=True):
        assert isinstance(answer, UnknownDelivery) if item % 2 else answer == 2 * item


@pytest.mark.parametrize("failure", [OSError, KeyboardInterrupt])
def test_a_thread_whose_work_fails_leaves_the_next_one_its_turn(failure: type[BaseException]) -> None:
    calls = list[list[int]]()

    def work(items: Sequence[int]) -> Answers:
        calls.append(list(items))
        if len(calls) == 1:
            raise failure
        return answers_to(items)

    batcher = Batcher(work)
    with pytest.raises(failure):
        batcher.run(2)
    assert batcher.run(4) == 8
    with pytest.raises(UnknownDelivery):
        batcher.run(5)
    assert calls == [[2], [4], [5]]


def test_every_thread_that_waits_for_work_hears_how_it_failed() -> None:
    """Also of what ends the thread that does it: nobody would do theirs any more."""
    began, go, heard = threading.Event(), threading.Event(), list[BaseException]()

    def work(items: Sequence[int]) -> Answers:
        if 0 not in items:
            raise KeyboardInterrupt
        began.set()
        assert go.wait(10)
        return answers_to(items)

    batcher = Batcher(work)

    def call(item: int) -> None:
        try:
            batcher.run(item)
        except KeyboardInterrupt as failure:
            heard.append(failure)

    threads = [threading.Thread(target=call, args=(item,), daemon=True) for item in (0, 2, 4)]
    threads[0].start()
    assert began.wait(10)
    for thread in threads[1:]:
        thread.start()
    while len(batcher._waiting) < 2:
        threading.Event().wait(0.001)
    go.set()
    for thread in threads:
        thread.join(5)
    assert [thread.is_alive() for thread in threads] == [False] * 3
    assert len(heard) == 2


def test_many_threads_each_have_their_own_answer() -> None:
    batcher = Batcher(answers_to)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(batcher.run, range(0, 4_000, 2)))
    assert answers == list(range(0, 8_000, 4))


def test_one_that_comes_between_two_turns_leads_those_that_wait() -> None:
    """Else a thread that calls again and again would have a write to disk of its own each time, and the others wait."""
    batches = list[list[int]]()

    def work(items: Sequence[int]) -> Answers:
        batches.append(list(items))
        return answers_to(items)

    batcher = Batcher(work)
    waiting = _Call[int, int](2)
    batcher._waiting.append(waiting)
    assert batcher.run(4) == 8
    assert batches == [[2, 4]]
    assert waiting.answers == [4]
