"""A deposit that was seen vanishes with its blocks."""

import pytest

from channels import Limits
from earnest.cli.lab.ground import Ground
from earnest.cli.lab.plot import Plot
from tests.attacks.conftest import DEPTHS, NewStage, every_policy

pytestmark = pytest.mark.anvil

ETHER = 10**18
EVERY_DEPTH = range(1, 9)


@every_policy
def test_nothing_is_served_for_a_deposit_that_is_undone_before_it_is_final(stage: NewStage, policy: str) -> None:
    attacked = stage(policy)
    assert attacked.depth == DEPTHS[policy]

    for depth in EVERY_DEPTH:
        outcome = attacked.play(Plot(in_pool=True, shown=depth, rival=depth + 1))
        if depth < attacked.depth:
            assert (outcome.delivered, outcome.lost) == (0, 0)
        else:  # Deeper than the policy asks: what it accepts as its risk.
            assert (outcome.delivered, outcome.lost) == (ETHER, ETHER)


@every_policy
def test_what_is_final_is_served_and_stays_paid(stage: NewStage, policy: str) -> None:
    attacked = stage(policy)

    outcome = attacked.play(Plot(in_pool=True, shown=max(DEPTHS[policy], 1)))
    assert (outcome.delivered, outcome.lost) == (ETHER, 0)


@pytest.mark.parametrize("policy", [policy for policy, depth in DEPTHS.items() if depth > 1])
def test_no_more_than_the_unconfirmed_limit_is_lost(ground: Ground, stage: NewStage, policy: str) -> None:
    attacked = stage(policy, Limits(unconfirmed=ground.local(0).native("0.3")), parts=10)

    for depth in EVERY_DEPTH:
        outcome = attacked.play(Plot(in_pool=True, shown=depth, rival=depth + 1))
        assert outcome.delivered == outcome.lost == (3 * ETHER // 10 if depth < attacked.depth else ETHER)
