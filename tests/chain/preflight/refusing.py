"""What the tests of all verbs that ask first have in common."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest

from chain import Address, address
from chain.preflight import Finding, PlannedPayment, PreflightRefused

BURNT = address("0x" + "77" * 20)


def twin(of: Address) -> Address:
    """Begins and ends as `of`."""
    return address("0x" + of[2:6].lower() + "5" * 32 + of[-4:].lower())


def refused(attempt: Callable[[], object]) -> list[str]:
    """By which findings."""
    with pytest.raises(PreflightRefused) as raised:
        attempt()
    return [found.name for found in raised.value.findings]


@dataclass
class Silent:
    """A required source that doesn't answer, and remembers what it was asked."""

    name: str = "the list"
    required: bool = True
    asked: list[PlannedPayment] = field(default_factory=list)

    def findings(self, payment: PlannedPayment) -> Sequence[Finding]:
        self.asked.append(payment)
        raise ConnectionError("no route")
