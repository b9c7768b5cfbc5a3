"""The middle of two hops never loses if the outgoing promise expires early enough, and loses with one second less.

Bounds: a promise of 1, the outgoing one expires after 2 s; finality, inclusion and alarm of 1 s each, and others; the
payer asks for the incoming close twice at most, and takes it back. All of it is searched.
"""

from typing import Any

import pytest

from tests.models.hops import Hops
from tests.models.search import Found, search

TIMES = [
    {"finality": 1, "inclusion": 1, "alarm": 1},
    {"finality": 0, "inclusion": 2, "alarm": 1},
    {"finality": 2, "inclusion": 1, "alarm": 2},
]


def hops(times: dict[str, int], **less: int) -> Hops:
    """As the law wants it, or with so much less."""
    margin = times["finality"] + 2 * times["inclusion"] + times["alarm"] - less.get("margin", 0)
    window = times["alarm"] + 2 * times["inclusion"] + 1 - less.get("window", 0)
    return Hops(**times, margin=margin, window=window)


def played(hops: Hops) -> Found[Any]:
    return search(hops.start(), hops.moves, hops.lost)


@pytest.mark.parametrize("times", TIMES)
def test_the_middle_never_loses(times: dict[str, int]) -> None:
    found = played(hops(times))

    assert found.way == ()
    assert found.loss is None
    assert found.worlds > 1_000, "the search has looked at less than it should"


@pytest.mark.parametrize("times", TIMES)
def test_with_one_second_less_between_the_expiries_it_loses(times: dict[str, int]) -> None:
    assert played(hops(times, margin=1)).loss


@pytest.mark.parametrize("times", TIMES)
def test_with_a_window_one_second_shorter_it_loses(times: dict[str, int]) -> None:
    assert played(hops(times, window=1)).loss
