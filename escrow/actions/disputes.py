"""How the arbiter is asked, and answers."""

from dataclasses import dataclass

from chain.units import NO_HASH, Address, Bps, Hash32, Seconds, hash32, uint
from escrow.actions.consenting import Consenting


@dataclass(frozen=True, kw_only=True, slots=True)
class Dispute:
    """A party whom the flags name asks the arbiter; `evidence` is a hash of its choice."""

    caller: Address
    evidence: Hash32 = NO_HASH

    def __post_init__(self) -> None:
        hash32("evidence", self.evidence)


@dataclass(frozen=True, kw_only=True, slots=True)
class DisputeBySig(Consenting):
    """The same by the signature of `party` over `messages.Dispute`."""

    party: Address
    evidence: Hash32 = NO_HASH
    deadline: Seconds
    signature: bytes

    def __post_init__(self) -> None:
        hash32("evidence", self.evidence)
        uint("deadline", self.deadline, 48)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """The arbiter splits what is held."""

    caller: Address
    payee_bps: Bps

    def __post_init__(self) -> None:
        uint("payee_bps", self.payee_bps, 16)


@dataclass(frozen=True, kw_only=True, slots=True)
class RuleBySig(Consenting):
    """The same by the arbiter's signature over `messages.Ruling`, which counts for this dispute alone."""

    payee_bps: Bps
    signature: bytes

    def __post_init__(self) -> None:
        uint("payee_bps", self.payee_bps, 16)


Disputing = Dispute | DisputeBySig | Rule | RuleBySig
