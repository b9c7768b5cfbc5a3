"""What was looked at, and what to do about it."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """`fix` says what to do; None where all is well. What is not `needed` is missing only to those who want it."""

    what: str
    says: str
    fix: str | None = None
    needed: bool = True

    @property
    def ok(self) -> bool:
        """Whether nothing is to be done."""
        return self.fix is None

    def __str__(self) -> str:
        mark = "ok" if self.ok else "WRONG" if self.needed else "without"
        return f"{mark:8}{self.what:12}{self.says}" + ("" if self.ok else f"\n{'':20}-> {self.fix}")
