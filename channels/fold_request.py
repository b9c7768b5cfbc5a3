"""A payee's proof, on its way to the payer."""

from dataclasses import dataclass
from typing import Any, Self

from chain.keccak import keccak
from chain.refusals import WrongConditionData
from chain.typed_data import Member, unhex
from chain.units import Hash32, hash32, uint
from channels.channel import ChannelId
from channels.promise import Promise
from channels.strict import members

_EPOCH = Member("uint32", "epoch", "epoch")
_MEMBERS = {"channelId", "epoch", "promiseHash", "data", "proof"}


@dataclass(frozen=True, kw_only=True, slots=True)
class FoldRequest:
    """Asks to have a promise folded into the next voucher's amount; the payer asks the condition itself.

    It needs no signature: nobody loses by a promise that is folded for its own proof. Raises `InvalidValue` at birth.
    """

    channel_id: ChannelId
    epoch: int
    promise_hash: Hash32
    data: bytes
    proof: bytes

    def __post_init__(self) -> None:
        hash32("channel_id", self.channel_id)
        hash32("promise_hash", self.promise_hash)
        uint("epoch", self.epoch, 31)

    def require_data_of(self, promise: Promise) -> None:
        """Raises `WrongConditionData`."""
        found = keccak(self.data)
        if found != promise.data_hash:
            raise WrongConditionData(found, promise.data_hash)

    def to_json(self) -> dict[str, Any]:
        """Numbers as decimal strings, bytes as 0x hex."""
        values = (self.channel_id, self.promise_hash, self.data, self.proof)
        hexed = ["0x" + value.hex() for value in values]
        names = ("channelId", "promiseHash", "data", "proof")
        return {"epoch": str(self.epoch), **dict(zip(names, hexed, strict=True))}

    @classmethod
    def from_json(cls, data: object) -> Self:
        """The strict inverse, of JSON text too. Raises `InvalidValue`."""
        found = members("fold request", data, _MEMBERS)
        return cls(
            channel_id=ChannelId(hash32("channel_id", unhex("channelId", found["channelId"]))),
            epoch=_EPOCH.from_json(found["epoch"]),
            promise_hash=hash32("promise_hash", unhex("promiseHash", found["promiseHash"])),
            data=unhex("data", found["data"]),
            proof=unhex("proof", found["proof"]),
        )
