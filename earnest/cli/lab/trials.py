"""Many tries of one attack: all of them drawn, some of them played on the node."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any, NamedTuple

from chain import Money
from chain.double_spend import nakamoto
from chain.finality import Finality
from earnest.cli.lab.interval import wilson
from earnest.cli.lab.plot import Attack, Plot, draw, expected
from earnest.cli.lab.stage import Outcome, Stage

Progress = Callable[[], object]


class Drawn(NamedTuple):
    """How often each plot was drawn."""

    plots: Counter[Plot]
    hits: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """`hits` of `trials` tries rob a payee who waits for `depth` blocks, each of the goods' `price`.

    `replayed` of them were played on a node, and `differing` had another end there than as drawn.
    """

    attack: Attack
    attacker: float
    policy: Finality
    depth: int
    trials: int
    hits: int
    replayed: int
    differing: int
    price: Money

    @property
    def rate(self) -> float:
        """As measured."""
        return self.hits / self.trials

    @property
    def interval(self) -> tuple[float, float]:
        """Of 95 %, for the rate."""
        return wilson(self.hits, self.trials)

    @property
    def formula(self) -> float:
        """What the rate should be."""
        return expected(self.attack, self.attacker, self.depth)

    @property
    def nakamoto(self) -> float | None:
        """What Nakamoto 2008 thinks of the same depth; of a majority attack alone."""
        return nakamoto(self.attacker, self.depth) if self.attack is Attack.MAJORITY else None

    @property
    def lost(self) -> Money:
        """By the payee, over all tries."""
        return self.price.token.units(self.hits * self.price.units)

    def to_json(self) -> dict[str, Any]:
        """Shares as numbers, money as everywhere."""
        return {
            "attack": self.attack.value,
            "attacker": self.attacker,
            "finality": self.policy.to_json(),
            "depth": self.depth,
            "trials": self.trials,
            "successes": self.hits,
            "rate": self.rate,
            "interval": list(self.interval),
            "formula": self.formula,
            "nakamoto": self.nakamoto,
            "lost": self.lost.to_json(),
            "replayed": self.replayed,
            "differing": self.differing,
        }


def drawn(attack: Attack, attacker: float, depth: int, *, trials: int, chance: Random, step: Progress) -> Drawn:
    """So many tries, on a payee who waits for `depth` blocks."""
    plots = Counter[Plot]()
    for _ in range(trials):
        plots[draw(attack, attacker, depth, chance)] += 1
        step()
    return Drawn(plots, sum(count for plot, count in plots.items() if plot.robs(depth)))


def sample(tries: Drawn, stage: Stage, most: int) -> list[Plot]:
    """At most so many of them to be played: half of them robberies, as far as there are and a node can undo them."""
    playable = [plot for plot in tries.plots.elements() if stage.fits(plot)]
    robberies = [plot for plot in playable if plot.robs(stage.depth)]
    others = [plot for plot in playable if not plot.robs(stage.depth)]
    hits = robberies[: max(most // 2, most - len(others))]
    return hits + others[: most - len(hits)]


def differing(stage: Stage, plots: list[Plot], step: Progress) -> Iterator[tuple[Plot, Outcome]]:
    """Those that end otherwise on the node than as drawn."""
    for plot in plots:
        outcome = stage.play(plot)
        as_drawn = Outcome(
            delivered=plot.serves(stage.depth) * stage.price.units, lost=plot.robs(stage.depth) * stage.price.units
        )
        if outcome != as_drawn:
            yield plot, outcome
        step()
