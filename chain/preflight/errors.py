"""What is refused before anything is sent."""

from chain.errors import Refused
from chain.preflight.finding import Finding


class PreflightRefused(Refused):
    """Findings that block and were not accepted by name; nothing was sent or signed."""

    says = "{facts}"
    findings: tuple[Finding, ...]

    def __str__(self) -> str:
        return "refused: " + "; ".join(f"{found.name}: {found.says}" for found in self.findings)
