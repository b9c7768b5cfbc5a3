from typing import Any

import pytest

from chain.errors import OutOfRange, WrongLength
from chain.hash_chain import Ticks, hashed
from chain.keccak import keccak
from chain.units import Hash32

SEED = keccak(b"seed")


def test_each_link_is_the_hash_of_the_next() -> None:
    ticks = Ticks(SEED, 5)

    assert ticks.tip(5) == SEED
    assert ticks.tip(0) == ticks.anchor == hashed(SEED, 5)
    assert all(keccak(ticks.tip(steps + 1)) == ticks.tip(steps) for steps in range(5))


@pytest.mark.parametrize("steps", [-1, 6, 1.0])
def test_there_are_no_ticks_beyond_the_last(steps: Any) -> None:
    with pytest.raises(OutOfRange):
        Ticks(SEED, 5).tip(steps)


@pytest.mark.parametrize("count", [-1, 2**32, 1.5])
def test_a_count_is_a_whole_number_of_32_bits(count: Any) -> None:
    with pytest.raises(OutOfRange):
        Ticks(SEED, count)


def test_a_seed_has_thirty_two_bytes_and_is_not_shown() -> None:
    with pytest.raises(WrongLength):
        Ticks(Hash32(bytes(31)), 5)
    assert SEED.hex() not in repr(Ticks(SEED, 5))
    assert repr(SEED) not in repr(Ticks(SEED, 5))
