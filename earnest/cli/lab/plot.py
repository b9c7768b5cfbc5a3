"""Who finds which block: one try of an attack, drawn. Nothing here knows a node."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from random import Random

from chain.double_spend import rosenfeld

_HOPELESS = 1e-9
"""A withheld branch that would catch up with less than this chance is given up."""


class Attack(StrEnum):
    """How a deposit that was shown is taken back."""

    RACE = "race"
    FINNEY = "finney"
    VECTOR76 = "vector76"
    MAJORITY = "majority"


@dataclass(frozen=True, kw_only=True, slots=True)
class Plot:
    """The payee's node has the deposit in its pool if `in_pool`, then `shown` blocks come, the first of which has it.

    At the end `rival` blocks take their place, the first with a transaction that spends the same nonce; 0: none do.
    """

    in_pool: bool = False
    shown: int = 0
    rival: int = 0

    @property
    def blocks(self) -> int:
        """All that are made for it."""
        return self.shown + self.rival

    def serves(self, depth: int) -> bool:
        """Whether a payee serves that wants the deposit in `depth` blocks; 0 is content with the pool."""
        return self.shown >= depth if depth else self.in_pool or self.shown > 0

    def robs(self, depth: int) -> bool:
        """Whether it has served for a deposit that is gone."""
        return self.rival > 0 and self.serves(depth)


def draw(attack: Attack, attacker: float, depth: int, chance: Random) -> Plot:
    """One try by somebody with the share `attacker` of the power, on a payee who waits for `depth` blocks."""
    return _DRAWS[attack](attacker, depth, chance)


def expected(attack: Attack, attacker: float, depth: int) -> float:
    """The chance that a try robs such a payee: by the attack's own rule, and of a majority attack by Rosenfeld 2014."""
    if attack is Attack.MAJORITY:
        return rosenfeld(attacker, depth)
    return attacker if depth <= _DEEPEST[attack] else 0.0


def _race(attacker: float, _: int, chance: Random) -> Plot:
    """The pool shows one transaction; the next block is the attacker's, with the other one, or it is lost."""
    return Plot(in_pool=True, rival=1) if chance.random() < attacker else Plot(in_pool=True, shown=1)


def _finney(attacker: float, _: int, chance: Random) -> Plot:
    """It pays only once it has found a block with the other transaction, and shows that block when it is served."""
    return Plot(in_pool=True, rival=1) if chance.random() < attacker else Plot()


def _vector76(attacker: float, _: int, chance: Random) -> Plot:
    """It pays in a block that it has found and shows to the payee alone; the others' two blocks leave that behind."""
    return Plot(shown=1, rival=2) if chance.random() < attacker else Plot()


def _majority(attacker: float, depth: int, chance: Random) -> Plot:
    """It withholds a branch, with one block in hand when it pays, until the payee has served and it is longer."""
    odds = attacker / (1 - attacker)
    shown, withheld = 0, 1
    while shown < depth or withheld <= shown:
        if shown >= depth and odds ** (shown - withheld + 1) < _HOPELESS:
            return Plot(in_pool=True, shown=shown)
        if chance.random() < attacker:
            withheld += 1
        else:
            shown += 1
    return Plot(in_pool=True, shown=shown, rival=withheld)


_DRAWS: dict[Attack, Callable[[float, int, Random], Plot]] = {
    Attack.RACE: _race,
    Attack.FINNEY: _finney,
    Attack.VECTOR76: _vector76,
    Attack.MAJORITY: _majority,
}
_DEEPEST = {Attack.RACE: 0, Attack.FINNEY: 0, Attack.VECTOR76: 1}
"""How many blocks a payee may wait for and still be robbed by it."""
