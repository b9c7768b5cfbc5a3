"""What the chain would pay for a position now, and until when."""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Self

from chain.units import Seconds
from channels.lane import NOT_ASKED
from channels.reserve import Reserve
from channels.settlement.position import Position, PromiseStanding

_NO_RESERVE = Reserve()


class Phase(Enum):
    """From where a voucher of this epoch is paid: the lane, what it has reserved, what a withdraw left, nowhere."""

    OPEN = auto()
    CLOSING = auto()
    RESERVED = auto()
    WITHDRAWN = auto()
    SHUT = auto()
    GONE = auto()

    @property
    def is_over(self) -> bool:
        """Whether only a reserve pays."""
        return self in {Phase.RESERVED, Phase.WITHDRAWN}


@dataclass(frozen=True, slots=True)
class Sight:
    """The chain pays up to `ceiling` in all, `settled` of it already, before the second `until` (None: no end)."""

    position: Position
    now: Seconds
    phase: Phase
    ceiling: int
    settled: int
    until: Seconds | None

    @classmethod
    def of(cls, position: Position, now: Seconds) -> Self:
        """By the same law as the contract's claim."""
        lane, reserve = position.lane, position.reserve
        if reserve.withdrawn:
            if now >= reserve.time:
                return cls(position, now, Phase.GONE, 0, 0, None)
            return cls(position, now, Phase.WITHDRAWN, reserve.ceiling, reserve.settled, reserve.time)
        if not lane.is_open or lane.epoch != position.epoch:
            return cls(position, now, Phase.GONE, 0, 0, None)
        if lane.closes_at == NOT_ASKED:
            return cls(position, now, Phase.OPEN, lane.deposit, lane.settled, None)
        if not lane.window_is_over(now):
            return cls(position, now, Phase.CLOSING, lane.deposit, lane.settled, lane.closes_at)
        until = reserve.end(lane.closes_at, position.channel)
        if lane.reserved and now < until:
            return cls(position, now, Phase.RESERVED, reserve.ceiling, lane.settled, until)
        return cls(position, now, Phase.SHUT, 0, lane.settled, None)

    @property
    def claimable(self) -> int:
        """What one claim would bring now, in base units."""
        return self._covered(self.position.worth) - self.settled

    def gains(self) -> list[tuple[PromiseStanding, int]]:
        """What each record would let a claim bring beyond that: the largest first, as the ceiling may cut the rest."""
        found, worth = list[tuple[PromiseStanding, int]](), self.position.worth
        for standing in sorted(self.position.promises, key=lambda each: (-each.gain(self.now), each.hash)):
            more = worth + standing.gain(self.now)
            if self._covered(more) > self._covered(worth):
                found.append((standing, self._covered(more) - self._covered(worth)))
            worth = more
        return found

    def unpayable(self) -> int:
        """What is owed, and the chain would not pay now, whatever is proven; an ended epoch owes it no more."""
        if self.phase in {Phase.GONE, Phase.WITHDRAWN}:
            return 0
        best = self.position.worth + sum(standing.gain(self.now) for standing in self.position.promises)
        return max(best - max(self.ceiling, self.settled), 0)

    def keeps(self) -> int:
        """What a claim while closing would save for promises, claimed or not: zero if nothing new is reserved by it."""
        position, lane = self.position, self.position.lane
        if self.phase is not Phase.CLOSING or self.now >= position.last_expiry:
            return 0
        before = position.reserve if lane.reserved else _NO_RESERVE
        most = lane.covered(position.most)
        return 0 if before.merge(most, position.last_expiry) == before else max(most - self.settled, 0)

    @property
    def awaits_proof(self) -> bool:
        """Whether the payer may still ask for a close that drops what a promise may be worth beyond what is proven."""
        standings = self.position.promises if self.phase in {Phase.OPEN, Phase.CLOSING, Phase.RESERVED} else ()
        return any(
            self.now < standing.promise.expiry and max(standing.provable, standing.recorded) < standing.promise.amount
            for standing in standings
        )

    def _covered(self, worth: int) -> int:
        return max(min(worth, self.ceiling), self.settled)
