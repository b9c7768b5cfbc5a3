from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chain.errors import OutOfRange
from channels.duplex.duplex import Duplex

LARGEST = 2**96 - 1
DEPOSITS = st.integers(0, LARGEST).flatmap(lambda a: st.tuples(st.just(a), st.integers(0, LARGEST - a)))


def duplex(deposit_a: Any, deposit_b: Any, epoch: Any = 0) -> Duplex:
    return Duplex(deposit_a=deposit_a, deposit_b=deposit_b, epoch=epoch)


@given(deposits=DEPOSITS, epoch=st.integers(0, 2**32 - 1))
def test_both_deposits_are_one_word(deposits: tuple[int, int], epoch: int) -> None:
    seen = duplex(*deposits, epoch)
    words = (epoch.to_bytes(8, "big"), deposits[1].to_bytes(12, "big"), deposits[0].to_bytes(12, "big"))
    assert seen.word == int.from_bytes(b"".join(words), "big")
    assert Duplex.from_word(seen.word) == seen


@pytest.mark.parametrize(
    "members", [(-1, 0), (0, -1), (LARGEST + 1, 0), (0, LARGEST + 1), (LARGEST, 1), (1, 1, 2**32), (1, 1, -1), (1.0, 0)]
)
def test_what_does_not_fit_is_refused_at_birth(members: tuple[Any, ...]) -> None:
    with pytest.raises(OutOfRange):
        duplex(*members)


@pytest.mark.parametrize(
    ("net", "shares"),
    [
        (0, (100, 50)),
        (1, (99, 51)),
        (99, (1, 149)),
        (100, (0, 150)),
        (101, (0, 150)),
        (2**255 - 1, (0, 150)),
        (-1, (101, 49)),
        (-49, (149, 1)),
        (-50, (150, 0)),
        (-51, (150, 0)),
        (-(2**255), (150, 0)),
    ],
)
def test_an_impossible_net_is_clipped_to_what_is_there(net: int, shares: tuple[int, int]) -> None:
    assert duplex(100, 50).shares(net) == shares


@given(deposits=DEPOSITS, net=st.integers(-(2**255), 2**255 - 1))
def test_the_shares_are_all_that_there_is(deposits: tuple[int, int], net: int) -> None:
    to_a, to_b = duplex(*deposits).shares(net)
    assert to_a + to_b == sum(deposits)
    assert min(to_a, to_b) >= 0
    assert to_a >= duplex(*deposits).shares(net + 1)[0]


def test_a_deposit_is_the_partys_own() -> None:
    assert duplex(100, 50, 3).add(True, duplex(7, 0).deposit_a) == duplex(107, 50, 3)
    assert duplex(100, 50, 3).add(False, duplex(7, 0).deposit_a) == duplex(100, 57, 3)


@pytest.mark.parametrize(("deposits", "is_open"), [((0, 0), False), ((1, 0), True), ((0, 1), True)])
def test_it_is_open_while_anybody_has_a_deposit(deposits: tuple[int, int], is_open: bool) -> None:
    assert duplex(*deposits, 3).is_open is is_open


def test_an_end_leaves_the_next_epoch_and_nothing_else() -> None:
    assert duplex(100, 50, 3).ended() == duplex(0, 0, 4)
