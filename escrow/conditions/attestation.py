"""Releases the share to which k of n attesters say that a statement is true."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from chain.keccak import keccak
from chain.signer import Signer
from chain.units import ALL_BPS, NO_HASH, Address, Bps, Hash32, Seconds, hash32, within
from escrow.conditions import messages, words
from escrow.conditions.facts import Facts
from escrow.conditions.signed import SignedWord
from escrow.conditions.signed_values import SignedValues, unpacked
from escrow.conditions.subject import Subject

if TYPE_CHECKING:
    from escrow.payment import Payment


class SignedAttestation(SignedWord[messages.Attestation]):
    """What `Attestation.attest` makes."""

    __slots__ = ()

    @classmethod
    def from_json(cls, data: object) -> Self:
        """The strict inverse of `to_json`. Raises `InvalidValue`."""
        return cls.read(messages.Attestation, data)


@dataclass(frozen=True, slots=True)
class Attestation(SignedValues[messages.Attestation]):
    """Made by `attestation`. The twin of Attestation.sol. `about` zero is the payment itself."""

    contract = "Attestation"
    _limit = ALL_BPS

    statement: Hash32
    about: Hash32 = NO_HASH
    says: str = field(default="", compare=False)
    """The statement's text, where it is known: the chain has only its hash."""

    def __post_init__(self) -> None:
        super(Attestation, self).__post_init__()  # Slots make a new class, which a bare super() misses.
        hash32("statement", self.statement)
        hash32("about", self.about)

    @property
    def data(self) -> bytes:
        """Packed: statement 256 | about 256 | k 8 | attesters 160 each, strictly rising."""
        return words.encode(self.statement, self.about) + self._packed()

    @classmethod
    def of_data(cls, data: bytes) -> Self:
        """The inverse of `data`. Raises `InvalidValue`."""
        statement, about = words.split("data", data[: 2 * words.WORD], 2)
        return cls(*unpacked(data[2 * words.WORD :]), Hash32(statement), Hash32(about))

    def attest(
        self, payment: "Payment | Subject", signer: Signer, *, share_bps: int = ALL_BPS, expiry: int | None = None
    ) -> SignedAttestation:
        """That it is true to this share, if shown before `expiry`, by default the payment's.

        Raises `NotASigner`, `OutOfRange`.
        """
        within("share_bps", share_bps, 0, ALL_BPS)
        return self._signed(SignedAttestation, Subject.of(payment), signer, share_bps, expiry)

    def released(self, subject: Hash32, amount: int, shown: bytes, facts: Facts) -> int:
        """The k-th largest share of the amount, rounded down."""
        return amount * self._agreed(subject, shown, facts) // ALL_BPS

    def explain(self) -> str:
        """Whose word, on what."""
        statement = f'"{self.says}"' if self.says else f"statement 0x{self.statement.hex()}"
        about = "this payment" if self.about == NO_HASH else f"0x{self.about.hex()}"
        return f"the word of {self._quorum()} attesters {', '.join(self.signers)}: {statement} about {about}"

    def _message(self, subject: Hash32, value: int, expiry: Seconds) -> messages.Attestation:
        about = subject if self.about == NO_HASH else self.about
        return messages.Attestation(statement=self.statement, about=about, share_bps=Bps(value), expiry=expiry)


def attestation(
    *, by: Address | Iterable[Address], says: str, about: bytes | None = None, threshold: int = 1
) -> Attestation:
    """What `threshold` of `by` say of `about`: a fact of the world by its hash, or this payment alone.

    Raises `OutOfRange`, `NotAnAddress`, `ListedTwice`, `WrongLength`.
    """
    attesters = (by,) if isinstance(by, str) else tuple(by)
    topic = NO_HASH if about is None else hash32("about", about)
    return Attestation(threshold, attesters, keccak(says.encode()), topic, says)
