"""What is proven of a promise."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chain.money import Money
from chain.units import Hash32
from channels.channel import ChannelId
from channels.shown import Shown

if TYPE_CHECKING:
    from chain.receipt import Receipt


@dataclass(frozen=True, kw_only=True, slots=True)
class Recorded(Shown):
    """So much of the promise is released in all; it counts for whatever voucher or state of the epoch carries it."""

    channel_id: ChannelId
    epoch: int
    promise_hash: Hash32
    released: Money
    receipt: "Receipt | None" = None
