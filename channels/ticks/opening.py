"""What a payer hands over so that ticks count: a voucher that promises them."""

from dataclasses import dataclass, field
from typing import Any, Self

from chain import hash_chain
from chain.errors import InvalidSignature
from chain.signing import Signed
from chain.units import Amount, Hash32
from channels.promise import Promise
from channels.proven import Proven
from channels.strict import members
from channels.ticks.errors import AnotherVoucher
from channels.ticks.stretch import Stretch
from channels.voucher import SignedVoucher, Voucher

_MEMBERS = {"voucher", "ticks"}


@dataclass(frozen=True, kw_only=True, slots=True)
class TicksOpening:
    """A voucher with the ticks that it promises. A fold is one, too: of the ticks that are left.

    `promise` is the voucher's for them, and nothing where none is left. Raises `TicksNotPromised` at birth.
    """

    voucher: SignedVoucher
    ticks: Stretch
    promise: Promise | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "promise", self.ticks.find(self.voucher.promises))

    @property
    def cumulative_amount(self) -> Amount:
        """What the voucher is worth without any tick, in base units."""
        return self.voucher.voucher.cumulative_amount

    def require_signed(self, signed: Signed[Voucher]) -> None:
        """`signed` is the voucher, after its signature was checked. Raises `AnotherVoucher`, `InvalidSignature`."""
        voucher, signer = self.voucher.voucher, self.voucher.channel.signer
        if signed.message != voucher:
            raise AnotherVoucher(signed.message.cumulative_amount, voucher.cumulative_amount)
        if signed.signer != signer:
            raise InvalidSignature(signed.signer, signer)

    def proven(self, position: int, tip: Hash32) -> Proven | None:
        """What `tip` proves of the promise, as `record` takes it; nothing at the opening's own position.

        Raises `OutOfRange` for more than 1,024 ticks, and `WrongLength`.
        """
        steps = position - self.ticks.position
        if self.promise is None or steps == 0:
            return None
        proof, released = hash_chain.condition_proof(tip, steps), Amount(self.ticks.each * steps)
        return Proven(promise=self.promise, data=self.ticks.data, proof=proof, released=released)

    def to_json(self) -> dict[str, Any]:
        """Numbers as decimal strings, bytes as 0x hex."""
        return {"voucher": self.voucher.to_json(), "ticks": self.ticks.to_json()}

    @classmethod
    def from_json(cls, data: object) -> Self:
        """The strict inverse, of JSON text too: unknown, missing or malformed members are refused (`InvalidValue`)."""
        found = members("ticks opening", data, _MEMBERS)
        return cls(
            voucher=SignedVoucher.from_json(found["voucher"]),
            ticks=Stretch.from_json(found["ticks"]),
        )
