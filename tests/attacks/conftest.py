"""A real node whose history is ours: every attack of the base chain is played there."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from chain.finality import Finality
from channels import Limits
from earnest.cli.lab.ground import Ground
from earnest.cli.lab.stage import Stage

POLICIES = {
    "instant": Finality.instant(),
    "confirmations 1": Finality.confirmations(1),
    "confirmations 2": Finality.confirmations(2),
    "confirmations 6": Finality.confirmations(6),
    "confirmations 9": Finality.confirmations(9),
    "safe": Finality.safe(),
    "finalized": Finality.finalized(),
    "risk": Finality.risk(),
    "risk, by Nakamoto": Finality.risk(formula="nakamoto"),
}
DEPTHS = {
    "instant": 0,
    "confirmations 1": 1,
    "confirmations 2": 2,
    "confirmations 6": 6,
    "confirmations 9": 9,
    "safe": 2,
    "finalized": 3,
    "risk": 6,
    "risk, by Nakamoto": 5,
}
"""How many blocks a payee waits for on this node; with none the pool is enough."""

every_policy = pytest.mark.parametrize("policy", POLICIES)
NewStage = Callable[..., Stage]


@pytest.fixture(scope="session")
def ground() -> Iterator[Ground]:
    with Ground() as ground:
        yield ground


@pytest.fixture
def stage(ground: Ground) -> Iterator[NewStage]:
    """A payee under the policy of that name, and who attacks it."""
    with ExitStack() as ends:

        def new(policy: str, *limits: Limits, parts: int = 1) -> Stage:
            return ends.enter_context(Stage(ground, POLICIES[policy], limits, parts))

        yield new
