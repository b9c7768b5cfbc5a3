"""What a payer asks of a payee off chain; nobody is asked by a stranger who knows the channel's id.

The contract knows none of these type strings, and a request never moves money: the payee decides.
"""

from dataclasses import dataclass
from typing import Any, ClassVar, Generic, Self, TypeVar

from chain.errors import Malformed
from chain.keccak import keccak
from chain.refusals import DeadlinePassed
from chain.signing import Signed, require_form, verify
from chain.typed_data import Domain, TypedData, unhex
from chain.units import Amount, Hash32, Seconds
from channels.channel import Channel, ChannelId
from channels.errors import WrongChannel
from channels.strict import members

_MEMBERS = {"channel", "signature"}


@dataclass(frozen=True, kw_only=True, slots=True)
class CloseRequest(TypedData):
    """Please end this epoch now and give the rest of the deposit back; it counts before `deadline`."""

    type_string: ClassVar[str] = "CloseRequest(bytes32 channelId,uint32 epoch,uint48 deadline)"
    channel_id: ChannelId
    epoch: int
    deadline: Seconds


@dataclass(frozen=True, kw_only=True, slots=True)
class RefundRequest(TypedData):
    """Please refund of the delivery whose key has this Keccak-256 hash `upTo` base units in all, before `deadline`."""

    type_string: ClassVar[str] = (
        "RefundRequest(bytes32 channelId,uint32 epoch,bytes32 keyHash,uint96 upTo,uint48 deadline)"
    )
    channel_id: ChannelId
    epoch: int
    key_hash: Hash32
    up_to: Amount
    deadline: Seconds

    def is_about(self, key: str) -> bool:
        """Whether it is this delivery's."""
        return self.key_hash == key_hash_of(key)


def key_hash_of(key: str) -> Hash32:
    """A delivery's key, as a request names it."""
    return keccak(key.encode())


R = TypeVar("R", CloseRequest, RefundRequest)
_KINDS: dict[str, type[CloseRequest] | type[RefundRequest]] = {
    "closeRequest": CloseRequest,
    "refundRequest": RefundRequest,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class SignedRequest(Generic[R]):
    """A request as it travels, by the key that signs the channel's vouchers.

    Raises `WrongChannel`, `MalformedSignature` at birth.
    """

    channel: Channel
    message: R
    signature: bytes

    def __post_init__(self) -> None:
        if self.message.channel_id != self.channel.id:
            raise WrongChannel(self.message.channel_id, self.channel.id)
        require_form(self.signature, self.channel.signer)

    def verified(self, domain: Domain, now: Seconds) -> Signed[R]:
        """As the channel's key signed it, for this chain and contract. Raises `InvalidSignature`, `DeadlinePassed`."""
        signed = verify(domain, self.message, self.signature, self.channel.signer)
        if now >= self.message.deadline:
            raise DeadlinePassed(now, self.message.deadline)
        return signed

    def to_json(self) -> dict[str, Any]:
        """Numbers as decimal strings, bytes as 0x hex; the message stands under its kind."""
        kind = next(name for name, kind in _KINDS.items() if isinstance(self.message, kind))
        signature = "0x" + self.signature.hex()
        return {"channel": self.channel.to_json(), kind: self.message.to_json(), "signature": signature}

    @classmethod
    def from_json(cls, data: object) -> Self:
        """The strict inverse, of JSON text too: unknown, missing or malformed members are refused (`InvalidValue`)."""
        found = members("signed request", data, _MEMBERS, set(_KINDS))
        kinds = [name for name in _KINDS if name in found]
        if len(kinds) != 1:
            raise Malformed("signed request", f"it is not one of {', '.join(_KINDS)}")
        message: Any = _KINDS[kinds[0]].from_json(found[kinds[0]])
        signature = unhex("signature", found["signature"])
        return cls(channel=Channel.from_json(found["channel"]), message=message, signature=signature)
