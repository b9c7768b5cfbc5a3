"""What both keys sign, with the signatures that it has so far: passed from hand to hand, then brought by anyone."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Generic, Self, TypeVar

from chain.errors import InvalidSignature, Malformed, MalformedSignature
from chain.signing import Signed, compact, require_form, verify
from chain.typed_data import Domain, unhex
from chain.units import NOBODY, Address
from channels.duplex.channel import DuplexChannel
from channels.duplex.messages import CloseTogether, State, WithdrawTogether
from channels.errors import WrongChannel
from channels.signature import signer_of

M = TypeVar("M", State, CloseTogether, WithdrawTogether)
SIGNATURES = frozenset({"signatureA", "signatureB"})
_UNSIGNED = (bytes(32), bytes(32))


@dataclass(frozen=True, kw_only=True, slots=True)
class CoSigned(Generic[M]):
    """A signature is None until that party has signed; what is there has the right form, `verified` checks it.

    Half of it is enough for the other party, whose call is consent. Raises `WrongChannel`, `MalformedSignature`.
    """

    channel: DuplexChannel
    message: M
    signature_a: bytes | None = None
    signature_b: bytes | None = None

    def __post_init__(self) -> None:
        if self.message.channel_id != self.channel.id:
            raise WrongChannel(self.message.channel_id, self.channel.id)
        for key, signature in self._by_key:
            if signature is not None:
                require_form(signature, key)

    def signed(self, by: Signed[M]) -> Self:
        """With one party's signature. Raises `InvalidSignature` for any other's, `Malformed` for another message's."""
        if by.message != self.message:
            raise Malformed("signature", "it is of another message")
        if by.signer == self.channel.signer_a:
            return replace(self, signature_a=by.signature)
        if by.signer == self.channel.signer_b:
            return replace(self, signature_b=by.signature)
        raise InvalidSignature(by.signer, f"{self.channel.signer_a} or {self.channel.signer_b}")

    def verified(self, domain: Domain) -> tuple[Signed[M], Signed[M]]:
        """As both keys signed it, for this chain and contract. Raises `InvalidSignature`, also where one is missing."""
        return self.verified_of(domain, self.channel.signer_a), self.verified_of(domain, self.channel.signer_b)

    def verified_of(self, domain: Domain, key: Address) -> Signed[M]:
        """As one of the keys signed it. Raises `InvalidSignature`."""
        signature = dict(self._by_key).get(key)
        if signature is None:
            raise MalformedSignature(NOBODY, key, "it is missing")
        return verify(domain, self.message, signature, key)

    def missing(self, caller: Address) -> tuple[Address, ...]:
        """Which keys have yet to sign if `caller` brings it."""
        consents = {self.channel.party_a: self.channel.signer_a, self.channel.party_b: self.channel.signer_b}
        return tuple(key for key, signature in self._by_key if signature is None and key != consents.get(caller))

    def signers(self, domain: Domain) -> tuple[Address, Address]:
        """Whose signatures the contract will see; the zero address where it will see none."""
        r_a, vs_a, r_b, vs_b = self.signatures
        return signer_of(domain, self.message, r_a, vs_a), signer_of(domain, self.message, r_b, vs_b)

    @property
    def calldata(self) -> tuple[Any, ...]:
        """What the verb takes: the channel, the message without its channel id, and the signatures."""
        said = tuple(getattr(self.message, member.snake) for member in self.message.members[1:])
        return self.channel.calldata, said, self.signatures

    @property
    def signatures(self) -> tuple[bytes, bytes, bytes, bytes]:
        """As the contract takes them (EIP-2098), A's r and vs first; zeros where one is missing."""
        return *_compacted(self.signature_a), *_compacted(self.signature_b)

    @property
    def _by_key(self) -> tuple[tuple[Address, bytes | None], ...]:
        return (self.channel.signer_a, self.signature_a), (self.channel.signer_b, self.signature_b)


def _compacted(signature: bytes | None) -> tuple[bytes, bytes]:
    return _UNSIGNED if signature is None else compact(signature)


def to_json(form: CoSigned[M], name: str) -> dict[str, Any]:
    """The channel, the message under `name`, and the signatures that are there."""
    signatures = (("signatureA", form.signature_a), ("signatureB", form.signature_b))
    shown = {member: "0x" + signature.hex() for member, signature in signatures if signature is not None}
    return {"channel": form.channel.to_json(), name: form.message.to_json(), **shown}


def from_json(members: Mapping[str, Any]) -> dict[str, Any]:
    """Channel and signatures from what `to_json` wrote. Raises `InvalidValue`."""
    names = (("signature_a", "signatureA"), ("signature_b", "signatureB"))
    signatures = {name: unhex(member, members[member]) for name, member in names if member in members}
    return {"channel": DuplexChannel.from_json(members["channel"]), **signatures}
