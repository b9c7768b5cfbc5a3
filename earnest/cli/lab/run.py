"""A node, begun and ended, and on it the tries."""

from collections.abc import Callable
from random import Random

from chain.finality import Finality
from earnest.cli.lab.ground import Ground
from earnest.cli.lab.plot import Attack
from earnest.cli.lab.stage import Stage
from earnest.cli.lab.trials import Progress, Result, differing, drawn, sample


def run(
    attack: Attack,
    attacker: float,
    policy: Finality,
    *,
    trials: int,
    replayed: int,
    seed: int,
    progress: Callable[[str, int], Progress],
) -> Result:
    """`progress` is told what begins and how long it is. Raises `ToolMissing`, `ToolFailed`."""
    with Ground() as ground, Stage(ground, policy) as stage:
        chance = Random(seed)  # noqa: S311  # draws, not secrets
        tries = drawn(attack, attacker, stage.depth, trials=trials, chance=chance, step=progress("drawing", trials))
        plots = sample(tries, stage, replayed)
        wrong = list(differing(stage, plots, progress("on the node", len(plots))))
        return Result(
            attack=attack,
            attacker=attacker,
            policy=policy,
            depth=stage.depth,
            trials=trials,
            hits=tries.hits,
            replayed=len(plots),
            differing=len(wrong),
            price=stage.price,
        )
