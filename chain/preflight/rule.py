"""A rule: a name, how much it weighs, a sentence, and a look at what is known that answers with facts or nothing."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from chain.preflight.finding import Finding, Weight

Facts = Mapping[str, Any]
Case = TypeVar("Case")


@dataclass(frozen=True, slots=True)
class Rule(Generic[Case]):
    """Named as its function, in capitals; `about` is the function's docstring."""

    name: str
    weight: Weight
    says: str
    about: str
    look: Callable[[Case], Facts | None]

    def finding(self, case: Case) -> Finding | None:
        """What it finds, if anything."""
        facts = self.look(case)
        if facts is None:
            return None
        return Finding(name=self.name, weight=self.weight, says=self.says.format(**facts), facts=facts)


def note(says: str) -> Callable[[Callable[[Case], Facts | None]], Rule[Case]]:
    """A rule that informs."""
    return _of(Weight.NOTE, says)


def warn(says: str) -> Callable[[Callable[[Case], Facts | None]], Rule[Case]]:
    """A rule that a person should read."""
    return _of(Weight.WARN, says)


def block(says: str) -> Callable[[Callable[[Case], Facts | None]], Rule[Case]]:
    """A rule whose finding refuses the payment, unless it is accepted by name."""
    return _of(Weight.BLOCK, says)


def findings(rules: Iterable[Rule[Case]], case: Case) -> tuple[Finding, ...]:
    """What the rules find, in their order."""
    return tuple(found for rule in rules if (found := rule.finding(case)) is not None)


def rules_in(names: Mapping[str, Any]) -> tuple[Rule[Any], ...]:
    """The rules of a module, in its order."""
    return tuple(value for value in names.values() if isinstance(value, Rule))


def _of(weight: Weight, says: str) -> Callable[[Callable[[Case], Facts | None]], Rule[Case]]:
    def named(look: Callable[[Case], Facts | None]) -> Rule[Case]:
        name = "".join(map(str.capitalize, look.__name__.split("_")))
        return Rule(name, weight, says, look.__doc__ or "", look)

    return named
