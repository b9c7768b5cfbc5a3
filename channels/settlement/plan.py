"""The plan."""

from collections.abc import Iterable, Iterator
from itertools import pairwise

from channels.settlement.alone import alone
from channels.settlement.candidate import Candidate, pressed_in_all
from channels.settlement.errors import PlannedTwice
from channels.settlement.policy import Policy, World
from channels.settlement.position import Position
from channels.settlement.sight import Phase, Sight
from channels.settlement.steps import Step, in_order
from channels.settlement.together import together

_UNPAYABLE = {
    Phase.OPEN: "the deposit does not cover it",
    Phase.CLOSING: "the deposit does not cover it",
    Phase.RESERVED: "more than is reserved is paid only if the payer takes its close back",
    Phase.SHUT: "the window is over: it is paid only if the payer takes its close back",
}


def next_steps(positions: Iterable[Position], world: World, policy: Policy) -> list[Step]:
    """What to do next, the most urgent first, and what to wait for. Raises `PlannedTwice`.

    It depends on its arguments alone, not on their order; two who follow one plan lose some gas and nothing else. What
    is worth its fee is never lost if the chain is looked at, and this asked, again at every `Wait.until`, and every
    `Submit` is included within the policy's margin.
    """
    sights = [Sight.of(position, world.now) for position in _distinct(positions)]
    candidates = pressed_in_all(Candidate.of(sight, world, policy) for sight in sights)
    return in_order(_steps(candidates))


def _distinct(positions: Iterable[Position]) -> list[Position]:
    found = sorted(positions, key=lambda position: position.place)
    for one, other in pairwise(found):
        if one.place == other.place:
            raise PlannedTwice(*one.place)
    return found


def _steps(candidates: list[Candidate]) -> Iterator[Step]:
    rows = list[Candidate]()
    for candidate in candidates:
        unpayable = candidate.sight.unpayable()
        if unpayable:
            yield candidate.never(unpayable, _UNPAYABLE[candidate.sight.phase])
        if candidate.is_alone:
            yield from alone(candidate)
        elif candidate.amount:
            rows.append(candidate)
    yield from together(rows)
