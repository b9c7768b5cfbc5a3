"""Releases what k of n signers approve."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from chain.signer import Signer
from chain.units import MAX_AMOUNT, Address, Amount, Hash32, Seconds
from escrow.conditions.facts import Facts
from escrow.conditions.messages import Approval
from escrow.conditions.signed import SignedWord
from escrow.conditions.signed_values import SignedValues, unpacked
from escrow.conditions.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Iterable

    from escrow.payment import Payment


class SignedApproval(SignedWord[Approval]):
    """What `Approvals.approve` makes."""

    __slots__ = ()

    @classmethod
    def from_json(cls, data: object) -> Self:
        """The strict inverse of `to_json`. Raises `InvalidValue`."""
        return cls.read(Approval, data)


@dataclass(frozen=True, slots=True)
class Approvals(SignedValues[Approval]):
    """Made by `approvals`. The twin of Approvals.sol."""

    contract = "Approvals"
    _limit = MAX_AMOUNT

    @property
    def data(self) -> bytes:
        """Packed: k 8 | signers 160 each, strictly rising."""
        return self._packed()

    @classmethod
    def of_data(cls, data: bytes) -> Self:
        """The inverse of `data`. Raises `InvalidValue`."""
        return cls(*unpacked(data))

    def approve(
        self, payment: "Payment | Subject", signer: Signer, *, amount: int | None = None, expiry: int | None = None
    ) -> SignedApproval:
        """That up to `amount` base units may be released, before `expiry`: all of it, and the payment's, by default.

        Raises `NotASigner`, `OutOfRange`.
        """
        subject = Subject.of(payment)
        return self._signed(SignedApproval, subject, signer, subject.amount if amount is None else amount, expiry)

    def released(self, subject: Hash32, amount: int, shown: bytes, facts: Facts) -> int:
        """The k-th largest of the amounts that are approved."""
        return min(self._agreed(subject, shown, facts), amount)

    def explain(self) -> str:
        """Whose."""
        return f"{self._quorum()} approvals by {', '.join(self.signers)}"

    def _message(self, subject: Hash32, value: int, expiry: Seconds) -> Approval:
        return Approval(subject=subject, amount=Amount(value), expiry=expiry)


def approvals(threshold: int, *, of: "Iterable[Address]") -> Approvals:
    """What `threshold` of these sign for. Raises `OutOfRange`, `NotAnAddress`, `ListedTwice`."""
    return Approvals(threshold, tuple(of))
