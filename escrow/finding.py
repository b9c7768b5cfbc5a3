"""What a check of terms finds: how bad it is, and who gains from it."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """A note is for information, a risk must be accepted by its name, and nothing makes a refusal acceptable."""

    NOTE = "note"
    RISK = "risk"
    REFUSE = "refuse"


class Gains(StrEnum):
    """Who is better off for it, at the cost of the others."""

    PAYER = "payer"
    PAYEE = "payee"
    BOTH = "both"
    OPERATOR = "operator"
    ARBITER = "arbiter"
    FEE_RECIPIENT = "fee recipient"
    NOBODY = "nobody"


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """`name` never changes its meaning: a risk is accepted by it. `says` has the values, `part` is of an agreement."""

    name: str
    severity: Severity
    gains: Gains
    says: str
    part: str = ""

    def __str__(self) -> str:
        where = f"{self.part}: " if self.part else ""
        return f"{where}{self.severity} {self.name} (gains: {self.gains}): {self.says}"

    def to_json(self) -> dict[str, str]:
        """For a command line or a log."""
        return {
            "name": self.name,
            "severity": str(self.severity),
            "gains": str(self.gains),
            "says": self.says,
            "part": self.part,
        }
