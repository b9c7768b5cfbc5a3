"""The payer's signed word, alone and as it travels."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, Self

import msgspec

from chain.signing import Signed, compact, require_form, verify
from chain.typed_data import Domain, TypedData, unhex
from chain.units import NO_HASH, Amount, Hash32
from channels.channel import Channel, ChannelId
from channels.errors import WrongChannel, WrongPromises
from channels.promise import Promise, Promises, promises_hash, read_promises, sorted_leaves
from channels.promising import Calldata, PromisingVoucher
from channels.strict import members

NO_PROMISES = NO_HASH
_MEMBERS, _MORE = {"channel", "voucher", "signature"}, {"promises"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Voucher(TypedData):
    """In this epoch the payee may have up to `cumulative_amount` base units in all; a newer voucher replaces it."""

    type_string: ClassVar[str] = "Voucher(bytes32 channelId,uint32 epoch,uint96 cumulativeAmount,bytes32 promises)"
    channel_id: ChannelId
    epoch: int
    cumulative_amount: Amount
    promises: Hash32 = NO_PROMISES


class SignedVoucher(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A voucher with its channel and promises, as it is handed over; its 65-byte signature has the right form.

    Whose it is, `verified` checks. A sum above the deposit is no fault of form: the contract pays what is there, and a
    payee refuses it by the deposit that it knows.
    Raises `WrongChannel`, `WrongPromises`, `TooManyPromises`, `PromisesOutOfOrder`, `MalformedSignature` at birth.
    """

    channel: Channel
    voucher: Voucher
    signature: bytes
    promises: tuple[Promise, ...] = ()

    def __post_init__(self) -> None:
        if self.voucher.channel_id != self.channel.id:
            raise WrongChannel(self.voucher.channel_id, self.channel.id)
        found = promises_hash(self.promises)
        if found != self.voucher.promises:
            raise WrongPromises(found, self.voucher.promises)
        require_form(self.signature, self.channel.signer)

    def verified(self, domain: Domain) -> Signed[Voucher]:
        """The voucher as signed by the channel's key, for this chain and contract. Raises `InvalidSignature`."""
        return verify(domain, self.voucher, self.signature, self.channel.signer)

    @property
    def at_most(self) -> int:
        """What it can come to, if every promise is kept in full, in base units."""
        total = self.voucher.cumulative_amount
        return total + sum(promise.amount for promise in self.promises) if self.promises else total

    @property
    def shown(self) -> PromisingVoucher:
        """With what its promises come to, for the machine."""
        epoch, amount = self.voucher.epoch, self.voucher.cumulative_amount
        if not self.promises:
            return PromisingVoucher(epoch=epoch, cumulative_amount=amount)
        listed = Promises.of(self.promises)
        return PromisingVoucher(
            epoch=epoch,
            cumulative_amount=amount,
            total=listed.total,
            last_expiry=listed.last_expiry,
            leaves=sorted_leaves(promise.struct_hash() for promise in self.promises),
        )

    @property
    def promised_calldata(self) -> Calldata:
        """As claimPromised and closeBySig take it."""
        return self.shown.calldata(*compact(self.signature))

    def to_json(self) -> dict[str, Any]:
        """Numbers as decimal strings, bytes as 0x hex; "promises" only where there are any."""
        signature = "0x" + self.signature.hex()
        told: dict[str, Any] = {
            "channel": self.channel.to_json(),
            "voucher": self.voucher.to_json(),
            "signature": signature,
        }
        return told | {"promises": [promise.to_json() for promise in self.promises]} if self.promises else told

    @classmethod
    def from_json(cls, data: object) -> Self:
        """The strict inverse, of JSON text too: unknown, missing or malformed members are refused (`InvalidValue`)."""
        found = members("signed voucher", data, _MEMBERS, _MORE)
        return cls(
            channel=_channel(found["channel"]),
            voucher=Voucher.from_json(found["voucher"]),
            signature=unhex("signature", found["signature"]),
            promises=read_promises(Promise, found["promises"]) if "promises" in found else (),
        )


def _channel(told: object) -> Channel:
    if isinstance(told, Mapping) and all(isinstance(value, str) for value in told.values()):
        return _known(tuple(told.items()))
    return Channel.from_json(told)


@lru_cache(maxsize=65_536)
def _known(members: tuple[tuple[str, str], ...]) -> Channel:
    """A payer sends the same descriptor with every voucher; one that is wrong is not remembered, however long it is."""
    return Channel.from_json(dict(members))
