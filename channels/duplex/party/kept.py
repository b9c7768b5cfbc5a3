"""What a party's store has of one channel."""

from typing import NamedTuple

from channels.duplex.channel import DuplexChannel
from channels.duplex.session import Memory


class Kept(NamedTuple):
    """Where it stands in one epoch. Before the epoch `whole_from` the store may have forgotten something, since it was
    restored, or has gone back; below zero: in all epochs, until the chain is looked at.
    """

    channel: DuplexChannel
    memory: Memory
    whole_from: int
