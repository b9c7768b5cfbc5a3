"""What a condition is asked about."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chain.units import Amount, Hash32, Seconds, hash32, uint

if TYPE_CHECKING:
    from escrow.payment import Payment


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """A payment, or what else has an amount at stake on one chain until it expires."""

    chain_id: int
    id: Hash32
    amount: Amount
    expiry: Seconds

    def __post_init__(self) -> None:
        hash32("id", self.id)
        uint("amount", self.amount, 96)
        uint("expiry", self.expiry, 48)

    @classmethod
    def of(cls, payment: "Payment | Subject") -> "Subject":
        """A payment asks about its id, and nothing after its authorization's expiry."""
        if isinstance(payment, Subject):
            return payment
        terms = payment.terms
        return cls(
            chain_id=payment.chain_id, id=payment.payment_id, amount=terms.amount, expiry=terms.authorization_expiry
        )
