"""The payee's signed end of an epoch, alone and as it travels."""

from dataclasses import dataclass
from typing import Any, ClassVar, Self

from chain.signing import Signed, compact, require_form, verify
from chain.typed_data import Domain, TypedData, unhex
from chain.units import Amount, Seconds
from channels.channel import Channel, ChannelId
from channels.errors import WrongChannel, WrongEpoch
from channels.promising import Calldata, PromisingVoucher
from channels.strict import members
from channels.voucher import SignedVoucher

_MEMBERS = {"channel", "message", "signature"}


@dataclass(frozen=True, kw_only=True, slots=True)
class LaneClose(TypedData):
    """The payee takes `take` in all, what was claimed before included; anyone may submit it before `deadline`."""

    type_string: ClassVar[str] = "LaneClose(bytes32 channelId,uint32 epoch,uint96 take,uint48 deadline)"
    channel_id: ChannelId
    epoch: int
    take: Amount
    deadline: Seconds


@dataclass(frozen=True, kw_only=True, slots=True)
class SignedLaneClose:
    """A close with its channel, as it is handed over; its 65-byte signature has the right form, `verified` checks it.

    The contract asks for the payee's plain key: a wallet closes by a call of its own.
    Raises `WrongChannel`, `MalformedSignature` at birth.
    """

    channel: Channel
    message: LaneClose
    signature: bytes

    def __post_init__(self) -> None:
        if self.message.channel_id != self.channel.id:
            raise WrongChannel(self.message.channel_id, self.channel.id)
        require_form(self.signature, self.channel.payee)

    def verified(self, domain: Domain) -> Signed[LaneClose]:
        """The close as signed by the payee, for this chain and contract. Raises `InvalidSignature`."""
        return verify(domain, self.message, self.signature, self.channel.payee)

    def calldata(self, voucher: SignedVoucher | None) -> tuple[Any, ...]:
        """As closeBySig takes it, with a voucher above what is settled. Raises `WrongChannel`, `WrongEpoch`."""
        close = self.message
        return self.channel.calldata, self._shown(voucher), close.take, close.deadline, *compact(self.signature)

    def to_json(self) -> dict[str, Any]:
        """Numbers as decimal strings, bytes as 0x hex."""
        signature = "0x" + self.signature.hex()
        return {"channel": self.channel.to_json(), "message": self.message.to_json(), "signature": signature}

    @classmethod
    def from_json(cls, data: object) -> Self:
        """The strict inverse, of JSON text too: unknown, missing or malformed members are refused (`InvalidValue`)."""
        found = members("signed close", data, _MEMBERS)
        return cls(
            channel=Channel.from_json(found["channel"]),
            message=LaneClose.from_json(found["message"]),
            signature=unhex("signature", found["signature"]),
        )

    def _shown(self, voucher: SignedVoucher | None) -> Calldata:
        if voucher is None:
            return PromisingVoucher(epoch=self.message.epoch, cumulative_amount=Amount(0)).calldata()
        if voucher.channel.id != self.channel.id:
            raise WrongChannel(voucher.channel.id, self.channel.id)
        if voucher.voucher.epoch != self.message.epoch:
            raise WrongEpoch(voucher.voucher.epoch, self.message.epoch)
        return voucher.promised_calldata
