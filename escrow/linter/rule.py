"""A rule: a name, how bad it is, who gains, and a look at the case that answers with a sentence or nothing."""

from collections.abc import Callable
from dataclasses import dataclass

from escrow.finding import Finding, Gains, Severity
from escrow.linter.case import Case

Look = Callable[[Case], str | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """Named as its function; the function's docstring says in the documentation what it means."""

    name: str
    severity: Severity
    gains: Gains | Callable[[Case], Gains]
    about: str
    look: Look

    def finding(self, case: Case) -> Finding | None:
        """What it finds, if anything."""
        says = self.look(case)
        if says is None:
            return None
        gains = self.gains if isinstance(self.gains, Gains) else self.gains(case)
        return Finding(name=self.name, severity=self.severity, gains=gains, says=says)


def note(gains: Gains | Callable[[Case], Gains]) -> Callable[[Look], Rule]:
    """A rule that informs."""
    return _of(Severity.NOTE, gains)


def risk(gains: Gains | Callable[[Case], Gains]) -> Callable[[Look], Rule]:
    """A rule whose finding must be accepted by its name."""
    return _of(Severity.RISK, gains)


def refuse(gains: Gains | Callable[[Case], Gains]) -> Callable[[Look], Rule]:
    """A rule that makes terms unsound."""
    return _of(Severity.REFUSE, gains)


def _of(severity: Severity, gains: Gains | Callable[[Case], Gains]) -> Callable[[Look], Rule]:
    def named(look: Look) -> Rule:
        return Rule(look.__name__.replace("_", "-"), severity, gains, look.__doc__ or "", look)

    return named
