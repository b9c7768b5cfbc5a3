"""What a tower does next, as values."""

from collections.abc import Hashable, Iterable
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


def most_urgent_first(steps: Iterable[Step]) -> list[Step]:
    """By the second before which each must be sent, else in their order; what waits comes last."""

    def urgency(step: Step) -> tuple[bool, bool, int]:
        before = step.before if isinstance(step, Act) else None
        return isinstance(step, Wait), before is None, before or 0

    return sorted(steps, key=urgency)


def keys_of(action: Action) -> frozenset[Hashable]:
    """What must not be sent twice at once. What both parties of a two-way channel want is sent for each of them: by
    the message of one, which may be older, the other must not be kept from its own.
    """
    match action:
        case ClaimTogether(lane_ids):
            return frozenset(("claim", lane_id) for lane_id in lane_ids)
        case ClaimPromised(lane_id):
            return frozenset([("claim", lane_id)])
        case CollectReserve() | Record():
            return frozenset([action])
        case RecordDuplex() | Answer() | PayOut() | Collect():
            return frozenset([action])
        case _:
            assert_never(action)


def without(action: Action, keys: AbstractSet[Hashable]) -> Action | None:
    """What is left of it once those are sent already."""
    if isinstance(action, ClaimTogether):
        left = tuple(lane_id for lane_id in action.lane_ids if ("claim", lane_id) not in keys)
        return ClaimTogether(left) if left else None
    return None if keys_of(action) & keys else action
