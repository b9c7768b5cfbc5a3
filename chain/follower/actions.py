"""What a node was heard to say."""

from dataclasses import dataclass

from chain.errors import Malformed
from chain.follower.header import FollowedBlock, Header
from chain.follower.log import Log


@dataclass(frozen=True, kw_only=True, slots=True)
class Branch:
    """The node's newest blocks, oldest first, from one that stands on a block of ours; none if its newest is ours."""

    blocks: tuple[FollowedBlock, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Past:
    """All logs after our final block, up to `header`, which is final, too. Raises `Malformed`."""

    header: Header
    logs: tuple[Log, ...]

    def __post_init__(self) -> None:
        places = [(log.block, log.index) for log in self.logs]
        if places != sorted(set(places)) or any(block > self.header.number for block, _ in places):
            raise Malformed("logs", f"they are not in order, or newer than block {self.header.number}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Final:
    """The newest block that is as deep as the policy asks."""

    header: Header


Action = Branch | Past | Final
