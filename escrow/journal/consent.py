"""What a party has bound itself to: a message that it signed, or a verb that it is about to send."""

from dataclasses import dataclass
from typing import Any, Self

from chain.errors import Malformed
from chain.member import Member, unhex
from chain.signer import Signer
from chain.signing import verify
from chain.typed_data import Domain, TypedData
from chain.units import Address, Amount, Hash32, Seconds, address
from escrow import messages
from escrow.journal.record import Record
from escrow.journal.strict_json import members
from escrow.terms import Terms

_LEVEL = Member("uint96", "level", "level")
_DEADLINE = Member("uint48", "deadline", "deadline")
_VERBS = ("Void", "Refund", "Settle")
_TYPES: dict[str, type[TypedData]] = {
    kind.__name__: kind
    for kind in (
        messages.Authorize,
        messages.Release,
        messages.Void,
        messages.Dispute,
        messages.Ruling,
        messages.Settle,
        messages.Amend,
    )
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Consent(Record):
    """A message of `escrow.messages` with a plain key's signature; `require_fit` checks it."""

    kind = "consent"

    message: TypedData
    signer: Address
    signature: bytes

    def __post_init__(self) -> None:
        if _TYPES.get(self.name) is not type(self.message):
            raise Malformed("consent", f"{self.name} is no message to the escrow")
        address(self.signer)

    @classmethod
    def signed(cls, message: TypedData, domain: Domain, signer: Signer) -> Self:
        """Signs; the same message always gets the same signature."""
        signed = signer.sign(domain, message)
        return cls(message=message, signer=signed.signer, signature=signed.signature)

    @property
    def name(self) -> str:
        """The message's type."""
        return type(self.message).__name__

    @property
    def deadline(self) -> Seconds | None:
        """The second at which it is dead, if the message has one."""
        return getattr(self.message, "deadline", None)

    def require_fit(self, domain: Domain) -> None:
        """Raises `InvalidSignature` if the signer has not signed this message for this contract."""
        verify(domain, self.message, self.signature, self.signer)

    def payment_ids(self, domain: Domain) -> set[Hash32]:
        """The payments that it speaks of: an amendment's old and new one."""
        match self.message:
            case messages.Authorize(terms=terms):
                return {terms.payment_id(domain)}
            case messages.Amend(from_id=from_id, to=to):
                return {from_id, to.payment_id(domain)}
            case other:
                return {other.payment_id}  # type: ignore[attr-defined]  # the others have one

    def has_a_say(self, terms: Terms) -> bool:
        """Whether such a message of this signer can do anything to a payment under `terms`."""
        match self.message:
            case messages.Authorize() | messages.Release():
                return self.signer == terms.payer
            case messages.Void():
                return self.signer == terms.payee
            case messages.Ruling():
                return self.signer == terms.arbiter
            case messages.Amend(to=to):
                return self.signer in {terms.payer, terms.payee, to.payer, to.payee}
            case _:
                return self.signer in {terms.payer, terms.payee}

    def to_json(self) -> dict[str, Any]:
        """The message by its type's name."""
        signature = "0x" + self.signature.hex()
        return {
            "type": self.name,
            "message": self.message.to_json(),
            "signer": self.signer,
            "signature": signature,
        }

    @classmethod
    def from_json(cls, data: object) -> Self:
        """The strict inverse. Raises `InvalidValue`."""
        found = members(cls.kind, data, "type", "message", "signer", "signature")
        if not isinstance(found["type"], str) or found["type"] not in _TYPES:
            raise Malformed("consent", f"{found['type']!r} is no message to the escrow")
        return cls(
            message=_TYPES[found["type"]].from_json(found["message"]),
            signer=address(found["signer"]),
            signature=unhex("signature", found["signature"]),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Intent(Record):
    """A verb on its way to the chain, landing before `deadline`; `level` is what it leaves, or gives the payer."""

    kind = "intent"

    verb: str
    signer: Address
    level: Amount
    deadline: Seconds

    def __post_init__(self) -> None:
        if self.verb not in _VERBS:
            raise Malformed("intent", f"its verb is not {' or '.join(_VERBS)}")
        address(self.signer)
        _LEVEL.check(self.level)
        _DEADLINE.check(self.deadline)

    @property
    def name(self) -> str:
        """Of the verb, as a message that does the same is called."""
        return self.verb

    def to_json(self) -> dict[str, Any]:
        """Verb, caller, level and deadline."""
        level, deadline = _LEVEL.to_json(self.level), _DEADLINE.to_json(self.deadline)
        return {"verb": self.verb, "signer": self.signer, "level": level, "deadline": deadline}

    @classmethod
    def from_json(cls, data: object) -> Self:
        """The strict inverse. Raises `InvalidValue`."""
        found = members(cls.kind, data, "verb", "signer", "level", "deadline")
        return cls(
            verb=found["verb"],
            signer=address(found["signer"]),
            level=_LEVEL.from_json(found["level"]),
            deadline=_DEADLINE.from_json(found["deadline"]),
        )
