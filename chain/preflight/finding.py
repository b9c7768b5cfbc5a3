"""What a check before an irreversible step finds: how much it weighs, the facts, and a sentence for a person."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from chain.money import Money


class Weight(StrEnum):
    """A note is for information, a warning for somebody who reads it, and a block must be accepted by its name."""

    NOTE = "note"
    WARN = "warn"
    BLOCK = "block"


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """`name` never changes its meaning: it is accepted, and weighed anew, by it."""

    name: str
    weight: Weight
    says: str
    facts: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        return f"{self.weight} {self.name}: {self.says}"

    def to_json(self) -> dict[str, Any]:
        """Numbers as decimal strings, money in base units and in words."""
        facts = {
            name: value.to_json() if isinstance(value, Money) else str(value) for name, value in self.facts.items()
        }
        return {"name": self.name, "weight": str(self.weight), "says": self.says, "facts": facts}


def weighed(findings: Iterable[Finding], weights: Mapping[str, Weight]) -> tuple[Finding, ...]:
    """With the weights that `weights` names, blocks first; findings of one weight stay in order."""
    anew = (replace(each, weight=weights.get(each.name, each.weight)) for each in findings)
    return tuple(sorted(anew, key=lambda each: list(Weight).index(each.weight), reverse=True))
