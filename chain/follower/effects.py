"""What becomes of blocks, in the order in which it must be kept and told."""

from dataclasses import dataclass

from chain.follower.header import FollowedBlock, Header
from chain.follower.log import Log


@dataclass(frozen=True, kw_only=True, slots=True)
class BlockUndone:
    """A block has been replaced: its logs are undone, the newest first."""

    block: FollowedBlock


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """A block that stands on the one before."""

    block: FollowedBlock


@dataclass(frozen=True, kw_only=True, slots=True)
class PastTaken:
    """Logs of final blocks; `BecameFinal` with the last of these follows."""

    logs: tuple[Log, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class BecameFinal:
    """This block, and all before it."""

    header: Header


Effect = BlockUndone | Taken | PastTaken | BecameFinal
