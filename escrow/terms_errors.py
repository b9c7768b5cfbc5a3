"""What is refused of terms before anybody signs them.

InvalidValue        OtherCondition
Refused             Unsound
"""

from chain.errors import InvalidValue, Refused
from chain.units import Address, Hash32
from escrow.finding import Finding


class OtherCondition(InvalidValue):
    """The condition is not the one of which the terms hold the address and the hash of the data."""

    says = "the terms fix the condition {expected} with data of hash {expected_hash!r}, not {found} with {found_hash!r}"
    expected: Address
    expected_hash: Hash32
    found: Address
    found_hash: Hash32


class Unsound(Refused):
    """The terms have risks that nobody accepted, or what nobody can accept."""

    findings: tuple[Finding, ...]

    def __str__(self) -> str:
        return "\n".join(map(str, self.findings))
