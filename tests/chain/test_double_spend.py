import math
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chain.double_spend import DEEPEST, Formula, ImpossibleRisk, chance, confirmations, nakamoto, rosenfeld
from chain.errors import Malformed, OutOfRange

shares = st.floats(0.001, 0.499)
FORMULAS: list[Formula] = ["rosenfeld", "nakamoto"]


def by_the_paper(attacker: float, depth: int) -> Fraction:
    """Rosenfeld 2014, equation 1, as it is printed, with whole numbers."""
    q = Fraction(attacker)
    p = 1 - q
    return 1 - sum(
        (math.comb(m + depth - 1, m) * (p**depth * q**m - p**m * q**depth) for m in range(depth + 1)), Fraction(0)
    )


@pytest.mark.parametrize(("depth", "per_cent"), [(1, "20.00"), (3, "1.712"), (6, "0.05914")])
def test_rosenfelds_own_numbers_for_a_tenth_of_the_power(depth: int, per_cent: str) -> None:
    assert f"{100 * rosenfeld(0.1, depth):#.4g}" == per_cent


@pytest.mark.parametrize(
    ("attacker", "depth", "says"),
    [
        (0.1, 0, 1.0),
        (0.1, 1, 0.2045873),
        (0.1, 2, 0.0509779),
        (0.1, 3, 0.0131722),
        (0.1, 6, 0.0002428),
        (0.1, 10, 0.0000012),
        (0.3, 5, 0.1773523),
        (0.3, 10, 0.0416605),
        (0.3, 50, 0.0000006),
    ],
)
def test_nakamotos_own_numbers(attacker: float, depth: int, says: float) -> None:
    assert round(nakamoto(attacker, depth), 7) == says


@pytest.mark.parametrize(
    ("attacker", "depth"), [(0.1, 5), (0.15, 8), (0.2, 11), (0.25, 15), (0.3, 24), (0.35, 41), (0.4, 89), (0.45, 340)]
)
def test_nakamotos_own_depths_for_one_in_a_thousand(attacker: float, depth: int) -> None:
    assert confirmations(attacker, 0.001, "nakamoto") == depth


@given(shares, st.integers(1, 60))
def test_the_sum_is_the_papers_to_nine_digits(attacker: float, depth: int) -> None:
    exact = by_the_paper(attacker, depth)
    assert abs(Fraction(rosenfeld(attacker, depth)) - exact) <= exact / 10**9


@given(shares, st.integers(0, 200), st.sampled_from(FORMULAS))
def test_a_deeper_block_and_a_weaker_attacker_are_safer(attacker: float, depth: int, formula: Formula) -> None:
    here = chance(attacker, depth, formula)
    assert 0 <= chance(attacker, depth + 1, formula) <= here * (1 + 1e-9)
    assert chance(attacker * 0.9, depth, formula) <= here * (1 + 1e-9) <= 1 + 1e-9


@given(shares.filter(lambda share: share < 0.45), st.floats(1e-30, 0.999), st.sampled_from(FORMULAS))
def test_the_depth_is_the_least_that_is_enough(attacker: float, accept: float, formula: Formula) -> None:
    depth = confirmations(attacker, accept, formula)
    assert chance(attacker, depth, formula) <= accept
    assert depth == 1 or chance(attacker, depth - 1, formula) > accept


@pytest.mark.parametrize("formula", FORMULAS)
def test_half_of_the_power_always_wins_and_none_never_does(formula: Formula) -> None:
    assert chance(0.5, 1_000, formula) == chance(1, 1_000, formula) == chance(0, 0, formula) == 1
    assert chance(0, 1, formula) == 0
    assert confirmations(0, 1e-12, formula) == 1


@pytest.mark.parametrize("attacker", [-0.01, 1.01, math.nan, math.inf, "0.1", None, True])
def test_a_share_is_a_number_from_nothing_to_all(attacker: Any) -> None:
    for formula in FORMULAS:
        with pytest.raises(ImpossibleRisk) as caught:
            chance(attacker, 6, formula)
        assert caught.value.name == "attacker"


@pytest.mark.parametrize(
    ("attacker", "accept", "name"),
    [(0.5, 0.001, "attacker"), (-0.1, 0.001, "attacker"), (math.nan, 0.001, "attacker")]
    + [(0.1, accept, "accept") for accept in (0, 1, -1, math.nan, True, "0.001")],
)
def test_a_risk_that_no_depth_meets_is_refused(attacker: float, accept: float, name: str) -> None:
    with pytest.raises(ImpossibleRisk) as caught:
        confirmations(attacker, accept)
    assert caught.value.name == name


def test_where_the_deepest_is_not_enough_it_is_said() -> None:
    assert confirmations(0.49, 1e-12) < DEEPEST
    with pytest.raises(ImpossibleRisk):
        confirmations(0.4999, 1e-30)


@pytest.mark.parametrize("depth", [-1, DEEPEST + 1, 1.0, True])
def test_a_depth_is_a_whole_number_of_blocks(depth: Any) -> None:
    for formula in FORMULAS:
        with pytest.raises(OutOfRange):
            chance(0.1, depth, formula)


def test_a_formula_has_a_name() -> None:
    with pytest.raises(Malformed):
        chance(0.1, 1, "satoshi")  # type: ignore[arg-type]
