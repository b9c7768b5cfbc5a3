import pytest

from earnest.worker.backoff import delay


@pytest.mark.parametrize(
    ("failures", "random", "seconds"),
    [(1, 0, 2), (2, 0, 4), (3, 0, 8), (6, 0, 50), (10**6, 0, 50), (1, 1, 1), (2, 0.5, 3), (10**6, 1, 25)],
)
def test_each_failure_doubles_the_wait_up_to_the_most_less_some_chance(
    failures: int, random: float, seconds: float
) -> None:
    assert delay(failures, first=2, most=50, random=random) == seconds
