"""All that the contract keeps of one channel."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Self

from chain.units import Amount, Hash32
from channels.lane.lane import Lane
from channels.reserve import Reserve

NO_RESERVE = Reserve()
_UNUSED = Lane()


@dataclass(frozen=True, kw_only=True, slots=True)
class LaneBooks:
    """The lane's word, what is reserved by epoch, and what is recorded of each promise, by epoch and promise hash."""

    lane: Lane = _UNUSED
    reserves: Mapping[int, Reserve] = field(default_factory=dict)
    records: Mapping[tuple[int, Hash32], Amount] = field(default_factory=dict)

    def reserve(self, epoch: int) -> Reserve:
        """Of one epoch; it may be an earlier close's, which counts no longer."""
        return self.reserves.get(epoch, NO_RESERVE)

    def recorded(self, epoch: int, leaves: Iterable[Hash32]) -> int:
        """The sum over these promises, in base units."""
        return sum(self.records.get((epoch, leaf), 0) for leaf in leaves)

    def at(self, lane: Lane) -> Self:
        """With another lane."""
        return replace(self, lane=lane)

    def reserving(self, epoch: int, reserve: Reserve) -> Self:
        """With another reserve of this epoch."""
        return replace(self, reserves={**self.reserves, epoch: reserve})

    def recording(self, epoch: int, promise_hash: Hash32, released: Amount) -> Self:
        """With another record of this promise."""
        return replace(self, records={**self.records, (epoch, promise_hash): released})
