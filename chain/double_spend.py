"""How likely an attacker replaces blocks that were already deep, on a chain of proof of work.

Both formulas are sums of positive terms in floats, so that a tiny chance is right, too: the relative error is below
1e-9 up to a depth of `DEEPEST` blocks, down to the smallest float. A depth of 1 is the newest block.
"""

import math
from functools import lru_cache
from typing import Literal, get_args

from chain.errors import InvalidValue, Malformed
from chain.units import within

Formula = Literal["rosenfeld", "nakamoto"]
DEEPEST = 100_000
"""Blocks; an attacker who needs more has so nearly half of the power that no depth helps."""
_NEGLIGIBLE = 1e-17


class ImpossibleRisk(InvalidValue):
    """An attacker's share, or an accepted chance, with which no number of blocks is enough."""

    says = "{name} is {value!r}, possible is {possible}"
    name: str
    value: object
    possible: str


def rosenfeld(attacker: float, depth: int) -> float:
    """The chance to undo `depth` blocks with the share `attacker` of the power (Rosenfeld 2014).

    The attacker has one block in hand when it pays, as the paper has it, and never gives up. The paper's sum over the
    negative binomial is twice the chance of `depth` or more hits in 2 * depth - 1 draws (Grunspan, Perez-Marco 2018).
    Raises `ImpossibleRisk`, `OutOfRange`.
    """
    share = _share(attacker)
    if within("depth", depth, 0, DEEPEST) == 0 or share >= 0.5:
        return 1.0
    if not share:
        return 0.0
    draws = 2 * depth - 1
    log_first = _log_choose(draws, depth) + depth * math.log(share) + (depth - 1) * math.log1p(-share)
    odds = share / (1 - share)
    total, term, hits = 0.0, 1.0, depth
    while term > _NEGLIGIBLE * total and hits <= draws:
        total += term
        term *= (draws - hits) / (hits + 1) * odds
        hits += 1
    return min(2 * math.exp(log_first) * total, 1.0)


def nakamoto(attacker: float, depth: int) -> float:
    """The same by Nakamoto 2008, section 11: the attacker's progress taken as Poisson, so the chance comes out lower.

    Raises `ImpossibleRisk`, `OutOfRange`.
    """
    share = _share(attacker)
    if within("depth", depth, 0, DEEPEST) == 0 or share >= 0.5:
        return 1.0
    if not share:
        return 0.0
    odds = share / (1 - share)
    mean, log_mean, log_odds = depth * odds, math.log(depth * odds), math.log(odds)
    logs = [k * log_mean - mean - math.lgamma(k + 1) + (depth - k) * log_odds for k in range(depth + 1)]
    return min(math.fsum(map(math.exp, logs)) + _poisson_above(depth, mean), 1.0)


_BY_NAME = {"rosenfeld": rosenfeld, "nakamoto": nakamoto}


def chance(attacker: float, depth: int, formula: Formula = "rosenfeld") -> float:
    """By the formula of that name. Raises `ImpossibleRisk`, `Malformed`, `OutOfRange`."""
    if formula not in get_args(Formula):
        raise Malformed("formula", f"{formula!r} is none of {', '.join(get_args(Formula))}")
    return _BY_NAME[formula](attacker, depth)


@lru_cache(maxsize=1024)
def confirmations(attacker: float, accept: float, formula: Formula = "rosenfeld") -> int:
    """The least depth at which the chance is at most `accept`.

    Raises `ImpossibleRisk` for half of the power or more, for nothing or all accepted, and where `DEEPEST` is too few.
    """
    require_risk(attacker, accept)
    enough = 1
    while chance(attacker, enough, formula) > accept:
        if enough == DEEPEST:
            raise ImpossibleRisk("attacker", attacker, f"a share that {DEEPEST} blocks are enough for")
        enough = min(2 * enough, DEEPEST)
    too_few = enough // 2
    while enough - too_few > 1:
        middle = (enough + too_few) // 2
        if chance(attacker, middle, formula) > accept:
            too_few = middle
        else:
            enough = middle
    return enough


def require_risk(attacker: float, accept: float) -> None:
    """Raises `ImpossibleRisk` unless 0 <= attacker < 0.5 and 0 < accept < 1."""
    if not _is_number(attacker) or not 0 <= attacker < 0.5:
        raise ImpossibleRisk("attacker", attacker, "0 to below 0.5")
    if not _is_number(accept) or not 0 < accept < 1:
        raise ImpossibleRisk("accept", accept, "above 0 and below 1")


def _is_number(value: object) -> bool:
    return type(value) in {int, float}


def _share(attacker: float) -> float:
    if not _is_number(attacker) or not 0 <= attacker <= 1:
        raise ImpossibleRisk("attacker", attacker, "0 to 1")
    return float(attacker)


def _log_choose(draws: int, hits: int) -> float:
    return math.lgamma(draws + 1) - math.lgamma(hits + 1) - math.lgamma(draws - hits + 1)


def _poisson_above(least: int, mean: float) -> float:
    """The chance of more than `least`, which is above the mean: each term is smaller than the one before."""
    count = least + 1
    total, term = 0.0, math.exp(count * math.log(mean) - mean - math.lgamma(count + 1))
    while term > _NEGLIGIBLE * total:
        total += term
        count += 1
        term *= mean / count
    return total
