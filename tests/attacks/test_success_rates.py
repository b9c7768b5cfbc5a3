"""What the attacks achieve, beside what the formulas say; the draws are seeded, so the same every time."""

from random import Random

import pytest

from chain.double_spend import nakamoto, rosenfeld
from chain.errors import Malformed
from earnest.cli.lab.interval import wilson
from earnest.cli.lab.plot import Attack, Plot, draw, expected
from earnest.cli.lab.trials import differing, drawn, sample
from tests.attacks.conftest import DEPTHS, NewStage, every_policy

SHORT = [Attack.RACE, Attack.FINNEY, Attack.VECTOR76]
TRIALS = 10_000


def nothing() -> None:
    """Nobody looks on."""


@pytest.mark.anvil
@every_policy
@pytest.mark.parametrize("attack", list(Attack))
def test_a_try_ends_on_the_node_as_it_was_drawn(stage: NewStage, attack: Attack, policy: str) -> None:
    attacked = stage(policy)
    tries = drawn(attack, 0.3, attacked.depth, trials=500, chance=Random(f"{attack} {policy}"), step=nothing)
    plots = sample(tries, attacked, 8)

    assert len(plots) == 8
    assert any(plot.robs(attacked.depth) for plot in plots) == bool(tries.hits)
    assert list(differing(attacked, plots, nothing)) == []


@pytest.mark.anvil
@pytest.mark.parametrize("attack", SHORT)
@pytest.mark.parametrize("policy", ["confirmations 2", "safe", "finalized", "risk"])
def test_a_short_attack_wins_nothing_where_two_blocks_are_waited_for(
    stage: NewStage, attack: Attack, policy: str
) -> None:
    attacked = stage(policy)
    plots = {draw(attack, 0.45, attacked.depth, Random(seed)) for seed in range(50)}

    assert len(plots) == 2
    assert [attacked.play(plot).lost for plot in plots] == [0, 0]


@pytest.mark.anvil
def test_what_a_node_could_not_undo_is_not_played(stage: NewStage) -> None:
    attacked = stage("risk")
    longest, longer = Plot(shown=194, rival=200), Plot(shown=194, rival=201)

    assert (attacked.fits(longest), attacked.fits(longer)) == (True, False)
    with pytest.raises(Malformed):
        attacked.play(longer)
    assert attacked.play(longest).lost == 10**18


@pytest.mark.parametrize("attack", SHORT)
@pytest.mark.parametrize("depth", [0, 1, 2])
@pytest.mark.parametrize("attacker", [0.1, 0.3])
def test_a_short_attack_succeeds_as_often_as_its_rule_says(attack: Attack, depth: int, attacker: float) -> None:
    chance = Random(f"{attack} {depth} {attacker}")
    hits = drawn(attack, attacker, depth, trials=TRIALS, chance=chance, step=nothing).hits
    deepest = 1 if attack is Attack.VECTOR76 else 0

    assert expected(attack, attacker, depth) == (attacker if depth <= deepest else 0)
    low, high = wilson(hits, TRIALS)
    assert low <= expected(attack, attacker, depth) <= high


@pytest.mark.parametrize(("attacker", "depth"), [(0.1, 0), (0.1, 1), (0.1, 3), (0.3, 1), (0.3, 4), (0.3, 9), (0.4, 6)])
def test_a_majority_attack_succeeds_as_often_as_rosenfeld_says(attacker: float, depth: int) -> None:
    chance = Random(f"majority {attacker} {depth}")
    hits = drawn(Attack.MAJORITY, attacker, depth, trials=TRIALS, chance=chance, step=nothing).hits

    low, high = wilson(hits, TRIALS)
    assert low <= rosenfeld(attacker, depth) <= high


def test_the_measurement_tells_one_formula_from_the_other() -> None:
    hits = drawn(Attack.MAJORITY, 0.1, 3, trials=50_000, chance=Random(3), step=nothing).hits

    low, high = wilson(hits, 50_000)
    assert low <= rosenfeld(0.1, 3) <= high
    assert nakamoto(0.1, 3) < low


def test_every_policy_here_has_its_depth() -> None:
    assert sorted(set(DEPTHS.values())) == [0, 1, 2, 3, 5, 6, 9]


@pytest.mark.parametrize(
    ("plot", "depth", "serves", "robs"),
    [
        (Plot(), 0, False, False),
        (Plot(rival=1), 0, False, False),
        (Plot(in_pool=True), 0, True, False),
        (Plot(in_pool=True), 1, False, False),
        (Plot(in_pool=True, rival=1), 0, True, True),
        (Plot(shown=1), 0, True, False),
        (Plot(shown=1, rival=2), 1, True, True),
        (Plot(shown=1, rival=2), 2, False, False),
        (Plot(in_pool=True, shown=6, rival=7), 6, True, True),
        (Plot(in_pool=True, shown=6), 6, True, False),
    ],
)
def test_who_serves_what_is_undone_is_robbed(plot: Plot, depth: int, serves: bool, robs: bool) -> None:
    assert (plot.serves(depth), plot.robs(depth)) == (serves, robs)


@pytest.mark.parametrize(
    ("hits", "trials", "low", "high"),
    [(0, 0, 0.0, 1.0), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (1, 10, 0.0179, 0.4042), (15, 148, 0.0624, 0.1605)],
)
def test_the_interval_is_wilsons(hits: int, trials: int, low: float, high: float) -> None:
    """The last one is the example of Newcombe 1998, table I."""
    assert wilson(hits, trials) == pytest.approx((low, high), abs=5e-5)
