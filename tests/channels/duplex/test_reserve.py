from typing import Any

import pytest

from chain.errors import OutOfRange, WrongLength
from chain.units import Hash32
from channels.duplex.reserve import DuplexReserve

HASH = Hash32(bytes([9]) * 32)


def reserve(**members: Any) -> DuplexReserve:
    usual: dict[str, Any] = {"from_a": 100, "from_b": 50, "until": 900, "promises": HASH}
    return DuplexReserve(**usual | members)


@pytest.mark.parametrize(
    ("recorded", "paid"),
    [((0, 0), (0, 0)), ((7, 8), (7, 8)), ((100, 50), (100, 50)), ((101, 51), (100, 50)), ((2**100, 0), (100, 0))],
)
def test_no_more_is_paid_than_is_kept_in_each_direction(recorded: tuple[int, int], paid: tuple[int, int]) -> None:
    newer = reserve().collect(*recorded)
    assert newer == reserve(paid_from_a=paid[0], paid_from_b=paid[1])
    assert newer.left == (100 - paid[0], 50 - paid[1])


@pytest.mark.parametrize(("now", "over"), [(899, False), (900, True), (901, True)])
def test_at_until_itself_promises_get_no_more(now: Any, over: bool) -> None:
    assert reserve().is_over(now) is over


@pytest.mark.parametrize("name", ["from_a", "from_b", "paid_from_a", "paid_from_b"])
def test_amounts_fit_96_bits(name: str) -> None:
    reserve(**{name: 2**96 - 1})
    for amount in (2**96, -1):
        with pytest.raises(OutOfRange):
            reserve(**{name: amount})


def test_a_second_fits_48_bits_and_a_hash_has_32_bytes() -> None:
    with pytest.raises(OutOfRange):
        reserve(until=2**48)
    with pytest.raises(WrongLength):
        reserve(promises=b"short")
