from typing import Any

import pytest

from chain.errors import OutOfRange, WrongLength
from chain.hash_chain import Ticks, hashed
from chain.keccak import keccak
from escrow import conditions as c
from tests.escrow.conditions.cases import CHAIN, TICKS, released


@pytest.mark.parametrize(("steps", "value"), [(0, 0), (1, 10), (99, 990), (100, 1_000)])
def test_each_tick_is_worth_its_value(steps: int, value: int) -> None:
    assert released(CHAIN.proof(TICKS.tip(steps), steps)) == value


def test_more_ticks_than_the_amount_are_worth_the_amount() -> None:
    dear = c.hash_chain(each=600, ticks=TICKS)

    assert released(dear.proof(TICKS.tip(2), 2)) == 1_000


@pytest.mark.parametrize("said", [0, 6, 8])
def test_a_tick_does_not_count_for_another_number(said: int) -> None:
    assert released(CHAIN.proof(TICKS.tip(7), said)) == 0


@pytest.mark.parametrize(("steps", "value"), [(1_024, 1_000), (1_025, 0)])
def test_at_most_1024_ticks_can_be_shown_at_once(steps: int, value: int) -> None:
    chain = c.hash_chain(each=1, anchor=hashed(keccak(b"long"), steps))
    shown = keccak(b"long") + steps.to_bytes(2, "big")

    assert released(c.Proof(chain, shown)) == value


def test_a_chain_longer_than_can_be_shown_is_refused() -> None:
    assert c.hash_chain(each=1, ticks=Ticks(keccak(b"seed"), 1_024)).anchor == hashed(keccak(b"seed"), 1_024)
    with pytest.raises(OutOfRange):
        c.hash_chain(each=1, ticks=Ticks(keccak(b"seed"), 1_025))
    with pytest.raises(OutOfRange):
        c.hash_chain(each=1, ticks=Ticks(keccak(b"seed"), 0))


@pytest.mark.parametrize("given", [{}, {"anchor": bytes(32), "ticks": TICKS}])
def test_a_chain_begins_at_one_anchor(given: dict[str, Any]) -> None:
    with pytest.raises(TypeError):
        c.hash_chain(each=1, **given)


@pytest.mark.parametrize("anchor", [bytes(31), bytes(33)])
def test_an_anchor_has_thirty_two_bytes(anchor: bytes) -> None:
    with pytest.raises(WrongLength):
        c.hash_chain(each=1, anchor=anchor)


@pytest.mark.parametrize("steps", [-1, 1_025, 1.0, True])
def test_a_proof_says_a_number_of_steps_that_can_be_shown(steps: Any) -> None:
    with pytest.raises(OutOfRange):
        CHAIN.proof(bytes(32), steps)


def test_its_secret_can_be_used_by_who_sees_it() -> None:
    assert CHAIN.reveals
