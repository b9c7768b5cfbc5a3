"""Values as they lie in a store's columns."""

import json
from functools import lru_cache

from chain.units import Amount, Seconds
from channels.channel import Channel
from channels.lane import Lane


def blob(amount: int) -> bytes:
    """An amount as it is stored."""
    return amount.to_bytes(12, "big")


def amount(stored: bytes) -> Amount:
    """The inverse of `blob`."""
    return Amount(int.from_bytes(stored, "big"))


def lane_of(epoch: int, deposit: bytes, settled: bytes, closes_at: int) -> Lane:
    """The lane in columns of these names."""
    return Lane(epoch=epoch, deposit=amount(deposit), settled=amount(settled), closes_at=Seconds(closes_at))


def lane_values(lane: Lane) -> tuple[int, bytes, bytes, int]:
    """The inverse of `lane_of`."""
    return lane.epoch, blob(lane.deposit), blob(lane.settled), lane.closes_at


def descriptor(channel: Channel) -> str:
    """A channel as it is stored."""
    return json.dumps(channel.to_json())


@lru_cache(maxsize=4096)
def channel_of(text: str) -> Channel:
    """The inverse of `descriptor`; four addresses are dear to check, and a channel never changes."""
    return Channel.from_json(json.loads(text))
