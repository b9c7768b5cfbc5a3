"""What a deposit by signature is for."""

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar

from chain.permit2 import TokenPermissions, permit_type
from chain.typed_data import TypedData
from chain.units import Address, Seconds
from channels.channel import ChannelId


class FundingKind(IntEnum):
    """So that an authorization to open a channel never tops one up."""

    OPEN = 1
    TOP_UP = 2
    DEPOSIT = 3
    """Into a two-way channel."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Funding(TypedData):
    """Its digest is the ERC-3009 nonce, itself Permit2's witness; `salt` sets two of one epoch apart."""

    type_string: ClassVar[str] = "Funding(uint8 kind,bytes32 channelId,uint32 epoch,uint96 salt)"
    kind: int
    channel_id: ChannelId
    epoch: int
    salt: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class FundingPermit(TypedData):
    """Permit2's transfer by signature; it counts at `deadline` itself, too, but the channels' verbs don't."""

    type_string: ClassVar[str] = permit_type(Funding)
    permitted: TokenPermissions
    spender: Address
    nonce: int
    deadline: Seconds
    witness: Funding
