from dataclasses import replace
from typing import Any

import pytest

from chain.errors import InvalidValue, Malformed, OutOfRange
from chain.units import NOBODY
from escrow import conditions as c
from tests.escrow.conditions.cases import NOW, PRICE, released

ID = (1 << 64) + 9
BEFORE = c.Round(feed=PRICE.feed, round_id=ID - 1, answer=0, updated_at=NOW - 1, answered_in=ID - 1)
COUNTED = c.Round(feed=PRICE.feed, round_id=ID, answer=0, updated_at=NOW, answered_in=ID)


@pytest.mark.parametrize(
    ("answer", "value"), [(101, 0), (100, 0), (99, 5), (0, 500), (-99, 995), (-100, 1_000), (-(2**255), 1_000)]
)
def test_a_share_on_the_line_between_two_prices(answer: int, value: int) -> None:
    assert released(PRICE.proof(replace(COUNTED, answer=answer), BEFORE)) == value


@pytest.mark.parametrize(("price", "value"), [(-(2**255), 0), (-1, 499), (0, 500), (2**255 - 1, 1_000)])
def test_the_line_may_be_as_long_as_prices_go(price: int, value: int) -> None:
    longest = replace(PRICE, none_at=-(2**255), all_at=2**255 - 1)

    assert released(longest.proof(replace(COUNTED, answer=price), BEFORE)) == value


@pytest.mark.parametrize(
    ("counted", "before"),
    [
        ({"updated_at": NOW - 1}, {}),
        ({"updated_at": NOW + 60}, {}),
        ({"updated_at": 0}, {}),
        ({"answered_in": ID - 1}, {}),
        ({}, {"updated_at": NOW}),
        ({}, {"updated_at": 0}),
        ({}, {"round_id": ID - 2}),
        ({"round_id": ID + 1}, {}),
        ({"round_id": (2 << 64) + 9}, {"round_id": (2 << 64) + 8}),
        ({"round_id": (1 << 64) + 1}, {"round_id": 1 << 64}),
    ],
)
def test_one_round_counts_alone(counted: dict[str, Any], before: dict[str, Any]) -> None:
    assert released(PRICE.proof(COUNTED, BEFORE)) == 500
    assert released(PRICE.proof(replace(COUNTED, **counted), replace(BEFORE, **before))) == 0


def test_without_the_rounds_nothing_is_known() -> None:
    assert released(c.Proof(PRICE, PRICE.proof(COUNTED, BEFORE).shown)) == 0


def test_a_round_of_another_feed_is_refused() -> None:
    with pytest.raises(Malformed):
        PRICE.proof(replace(COUNTED, feed=NOBODY), BEFORE)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"none_at": -100}, Malformed),
        ({"phase": 0}, OutOfRange),
        ({"phase": 2**16}, OutOfRange),
        ({"time": 0}, OutOfRange),
        ({"time": 2**48}, OutOfRange),
        ({"within": 0}, OutOfRange),
        ({"within": 2**32}, OutOfRange),
        ({"all_at": 2**255}, OutOfRange),
        ({"none_at": -(2**255) - 1}, OutOfRange),
        ({"feed": "0x12"}, InvalidValue),
    ],
)
def test_what_can_never_pay_is_refused(change: dict[str, Any], error: type[InvalidValue]) -> None:
    with pytest.raises(error):
        replace(PRICE, **change)
