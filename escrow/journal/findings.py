"""What a check of a journal found."""

from dataclasses import dataclass
from enum import StrEnum

from chain.units import Hash32


class Flaw(StrEnum):
    """Its value is the finding's name."""

    LINK_BROKEN = "link-broken"
    HEAD_DIFFERS = "head-differs"
    AGREEMENT_MISSING = "agreement-missing"
    AGREEMENT_REPEATED = "agreement-repeated"
    OTHER_PAYMENT = "other-payment"
    CONDITION_DIFFERS = "condition-differs"
    SIGNATURE_WRONG = "signature-wrong"
    ENTRY_UNKNOWN = "entry-unknown"
    NO_SAY = "no-say"
    FILE_DIFFERS = "file-differs"
    EVENT_NOT_ON_CHAIN = "event-not-on-chain"
    EVENT_MISSING = "event-missing"
    CONDITION_NOT_SHOWN = "condition-not-shown"
    MESSAGE_UNSIGNED = "message-unsigned"
    FILE_NOT_GIVEN = "file-not-given"
    CHAIN_NOT_ASKED = "chain-not-asked"
    CHAIN_AHEAD = "chain-ahead"
    EVIDENCE_UNKNOWN = "evidence-unknown"

    @property
    def breaks(self) -> bool:
        """Whether something is wrong; else something is merely not shown."""
        return self not in _OPEN


_OPEN = {
    Flaw.CONDITION_NOT_SHOWN,
    Flaw.MESSAGE_UNSIGNED,
    Flaw.FILE_NOT_GIVEN,
    Flaw.CHAIN_NOT_ASKED,
    Flaw.CHAIN_AHEAD,
    Flaw.EVIDENCE_UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One flaw; `entry` is the position of the entry that has it, from 0, if one has."""

    flaw: Flaw
    says: str
    entry: int | None = None

    def __str__(self) -> str:
        where = "" if self.entry is None else f" at entry {self.entry}"
        return f"{self.flaw}{where}: {self.says}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """What is wrong and what is not shown; nothing else in the journal was found at fault.

    `anchored` is the position of the last entry that a dispute's hash on the chain covers: it and all before it are no
    younger than that dispute.
    """

    payment_id: Hash32
    entries: int
    findings: tuple[Finding, ...]
    anchored: int | None = None

    @property
    def broken(self) -> tuple[Finding, ...]:
        """What is wrong."""
        return tuple(finding for finding in self.findings if finding.flaw.breaks)

    @property
    def open(self) -> tuple[Finding, ...]:
        """What is not shown to be right."""
        return tuple(finding for finding in self.findings if not finding.flaw.breaks)

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.broken

    def __str__(self) -> str:
        verdict = "sound" if self.sound else "broken"
        anchor = "no dispute covers it" if self.anchored is None else f"a dispute covers entries 0 to {self.anchored}"
        first = f"journal of payment 0x{self.payment_id.hex()}: {self.entries} entries, {verdict}; {anchor}"
        return "\n".join([first, *(f"  {finding}" for finding in self.findings)])
