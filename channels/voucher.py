"""The payer's signed word, alone and as it travels."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from chain.errors import Malformed
from chain.signing import Signed, require_form, verify
from chain.typed_data import Domain, TypedData, unhex
from chain.units import NO_HASH, Amount, Hash32
from channels.channel import Channel, ChannelId
from channels.errors import WrongChannel

NO_PROMISES = NO_HASH
LONGEST_JSON = 4096
"""Four times what is needed. Deep nesting ends the process where a library (py_ecc) has raised the recursion limit."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Voucher(TypedData):
    """In this epoch the payee may have up to `cumulative_amount` base units in all; a newer voucher replaces it."""

    type_string: ClassVar[str] = "Voucher(bytes32 channelId,uint32 epoch,uint96 cumulativeAmount,bytes32 promises)"
    channel_id: ChannelId
    epoch: int
    cumulative_amount: Amount
    promises: Hash32 = NO_PROMISES


@dataclass(frozen=True, kw_only=True, slots=True)
class SignedVoucher:
    """A voucher with its channel, as it is handed over; its 65-byte signature has the right form, `verified` checks it.

    Raises `WrongChannel`, `MalformedSignature` at birth.
    """

    channel: Channel
    voucher: Voucher
    signature: bytes

    def __post_init__(self) -> None:
        if self.voucher.channel_id != self.channel.id:
            raise WrongChannel(self.voucher.channel_id, self.channel.id)
        require_form(self.signature, self.channel.signer)

    def verified(self, domain: Domain) -> Signed[Voucher]:
        """The voucher as signed by the channel's key, for this chain and contract. Raises `InvalidSignature`."""
        return verify(domain, self.voucher, self.signature, self.channel.signer)

    def to_json(self) -> dict[str, Any]:
        """Numbers as decimal strings, bytes as 0x hex."""
        signature = "0x" + self.signature.hex()
        return {"channel": self.channel.to_json(), "voucher": self.voucher.to_json(), "signature": signature}

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | str | bytes) -> Self:
        """The strict inverse, of JSON text too: unknown, missing or malformed members are refused (`InvalidValue`)."""
        members = _parsed(data) if isinstance(data, str | bytes) else data
        if set(members) != {"channel", "voucher", "signature"}:
            raise Malformed("signed voucher", "its members are not channel, voucher, signature")
        return cls(
            channel=Channel.from_json(_struct("channel", members["channel"])),
            voucher=Voucher.from_json(_struct("voucher", members["voucher"])),
            signature=unhex("signature", members["signature"]),
        )


def _parsed(text: str | bytes) -> Mapping[str, Any]:
    if len(text) > LONGEST_JSON:
        raise Malformed("signed voucher", f"it is longer than {LONGEST_JSON} characters")
    try:
        return _struct("signed voucher", json.loads(text))
    except (ValueError, RecursionError) as error:
        raise Malformed("signed voucher", f"it is no JSON: {error}") from None


def _struct(what: str, value: object) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise Malformed(what, "it is no JSON object")
    return value
