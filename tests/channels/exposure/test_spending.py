from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chain.errors import Malformed, OutOfRange
from channels.exposure import DAY, QUARTER, OverLimit, SpendLimits, SpentDay

MIDNIGHT: Any = 20_000 * DAY


def spent(amount: Any, at: Any) -> SpentDay:
    return SpentDay().spend(amount, at)


@pytest.mark.parametrize(
    ("limits", "room", "broken"),
    [
        ({}, None, None),
        ({"per_call": 5}, 5, ("per_call", 6, 5)),
        ({"per_payee": 25}, 5, ("per_payee", 26, 25)),
        ({"per_day": 37}, 7, ("per_day", 38, 37)),
        ({"per_call": 9, "per_payee": 25, "per_day": 31}, 1, ("per_day", 32, 31)),
        ({"per_payee": 10}, 0, ("per_payee", 21, 10)),
    ],
)
def test_one_unit_above_a_limit_is_refused_before_it_is_promised(limits: Any, room: Any, broken: Any) -> None:
    facts: Any = {"payee_spent": 20, "day": spent(30, MIDNIGHT), "now": MIDNIGHT}
    assert SpendLimits(**limits).room(**facts) == room
    if broken is None:
        SpendLimits(**limits).require(2**96, **facts)
        return
    SpendLimits(**limits).require(room, **facts)
    with pytest.raises(OverLimit) as caught:
        SpendLimits(**limits).require(room + 1, **facts)
    assert tuple(caught.value.facts.values()) == broken


@pytest.mark.parametrize(
    ("now", "counts"),
    [
        (MIDNIGHT, True),
        (MIDNIGHT - DAY, True),
        (MIDNIGHT + DAY - 1, True),
        (MIDNIGHT + DAY + QUARTER - 1, True),
        (MIDNIGHT + DAY + QUARTER, False),
    ],
)
def test_a_quarter_counts_until_all_of_it_is_a_day_old(now: Any, counts: bool) -> None:
    first_second = spent(7, MIDNIGHT)
    assert first_second.spent(now) == (7 if counts else 0)
    assert spent(7, MIDNIGHT + QUARTER - 1).spent(MIDNIGHT + QUARTER - 1 + DAY - 1) == 7, "the last second counts a day"


def test_midnight_frees_nothing() -> None:
    facts: Any = {"payee_spent": 0, "day": spent(10, MIDNIGHT - 1), "now": MIDNIGHT}
    with pytest.raises(OverLimit):
        SpendLimits(per_day=10).require(1, **facts)  # type: ignore[arg-type]


@given(
    steps=st.lists(st.tuples(st.integers(-QUARTER, DAY // 2), st.integers(1, 60)), max_size=40),
    limit=st.integers(1, 100),
)
def test_no_86400_seconds_ever_see_more_than_the_limit(steps: list[tuple[int, int]], limit: Any) -> None:
    day, now, paid = SpentDay(), MIDNIGHT, list[tuple[int, int]]()
    for seconds, amount in steps:
        now += seconds
        try:
            SpendLimits(per_day=limit).require(amount, payee_spent=0, day=day, now=now)
        except OverLimit:
            continue
        day = day.spend(amount, now)  # type: ignore[arg-type]
        paid.append((now, amount))
    for start, _ in paid:
        assert sum(amount for at, amount in paid if start <= at < start + DAY) <= limit


def test_a_day_of_any_traffic_is_97_numbers() -> None:
    day = SpentDay()
    for step in range(400):
        day = day.spend(1, MIDNIGHT + step * 600)  # type: ignore[arg-type]
    assert len(day.quarters) == 97


@pytest.mark.parametrize(
    "wrong", [((2, 1), (1, 1)), ((1, 1), (1, 1)), ((-1, 1),), ((1, -1),), ((True, 1),), ((1, "1"),)]
)
def test_quarters_out_of_order_or_that_cannot_be_are_refused(wrong: Any) -> None:
    with pytest.raises(Malformed):
        SpentDay(quarters=wrong)


@pytest.mark.parametrize("name", ["per_call", "per_payee", "per_day"])
def test_a_limit_that_is_no_amount_is_refused(name: str) -> None:
    for wrong in (-1, 2**96, True):
        with pytest.raises(OutOfRange):
            SpendLimits(**{name: wrong})  # type: ignore[arg-type]
