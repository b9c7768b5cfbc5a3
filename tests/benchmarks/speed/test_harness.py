import gc
from collections.abc import Callable

import pytest

from benchmarks.speed.harness import Rates, Run, Spread, Task, TooFew, measure


class Machine:
    """A clock that only the tasks move."""

    def __init__(self) -> None:
        self.now = 0.0
        self.ran: list[str] = []

    def task(self, name: str, seconds: Callable[[], float]) -> Task:
        def ready(count: int) -> Run:
            def run() -> int:
                self.ran.append(name)
                self.now += count * seconds()
                return count

            return run

        return ready

    def clock(self) -> float:
        return self.now


def test_a_rate_is_how_many_a_second_a_task_did() -> None:
    machine = Machine()

    rates = measure({"one": machine.task("one", lambda: 0.001)}, rounds=5, clock=machine.clock)

    assert rates.of("one").median == pytest.approx(1_000)


def test_a_task_is_given_as_much_as_fills_its_time() -> None:
    machine, counts = Machine(), []

    def ready(count: int) -> Run:
        counts.append(count)
        return machine.task("one", lambda: 0.001)(count)

    measure({"one": ready}, rounds=1, seconds=0.5, clock=machine.clock)

    assert counts[-1] == 500


def test_a_ratio_is_found_in_every_round_so_that_a_slow_one_is_slow_for_both() -> None:
    rates = Rates({"ours": [8.0, 2.0, 80.0], "theirs": [4.0, 1.0, 40.0]})

    assert rates.ratio("ours", "theirs") == Spread(low=2.0, median=2.0, high=2.0)


def test_every_other_round_runs_backwards() -> None:
    machine = Machine()
    names = ("one", "two", "three")

    measure({name: machine.task(name, lambda: 1.0) for name in names}, rounds=2, clock=machine.clock)

    assert machine.ran[-6:] == ["one", "two", "three", "three", "two", "one"]


def test_what_a_task_leaves_undone_fails_the_run() -> None:
    machine, asked = Machine(), []

    def ready(count: int) -> Run:
        def run() -> int:
            asked.append(count)
            machine.now += 1.0
            return count - 1 if len(asked) > 1 else count

        return run

    with pytest.raises(TooFew) as refused:
        measure({"lazy": ready}, seconds=2.0, clock=machine.clock)
    assert (refused.value.task, refused.value.done, refused.value.count) == ("lazy", 1, 2)


def test_no_garbage_is_collected_while_a_task_is_timed_and_it_is_afterwards() -> None:
    machine, collecting = Machine(), []

    def ready(count: int) -> Run:
        def run() -> int:
            collecting.append(gc.isenabled())
            return machine.task("one", lambda: 1.0)(count)()

        return run

    measure({"one": ready}, rounds=2, clock=machine.clock)

    assert not any(collecting)
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0


def test_a_spread_is_the_median_between_the_quartiles() -> None:
    assert Spread.of([5.0, 1.0, 4.0, 2.0, 3.0]) == Spread(low=2.0, median=3.0, high=4.0)
