"""A payment: agreed terms, the escrow that holds it, and how far it has got."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chain.errors import Malformed
from chain.member import Member
from chain.typed_data import Domain
from chain.units import Amount, Hash32, Seconds, address
from escrow.holding import Holding
from escrow.phase import Phase, end_of, phase_of
from escrow.terms import Terms

if TYPE_CHECKING:
    from chain.receipt import Receipt

_CHAIN_ID = Member("uint256", "chainId", "chain_id")
_MEMBERS = {"chainId", "contract", "paymentId", "terms", "holding"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Payment:
    """The terms under one escrow contract on one chain; `receipt` is that of the step that led here, if one did."""

    terms: Terms
    domain: Domain
    holding: Holding = field(default_factory=Holding)
    receipt: "Receipt | None" = field(default=None, compare=False)
    payment_id: Hash32 = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "payment_id", self.terms.payment_id(self.domain))

    @property
    def chain_id(self) -> int:
        """The chain that holds it."""
        return self.domain.chain_id

    @property
    def returned(self) -> Amount:
        """What is back with the payer, in base units: voided, refunded, its share at the expiry; or never came."""
        return Amount(self.terms.amount - self.holding.held - self.holding.refundable)

    def phase(self, now: Seconds) -> Phase:
        """Of the hold, at the Unix second `now`."""
        return phase_of(self, now)

    @property
    def end(self) -> Seconds:
        """From this Unix second on anybody may end the hold."""
        return end_of(self)

    def to_json(self) -> dict[str, Any]:
        """What identifies the payment and its state; the receipt has a JSON of its own."""
        return {
            "chainId": str(self.chain_id),
            "contract": self.domain.contract,
            "paymentId": "0x" + self.payment_id.hex(),
            "terms": self.terms.to_json(),
            "holding": self.holding.to_json(),
        }

    @classmethod
    def from_json(cls, data: object) -> "Payment":
        """The strict inverse: the id must be that of the terms. Raises `Malformed` and other `InvalidValue`."""
        if not isinstance(data, Mapping):
            raise Malformed("payment", f"{data!r} is no object")
        if set(data) != _MEMBERS or not all(isinstance(data[name], Mapping) for name in ("terms", "holding")):
            raise Malformed("payment", f"its members are not {', '.join(sorted(_MEMBERS))}")
        chain_id = _CHAIN_ID.from_json(data["chainId"])
        _CHAIN_ID.check(chain_id)
        payment = cls(
            terms=Terms.from_json(data["terms"]),
            domain=Domain(chain_id, address(data["contract"])),
            holding=Holding.from_json(data["holding"]),
        )
        if data["paymentId"] != "0x" + payment.payment_id.hex():
            raise Malformed("paymentId", f"these terms are payment 0x{payment.payment_id.hex()}")
        return payment
