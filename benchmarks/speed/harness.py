"""Interleaved rounds: every round runs every task a little, so a ratio compares what the same moment allowed."""

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median, quantiles

Run = Callable[[], int]
"""What is timed; it says how many it did."""
Task = Callable[[int], Run]
"""Makes ready, untimed, what so many (or a few more) need."""
Clock = Callable[[], float]
"""`time.thread_time` for what never waits: then no other process is in it. `time.perf_counter` for what does."""


class TooFew(Exception):
    """A task did less than it was asked for: what it left undone, it would have been praised for."""

    def __init__(self, task: str, done: int, count: int) -> None:
        super().__init__(f"{task} did {done} of {count}")
        self.task, self.done, self.count = task, done, count


@dataclass(frozen=True, kw_only=True, slots=True)
class Spread:
    """The middle of many rounds: the median between both quartiles."""

    low: float
    median: float
    high: float

    @classmethod
    def of(cls, values: list[float]) -> "Spread":
        """Of at least two values."""
        low, _, high = quantiles(values, n=4, method="inclusive")
        return cls(low=low, median=median(values), high=high)


class Rates:
    """How many a second each task did, round by round."""

    def __init__(self, rounds: Mapping[str, list[float]]) -> None:
        self._rounds = rounds

    def of(self, task: str) -> Spread:
        """A task's own rate."""
        return Spread.of(self._rounds[task])

    def ratio(self, ours: str, theirs: str) -> Spread:
        """How many times as many: a ratio for each round, never one of two medians."""
        return Spread.of([one / other for one, other in zip(self._rounds[ours], self._rounds[theirs], strict=True)])

    def __or__(self, others: "Rates") -> "Rates":
        """With those of other tasks; no ratio is found across: their rounds were other moments."""
        return Rates({**self._rounds, **others._rounds})

    @property
    def tasks(self) -> list[str]:
        """In the order in which they were given."""
        return list(self._rounds)


def measure(tasks: Mapping[str, Task], *, rounds: int = 31, seconds: float = 0.03, clock: Clock) -> Rates:
    """Each task runs for about so many `seconds` a round; every other round runs them backwards.

    What the machine's clock rate and its other work do within a round so favours neither side of a ratio.
    """
    found: dict[str, list[float]] = {name: [] for name in tasks}
    with _collected():
        counts = {name: _count(task, seconds, clock) for name, task in tasks.items()}
        for turn in range(rounds):
            for name in list(tasks)[:: -1 if turn % 2 else 1]:
                done, took = _timed(tasks[name](counts[name]), clock)
                if done < counts[name]:
                    raise TooFew(name, done, counts[name])
                found[name].append(done / took)
    return Rates(found)


def _count(task: Task, seconds: float, clock: Clock) -> int:
    """How many fill the time; finding it out is the warm-up, too."""
    count = 1
    while True:
        done, took = _timed(task(count), clock)
        if took >= seconds / 4:
            return max(round(done * seconds / took), 1)
        count = max(count, done) * 2


def _timed(run: Run, clock: Clock) -> tuple[int, float]:
    """Garbage is collected before the clock starts, and not while it runs: it would hit whoever comes next."""
    gc.collect()
    gc.disable()
    try:
        began = clock()
        done = run()
        took = clock() - began
    finally:
        gc.enable()
    return done, took


@contextmanager
def _collected() -> Iterator[None]:
    """What is there to stay is not looked at again by every collection."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
