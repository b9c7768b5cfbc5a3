"""The client's own word about a job."""

from dataclasses import dataclass
from typing import ClassVar

from chain.typed_data import TypedData
from chain.units import Hash32


@dataclass(frozen=True, kw_only=True, slots=True)
class Guard(TypedData):
    """A tower may hold what has the hash `content`, and act by it; a later `at`, in milliseconds, is newer.

    Without it the other side could put a message in the place of the client's own that is newer and worth less.
    """

    type_string: ClassVar[str] = "Guard(bytes32 channelId,uint32 epoch,bytes32 content,uint64 at)"
    channel_id: Hash32
    epoch: int
    content: Hash32
    at: int
