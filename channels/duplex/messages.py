"""What the two keys of a two-way channel sign. `net` is what A owes B, in base units; negative where B owes A."""

from dataclasses import dataclass
from typing import ClassVar

from chain.typed_data import TypedData
from chain.units import NO_HASH, Amount, Hash32, Seconds
from channels.channel import ChannelId


@dataclass(frozen=True, kw_only=True, slots=True)
class State(TypedData):
    """How the two stand; both sign it. A higher `version` of the epoch replaces a lower one; 0 is never signed."""

    type_string: ClassVar[str] = "State(bytes32 channelId,uint32 epoch,uint64 version,int256 net,bytes32 promises)"
    channel_id: ChannelId
    epoch: int
    version: int
    net: int
    promises: Hash32 = NO_HASH


@dataclass(frozen=True, kw_only=True, slots=True)
class Challenge(TypedData):
    """One party's word that the fight may be started with its state of `version`, before `deadline`."""

    type_string: ClassVar[str] = "Challenge(bytes32 channelId,uint32 epoch,uint64 version,uint48 deadline)"
    channel_id: ChannelId
    epoch: int
    version: int
    deadline: Seconds


@dataclass(frozen=True, kw_only=True, slots=True)
class CloseTogether(TypedData):
    """Both end the epoch at `net`, before `deadline`; promises die with it."""

    type_string: ClassVar[str] = "CloseTogether(bytes32 channelId,uint32 epoch,int256 net,uint48 deadline)"
    channel_id: ChannelId
    epoch: int
    net: int
    deadline: Seconds


@dataclass(frozen=True, kw_only=True, slots=True)
class WithdrawTogether(TypedData):
    """Both fold `net` into the deposits and take `to_a` and `to_b` out, before `deadline`; the next epoch begins."""

    type_string: ClassVar[str] = (
        "WithdrawTogether(bytes32 channelId,uint32 epoch,int256 net,uint96 toA,uint96 toB,uint48 deadline)"
    )
    channel_id: ChannelId
    epoch: int
    net: int
    to_a: Amount
    to_b: Amount
    deadline: Seconds
