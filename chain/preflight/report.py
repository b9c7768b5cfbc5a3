"""All that was found about one payment."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from chain.preflight.errors import PreflightRefused
from chain.preflight.finding import Finding, Weight
from chain.preflight.payment import PlannedPayment


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """Findings with blocks first."""

    payment: PlannedPayment
    findings: tuple[Finding, ...]

    def blocking(self, accept: Iterable[str] = ()) -> tuple[Finding, ...]:
        """What refuses it; a name in `accept` that was not found accepts nothing."""
        accepted = frozenset((accept,) if isinstance(accept, str) else accept)
        return tuple(each for each in self.findings if each.weight is Weight.BLOCK and each.name not in accepted)

    def require(self, accept: Iterable[str] = ()) -> None:
        """Raises `PreflightRefused` with every block that is not accepted by its name."""
        if blocking := self.blocking(accept):
            raise PreflightRefused(blocking)

    def to_json(self) -> dict[str, Any]:
        """For a command line or a log."""
        payment = self.payment
        return {
            "payer": payment.payer,
            "payee": payment.payee,
            "money": payment.money.to_json(),
            "findings": [each.to_json() for each in self.findings],
        }
