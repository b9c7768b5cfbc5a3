"""What terms mean for those who sign them: each silence, each risk, and what nobody should sign."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from chain import preflight
from chain.errors import IllegalAction, Malformed
from chain.money import Token
from chain.units import NOBODY, Seconds
from escrow.finding import Finding, Gains, Severity
from escrow.linter import amounts, conditions, disputes, flags, parties, silences, times
from escrow.linter.amendments import CONDITION_KEPT, check_amendment
from escrow.linter.bonds import BOND_DOES_NOT_COVER, check_bond
from escrow.linter.case import Case
from escrow.linter.rule import Rule
from escrow.rules import require_fundable
from escrow.terms_errors import Unsound

__all__ = [
    "CANNOT_BE_FUNDED",
    "RISKS",
    "RULES",
    "check",
    "check_amendment",
    "check_bond",
    "require_sound",
    "worst_first",
]

if TYPE_CHECKING:
    from escrow.conditions.condition import Condition
    from escrow.terms import Terms

_MODULES = (conditions, flags, disputes, parties, amounts, times, silences)
RULES = tuple(found for module in _MODULES for found in vars(module).values() if isinstance(found, Rule))
RISKS = frozenset(found.name for found in RULES if found.severity is Severity.RISK) | {
    BOND_DOES_NOT_COVER,
    CONDITION_KEPT,
}
"""The names that may be accepted."""
CANNOT_BE_FUNDED = "cannot-be-funded"
"""The one finding of terms that the contract refuses: nothing else of them can come to be."""


def check(
    terms: "Terms",
    *,
    condition: "Condition | None" = None,
    now: int | None = None,
    token: Token | None = None,
) -> tuple[Finding, ...]:
    """All findings, refusals first; without `now`, what depends on today is not judged. Raises `TokenMismatch`."""
    case = Case(terms=terms, given=condition, now=now, token=token)
    try:
        require_fundable(terms, Seconds(terms.fund_by - 1 if now is None else now), contract=NOBODY)
    except IllegalAction as error:
        says = f"{type(error).__name__}: {error}"
        return (Finding(name=CANNOT_BE_FUNDED, severity=Severity.REFUSE, gains=Gains.NOBODY, says=says),)
    found = [finding for rule in RULES if (finding := rule.finding(case)) is not None]
    return worst_first(found)


def worst_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Refusals, then risks, then notes; in each, as they were found."""
    return tuple(sorted(findings, key=lambda finding: list(Severity).index(finding.severity), reverse=True))


def require_sound(findings: Iterable[Finding], *, accept: Iterable[str] = ()) -> None:
    """Raises `Unsound` with every refusal and every risk that is not accepted, `Malformed` for a name of no risk."""
    accepted = frozenset((accept,) if isinstance(accept, str) else accept)
    for name in accepted - RISKS - preflight.NAMES:  # One list accepts for both judges.
        raise Malformed("accept", f"{name!r} is the name of no risk")
    unsound = tuple(finding for finding in findings if _blocks(finding, accepted))
    if unsound:
        raise Unsound(unsound)


def _blocks(finding: Finding, accepted: frozenset[str]) -> bool:
    match finding.severity:
        case Severity.NOTE:
            return False
        case Severity.RISK:
            return finding.name not in accepted
        case Severity.REFUSE:
            return True
