"""What is signed for a condition, EIP-712 under the domain of the condition's contract; at the expiry it has passed."""

from dataclasses import dataclass

from chain.typed_data import TypedData
from chain.units import Amount, Bps, Hash32, Seconds


@dataclass(frozen=True, kw_only=True, slots=True)
class Approval(TypedData):
    """Up to `amount` base units of this subject may be released, if this is shown before `expiry`."""

    type_string = "Approval(bytes32 subject,uint96 amount,uint48 expiry)"

    subject: Hash32
    amount: Amount
    expiry: Seconds

    @property
    def value(self) -> int:
        """Of which the k-th largest counts."""
        return self.amount


@dataclass(frozen=True, kw_only=True, slots=True)
class Attestation(TypedData):
    """The statement is true of `about` to this share, in hundredths of a percent, if this is shown before `expiry`."""

    type_string = "Attestation(bytes32 statement,bytes32 about,uint16 shareBps,uint48 expiry)"

    statement: Hash32
    about: Hash32
    share_bps: Bps
    expiry: Seconds

    @property
    def value(self) -> int:
        """Of which the k-th largest counts."""
        return self.share_bps
