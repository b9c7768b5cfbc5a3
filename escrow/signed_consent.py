"""A message to the escrow with the signatures that it has so far: passed from hand to hand, then brought by anyone."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from chain.errors import InvalidSignature, Malformed
from chain.member import unhex
from chain.permit2 import Method, authorization_bytes
from chain.signing import recover
from chain.units import Address, Hash32, address
from escrow import messages
from escrow.flags import PAYEE_MAY_DISPUTE, PAYER_MAY_DISPUTE
from escrow.payment import Payment

Message = messages.Release | messages.Void | messages.Dispute | messages.Ruling | messages.Settle | messages.Amend
_TYPES: Mapping[str, type[Any]] = {
    kind.__name__: kind
    for kind in (
        messages.Release,
        messages.Void,
        messages.Dispute,
        messages.Ruling,
        messages.Settle,
        messages.Amend,
    )
}
_MEMBERS = {"payment", "type", "message", "signatures", "method", "authorization"}
_LONGEST = 8_192
_MOST = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class SignedConsent:
    """`signatures` are by party. A plain key's is checked when it is added; a wallet's word only the chain can ask.

    `method` and `authorization` say how an amendment's new payer pays in.
    """

    payment: Payment
    message: Message
    signatures: Mapping[Address, bytes] = field(default_factory=dict)
    method: Method = Method.ALLOWANCE
    authorization: bytes = b""

    def __post_init__(self) -> None:
        if self.about != self.payment.payment_id:
            raise Malformed("consent", "it speaks of another payment")

    @property
    def about(self) -> Hash32:
        """The payment that it moves."""
        return self.message.from_id if isinstance(self.message, messages.Amend) else self.message.payment_id

    @property
    def digest(self) -> Hash32:
        """What is signed."""
        return self.payment.domain.digest(self.message)

    @property
    def parties(self) -> tuple[Address, ...]:
        """Whose consent it needs, once each; of a dispute either party's is enough."""
        terms = self.payment.terms
        match self.message:
            case messages.Release():
                return (terms.payer,)
            case messages.Void():
                return (terms.payee,)
            case messages.Ruling():
                return (terms.arbiter,)
            case messages.Amend(to=to):
                return tuple(dict.fromkeys((terms.payer, terms.payee, to.payer, to.payee)))
            case _:
                return (terms.payer, terms.payee)

    def missing(self, caller: Address) -> tuple[Address, ...]:
        """Who has yet to sign if `caller` brings it, whose call is consent enough."""
        lacking = tuple(party for party in self.parties if party != caller and party not in self.signatures)
        return () if isinstance(self.message, messages.Dispute) and self.disputant(caller) else lacking

    def disputant(self, caller: Address) -> Address | None:
        """Who disputes: whoever of those who signed, or call, is named by the terms' flags."""
        flags = ((self.payment.terms.payer, PAYER_MAY_DISPUTE), (self.payment.terms.payee, PAYEE_MAY_DISPUTE))
        ready = [party for party, flag in flags if party in {caller, *self.signatures}]
        named = [party for party, flag in flags if party in ready and self.payment.terms.allows(flag)]
        return next(iter(named + ready), None)

    def signed(self, party: Address, signature: bytes) -> Self:
        """With a plain key's signature. Raises `InvalidSignature`, and `Malformed` for who has no say."""
        found = recover(self.digest, signature, party)
        if found != party:
            raise InvalidSignature(found, party)
        return self.vouched(party, signature)

    def vouched(self, party: Address, signature: bytes) -> Self:
        """With what a wallet, a Safe or an `ArbiterPanel` takes for its signature (ERC-1271): unchecked."""
        if party not in self.parties:
            raise Malformed("consent", f"{party} has no say in this {type(self.message).__name__}")
        if len(signature) > _LONGEST:
            raise Malformed("signature", f"it has {len(signature)} bytes, more than {_LONGEST}")
        return replace(self, signatures={**self.signatures, party: signature})

    def to_json(self) -> dict[str, Any]:
        """The message by its type's name."""
        return {
            "payment": self.payment.to_json(),
            "type": type(self.message).__name__,
            "message": self.message.to_json(),
            "signatures": {party: "0x" + signature.hex() for party, signature in self.signatures.items()},
            "method": self.method.to_json(),
            "authorization": "0x" + self.authorization.hex(),
        }

    @classmethod
    def from_json(cls, data: object) -> Self:
        """The strict inverse; signatures are taken as they stand, the chain judges them. Raises `InvalidValue`."""
        if not isinstance(data, Mapping) or set(data) != _MEMBERS:
            raise Malformed("consent", f"its members are not {', '.join(sorted(_MEMBERS))}")
        kind = _TYPES.get(data["type"]) if isinstance(data["type"], str) else None
        if kind is None or not isinstance(data["payment"], Mapping) or not isinstance(data["signatures"], Mapping):
            raise Malformed("consent", "it is no message to the escrow")
        if len(data["signatures"]) > _MOST:
            raise Malformed("consent", f"it has more than {_MOST} signatures")
        consent = cls(
            payment=Payment.from_json(data["payment"]),
            message=kind.from_json(data["message"]),
            method=Method.from_json(data["method"]),
            authorization=authorization_bytes(data["authorization"]),
        )
        for party, signature in data["signatures"].items():
            consent = consent.vouched(address(party), unhex("signature", signature))
        return consent
