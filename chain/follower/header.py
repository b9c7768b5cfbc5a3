"""One block: its place in the chain, and its logs."""

from dataclasses import dataclass
from itertools import pairwise

from chain.block import Block
from chain.errors import Malformed
from chain.follower.log import Log
from chain.units import Seconds


@dataclass(frozen=True, kw_only=True, slots=True)
class Header:
    """What links a block to the one before; hashes with 0x, `time` as a Unix second."""

    number: int
    hash: str
    parent: str
    time: Seconds

    @classmethod
    def of(cls, block: Block) -> "Header":
        """From a node's answer."""
        return cls(number=block.number, hash=block.hash, parent=block.parent, time=block.time)


@dataclass(frozen=True, kw_only=True, slots=True)
class FollowedBlock:
    """A block with all logs of the contracts that are followed, in their order. Raises `Malformed`."""

    header: Header
    logs: tuple[Log, ...] = ()

    def __post_init__(self) -> None:
        place = self.header.number, self.header.hash
        if any((log.block, log.block_hash) != place for log in self.logs):
            raise Malformed("logs", f"not all of them are of block {self.header.hash}")
        if any(later.index <= log.index for log, later in pairwise(self.logs)):
            raise Malformed("logs", f"those of block {self.header.hash} are not in order")
