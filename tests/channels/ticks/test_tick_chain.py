import sys
import tracemalloc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chain.errors import OutOfRange
from chain.hash_chain import Ticks
from chain.keccak import keccak
from channels.ticks import TickChain
from tests.channels.ticks.conftest import SEED


@pytest.mark.parametrize("count", [0, 1, 2, 3, 7, 8, 9, 26, 27, 28, 63, 64, 65, 100])
def test_every_position_has_the_tip_that_hashing_from_the_seed_finds(count: int) -> None:
    ticks = Ticks(SEED, count)
    chain = TickChain(ticks)
    assert [chain.tip(position) for position in range(count + 1)] == [ticks.tip(n) for n in range(count + 1)]
    for position in range(count, -1, -1):
        assert chain.tip(position) == ticks.tip(position)


@given(count=st.integers(0, 300), asked=st.lists(st.integers(0, 300), max_size=12))
def test_positions_can_be_asked_for_in_any_order(count: int, asked: list[int]) -> None:
    ticks = Ticks(SEED, count)
    chain = TickChain(ticks)
    for position in asked:
        assert chain.tip(min(position, count)) == ticks.tip(min(position, count))


@pytest.mark.parametrize("position", [-1, 101])
def test_there_are_no_ticks_beyond_the_last(position: int) -> None:
    with pytest.raises(OutOfRange):
        TickChain(Ticks(SEED, 100)).tip(position)


def test_in_order_a_tick_costs_three_hashes() -> None:
    chain, hashes = TickChain(Ticks(SEED, 20_000)), 0

    def count(_: Any, event: str, called: object) -> None:
        nonlocal hashes
        hashes += event == "c_call" and called is keccak

    before = sys.getprofile()
    sys.setprofile(count)
    for position in range(1, 20_001):
        chain.tip(position)
    sys.setprofile(before)
    assert 2 * 20_000 < hashes < 3.1 * 20_000


def test_memory_grows_by_the_cube_root() -> None:
    memory = []
    for count in (1_000, 64_000):
        tracemalloc.start()
        chain = TickChain(Ticks(SEED, count))
        for position in range(1, count // 4):
            chain.tip(position)
        memory.append(tracemalloc.get_traced_memory()[0])
        tracemalloc.stop()
    assert memory[1] < 4 * memory[0]
    assert memory[1] < 6_000


def test_its_seed_is_not_shown() -> None:
    assert SEED.hex() not in repr(TickChain(Ticks(SEED, 5)))
    assert repr(SEED) not in repr(TickChain(Ticks(SEED, 5)))
