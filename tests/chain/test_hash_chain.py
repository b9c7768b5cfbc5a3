from typing import Any

import pytest

from chain.errors import OutOfRange, WrongLength
from chain.hash_chain import Ticks, condition_data, condition_proof, hashed
from chain.keccak import keccak
from chain.units import Amount, Hash32

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


def test_the_condition_contract_is_told_two_words_and_shown_a_tip_and_a_number() -> None:
    assert condition_data(SEED, Amount(5)) == SEED + bytes(31) + b"\5"
    assert condition_proof(SEED, 1_024) == SEED + b"\4\0"


@pytest.mark.parametrize(
    ("anchor", "each", "error"),
    [(SEED[:31], 5, WrongLength), (SEED, -1, OutOfRange), (SEED, 2**96, OutOfRange)],
)
def test_what_the_condition_contract_is_told_fits_its_words(anchor: Any, each: Any, error: Any) -> None:
    with pytest.raises(error):
        condition_data(anchor, each)


@pytest.mark.parametrize(
    ("tip", "steps", "error"), [(SEED[:31], 5, WrongLength), (SEED, -1, OutOfRange), (SEED, 1_025, OutOfRange)]
)
def test_a_proof_is_one_that_the_condition_contract_takes(tip: Any, steps: Any, error: Any) -> None:
    with pytest.raises(error):
        condition_proof(tip, steps)
