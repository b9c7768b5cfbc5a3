"""The newest state that was posted in a fight: one word on chain, and the hash of its promises beside it."""

from dataclasses import dataclass
from typing import Self

from chain.units import NO_HASH, Hash32, Seconds, hash32, uint, within
from channels.duplex.messages import State

NO_DEADLINE = Seconds(0)
_LARGEST_NET, _SMALLEST_NET = 2**127 - 1, -(2**127)
_HAS_PROMISES = 1 << 240


@dataclass(frozen=True, kw_only=True, slots=True)
class Fight:
    """By the state of `version` A owes B `net`; at `deadline`, which never moves, no answer counts any more.

    Without a deadline there is no fight.
    """

    net: int = 0
    version: int = 0
    deadline: Seconds = NO_DEADLINE
    promises: Hash32 = NO_HASH

    def __post_init__(self) -> None:
        within("net", self.net, _SMALLEST_NET, _LARGEST_NET)
        uint("version", self.version, 64)
        uint("deadline", self.deadline, 48)
        hash32("promises", self.promises)

    @classmethod
    def posted(cls, state: State, deadline: Seconds) -> Self:
        """A net of more than 128 bits is beyond all deposits, so the bound stands for it."""
        net = min(max(state.net, _SMALLEST_NET), _LARGEST_NET)
        return cls(net=net, version=state.version, deadline=deadline, promises=state.promises)

    @classmethod
    def from_word(cls, word: int, promises: Hash32) -> Self:
        """As stored, and as events carry it; low bits first: net 128, version 64, deadline 48, has promises 1."""
        net = word & (1 << 128) - 1
        return cls(
            net=net - (1 << 128) if net > _LARGEST_NET else net,
            version=word >> 128 & (1 << 64) - 1,
            deadline=Seconds(word >> 192 & (1 << 48) - 1),
            promises=promises if word & _HAS_PROMISES else NO_HASH,
        )

    @property
    def word(self) -> int:
        """The inverse of `from_word`."""
        has_promises = _HAS_PROMISES if self.promises != NO_HASH else 0
        return self.net % (1 << 128) | self.version << 128 | self.deadline << 192 | has_promises

    @property
    def is_on(self) -> bool:
        """Whether anybody has challenged, and nothing has ended the epoch since."""
        return self.deadline != NO_DEADLINE

    def is_over(self, now: Seconds) -> bool:
        """The one place that says which side the boundary second belongs to: at the deadline no answer counts."""
        return now >= self.deadline


NO_FIGHT = Fight()
