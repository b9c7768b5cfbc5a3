"""What the chain says of one lane, and which of its epochs vouchers can still be paid from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from chain.units import Amount, Hash32, Seconds
from channels.channel import Channel
from channels.lane import Lane, LaneBooks
from channels.reserve import Reserve


@dataclass(frozen=True, kw_only=True, slots=True)
class EpochLeft:
    """An epoch with money in it: of `deposit` in all `settled` is paid; from the second `until` on vouchers can have no
    more (0: nobody asks for the end). Of an ended epoch it is what was reserved for promises.
    """

    epoch: int
    deposit: Amount
    settled: Amount
    until: Seconds


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundLane:
    """The lane in the final and in the latest block, its reserves by epoch, and what is recorded, by epoch and hash."""

    channel: Channel
    final: Lane
    latest: Lane
    reserves: Mapping[int, Reserve] = field(default_factory=dict)
    records: Mapping[tuple[int, Hash32], Amount] = field(default_factory=dict)

    @property
    def is_final(self) -> bool:
        """Whether no block that may be undone has changed it."""
        return self.final == self.latest

    @property
    def books(self) -> LaneBooks:
        """As the machine knows it, in the latest block: by that a claim is judged."""
        return LaneBooks(lane=self.latest, reserves=self.reserves, records=self.records)

    def epochs(self, now: Seconds) -> Iterator[EpochLeft]:
        """The present one if it is open, then ended ones of which something is still reserved."""
        lane = self.latest
        if lane.is_open:
            yield EpochLeft(epoch=lane.epoch, deposit=lane.deposit, settled=lane.settled, until=self._until(now))
        for epoch, reserve in sorted(self.reserves.items()):
            if reserve.withdrawn and reserve.left:
                yield EpochLeft(epoch=epoch, deposit=reserve.ceiling, settled=reserve.settled, until=reserve.time)

    def _until(self, now: Seconds) -> Seconds:
        """Once the window is over, what is reserved can still be had."""
        lane = self.latest
        if not (lane.reserved and lane.window_is_over(now)):
            return lane.closes_at
        return self.books.reserve(lane.epoch).end(lane.closes_at, self.channel)
