"""What can be submitted. Each may be repeated, by anybody: the chain pays the payee once."""

from dataclasses import dataclass
from typing import Any

from chain.units import Hash32
from channels.channel import ChannelId
from channels.shown import Shown


class Named(Shown):
    """Base of actions."""

    __slots__ = ()

    def to_json(self) -> dict[str, Any]:
        """With the action's name as `action`."""
        return {"action": type(self).__name__, **super().to_json()}


@dataclass(frozen=True, slots=True)
class ClaimTogether(Named):
    """The newest vouchers of these lanes, none with promises, in one transaction."""

    lane_ids: tuple[ChannelId, ...]


@dataclass(frozen=True, slots=True)
class ClaimPromised(Named):
    """The newest voucher of this lane, with its promises; while the lane is closing that also reserves for them."""

    lane_id: ChannelId


@dataclass(frozen=True, slots=True)
class Record(Named):
    """Proves one promise of this lane's epoch on chain, with what its condition asks for."""

    lane_id: ChannelId
    epoch: int
    promise_hash: Hash32


@dataclass(frozen=True, slots=True)
class CollectReserve(Named):
    """The newest voucher of an epoch that is over, or nearly so, from what was reserved for its promises."""

    lane_id: ChannelId
    epoch: int


Action = ClaimTogether | ClaimPromised | Record | CollectReserve
