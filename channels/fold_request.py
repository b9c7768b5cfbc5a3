"""A payee's proof, on its way to the payer."""

from dataclasses import dataclass
from typing import Any, ClassVar, Self

from chain.errors import Malformed
from chain.keccak import keccak
from chain.refusals import WrongConditionData
from chain.signing import verify
from chain.typed_data import Domain, Member, TypedData, unhex
from chain.units import Address, Amount, Hash32, hash32, uint
from channels.channel import ChannelId
from channels.promise import Promise
from channels.promise_errors import NotLetGo
from channels.strict import members

_EPOCH = Member("uint32", "epoch", "epoch")
_AMOUNT = Member("uint96", "amount", "amount")
_MEMBERS = {"channelId", "epoch", "promiseHash", "data", "proof", "amount"}


@dataclass(frozen=True, kw_only=True, slots=True)
class LetGo(TypedData):
    """Its payee lets a promise go for `amount` base units, whatever more it could come to."""

    type_string: ClassVar[str] = "LetGo(bytes32 channelId,uint32 epoch,bytes32 promiseHash,uint96 amount)"
    channel_id: ChannelId
    epoch: int
    promise_hash: Hash32
    amount: Amount


@dataclass(frozen=True, kw_only=True, slots=True)
class FoldRequest:
    """Asks to have a promise folded into the next voucher's amount; the payer asks the condition itself.

    `amount` is what the payee has found of it, in base units. Where that is all, anybody may bring the proof; for less
    the payee's `signature` lets the promise go: a stranger that has seen one of many ticks can't. Raises `InvalidValue`
    at birth.
    """

    channel_id: ChannelId
    epoch: int
    promise_hash: Hash32
    data: bytes
    proof: bytes
    amount: Amount
    signature: bytes = b""

    def __post_init__(self) -> None:
        hash32("channel_id", self.channel_id)
        hash32("promise_hash", self.promise_hash)
        uint("epoch", self.epoch, 31)
        uint("amount", self.amount, 96)

    @property
    def let_go(self) -> LetGo:
        """What the payee signs."""
        return LetGo(channel_id=self.channel_id, epoch=self.epoch, promise_hash=self.promise_hash, amount=self.amount)

    def require_data_of(self, promise: Promise) -> None:
        """Raises `WrongConditionData`."""
        found = keccak(self.data)
        if found != promise.data_hash:
            raise WrongConditionData(found, promise.data_hash)

    def require_let_go(self, domain: Domain, payee: Address, promise: Promise, owed: int) -> None:
        """A fold for `owed` takes nothing from the payee. Raises `NotLetGo`, `InvalidSignature`."""
        needed = promise.amount
        if self.signature and owed < needed:
            needed = verify(domain, self.let_go, self.signature, payee).message.amount
        if owed < needed:
            raise NotLetGo(owed, needed)

    def to_json(self) -> dict[str, Any]:
        """Numbers as decimal strings, bytes as 0x hex; a request that is not signed has no signature."""
        signed = {"signature": "0x" + self.signature.hex()} if self.signature else {}
        values = (self.channel_id, self.promise_hash, self.data, self.proof)
        hexed = ["0x" + value.hex() for value in values]
        names = ("channelId", "promiseHash", "data", "proof")
        numbers = {"epoch": str(self.epoch), "amount": str(self.amount)}
        return {**numbers, **dict(zip(names, hexed, strict=True)), **signed}

    @classmethod
    def from_json(cls, data: object) -> Self:
        """The strict inverse, of JSON text too. Raises `InvalidValue`."""
        found = members("fold request", data, _MEMBERS, {"signature"})
        return cls(
            channel_id=ChannelId(hash32("channel_id", unhex("channelId", found["channelId"]))),
            epoch=_EPOCH.from_json(found["epoch"]),
            promise_hash=hash32("promise_hash", unhex("promiseHash", found["promiseHash"])),
            data=unhex("data", found["data"]),
            proof=unhex("proof", found["proof"]),
            amount=Amount(_AMOUNT.from_json(found["amount"])),
            signature=_signature(found["signature"]) if "signature" in found else b"",
        )


def _signature(text: object) -> bytes:
    """A request without one has one form only."""
    signature = unhex("signature", text)
    if not signature:
        raise Malformed("signature", "it is empty")
    return signature
