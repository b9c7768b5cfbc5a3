"""What a tower does next, as values."""

from collections.abc import Hashable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import assert_never

from chain.units import Address, Hash32, Seconds
from channels.channel import ChannelId
from channels.settlement import Action as LaneAction
from channels.settlement import ClaimTogether
from channels.settlement.actions import ClaimPromised, CollectReserve, Named, Record
from channels.settlement.steps import Sending
from channels.shown import Shown


@dataclass(frozen=True, slots=True)
class Answer(Named):
    """The client's state, which is newer than the one that was posted."""

    channel_id: ChannelId
    client: Address
    epoch: int


@dataclass(frozen=True, slots=True)
class PayOut(Named):
    """The end of a fight that is over: later, what is kept for the client's promises would be gone."""

    channel_id: ChannelId
    client: Address
    epoch: int


@dataclass(frozen=True, slots=True)
class Collect(Named):
    """What is recorded of the client's promises, from what the ended epoch has kept for them."""

    channel_id: ChannelId
    client: Address
    epoch: int


@dataclass(frozen=True, slots=True)
class RecordDuplex(Named):
    """Proves one promise of a two-way channel's epoch on chain."""

    channel_id: ChannelId
    client: Address
    epoch: int
    promise_hash: Hash32


DuplexAction = Answer | PayOut | Collect | RecordDuplex
Action = LaneAction | DuplexAction


@dataclass(frozen=True, slots=True)
class Act(Sending):
    """What answers for a client, for this reason."""

    action: Action
    why: str
    before: Seconds | None


@dataclass(frozen=True, slots=True)
class Wait(Shown):
    """Look at the chain and plan again at `until`; None: only for a newer job."""

    until: Seconds | None
    why: str


Step = Act | Wait


def keys_of(action: Action) -> frozenset[Hashable]:
    """What must not be sent twice at once, whichever client it is for."""
    match action:
        case ClaimTogether(lane_ids):
            return frozenset(("claim", lane_id) for lane_id in lane_ids)
        case ClaimPromised(lane_id):
            return frozenset([("claim", lane_id)])
        case CollectReserve() | Record():
            return frozenset([action])
        case RecordDuplex(channel_id, _, epoch, promise_hash):
            return frozenset([(channel_id, epoch, promise_hash)])
        case Answer(channel_id, _, epoch) | PayOut(channel_id, _, epoch) | Collect(channel_id, _, epoch):
            return frozenset([(type(action), channel_id, epoch)])
        case _:
            assert_never(action)


def without(action: Action, keys: AbstractSet[Hashable]) -> Action | None:
    """What is left of it once those are sent already."""
    if isinstance(action, ClaimTogether):
        left = tuple(lane_id for lane_id in action.lane_ids if ("claim", lane_id) not in keys)
        return ClaimTogether(left) if left else None
    return None if keys_of(action) & keys else action
