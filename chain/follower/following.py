"""How far a chain is followed: its final block, and every block since."""

from dataclasses import dataclass

from chain.errors import Malformed
from chain.follower.header import FollowedBlock, Header


@dataclass(frozen=True, kw_only=True, slots=True)
class Following:
    """`recent` stands on `final`, each block on the one before, without a gap. Raises `Malformed`."""

    final: Header
    recent: tuple[FollowedBlock, ...] = ()

    def __post_init__(self) -> None:
        before = self.final
        for block in self.recent:
            if (block.header.number, block.header.parent) != (before.number + 1, before.hash):
                raise Malformed("branch", f"block {block.header.hash} does not stand on {before.hash}")
            before = block.header

    @property
    def head(self) -> Header:
        """The newest block that is followed."""
        return self.recent[-1].header if self.recent else self.final

    def at(self, number: int) -> Header | None:
        """The block of that height, if it is the final one or newer."""
        place = number - self.final.number
        if place == 0:
            return self.final
        return self.recent[place - 1].header if 0 < place <= len(self.recent) else None

    def holds(self, block: FollowedBlock) -> bool:
        """Whether it is one since the final block, with these logs."""
        place = block.header.number - self.final.number - 1
        return 0 <= place < len(self.recent) and self.recent[place] == block

    def has(self, header: Header) -> bool:
        """Whether it is the final block, or one since."""
        found = self.at(header.number)
        return found is not None and found.hash == header.hash
