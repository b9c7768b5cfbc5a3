from typing import Any

import pytest

from chain.errors import OutOfRange
from chain.units import Seconds
from escrow import conditions as c
from tests.escrow.conditions.cases import released

LINE = c.vesting(start=1_000, cliff=1_300, end=2_000)


@pytest.mark.parametrize(
    ("now", "value"),
    [(0, 0), (1_000, 0), (1_299, 0), (1_300, 300), (1_301, 301), (1_999, 999), (2_000, 1_000), (2_001, 1_000)],
)
def test_a_line_from_the_cliff_to_the_end(now: int, value: int) -> None:
    assert released(LINE.proof(), c.Facts(chain_id=1, now=Seconds(now))) == value


def test_a_part_is_rounded_down() -> None:
    thirds = c.vesting(start=0, end=3).proof()

    assert [released(thirds, c.Facts(chain_id=1, now=Seconds(now))) for now in range(4)] == [0, 333, 666, 1_000]


@pytest.mark.parametrize(
    ("times", "wrong"),
    [
        ({"start": 10, "end": 10}, "end"),
        ({"start": 10, "end": 9}, "end"),
        ({"start": 10, "cliff": 9, "end": 20}, "cliff"),
        ({"start": 10, "cliff": 21, "end": 20}, "cliff"),
        ({"start": -1, "end": 20}, "start"),
        ({"start": 10, "end": 2**48}, "end"),
        ({"start": 1.5, "end": 20}, "start"),
    ],
)
def test_times_out_of_order_are_refused_by_name(times: dict[str, Any], wrong: str) -> None:
    with pytest.raises(OutOfRange) as refused:
        c.vesting(**times)

    assert refused.value.name == wrong
