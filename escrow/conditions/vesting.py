"""Releases along a line in time."""

from dataclasses import dataclass
from typing import Self

from chain.errors import OutOfRange
from chain.units import Hash32, Seconds, uint, within
from escrow.conditions import words
from escrow.conditions.condition import Condition, Proof
from escrow.conditions.facts import Facts
from escrow.dates import date


@dataclass(frozen=True, slots=True)
class Vesting(Condition):
    """Made by `vesting`. The twin of Vesting.sol."""

    contract = "Vesting"
    gas = 1_500

    start: Seconds
    cliff: Seconds
    end: Seconds

    def __post_init__(self) -> None:
        uint("start", self.start, 48)
        uint("end", self.end, 48)
        if self.start >= self.end:
            raise OutOfRange("end", self.end, self.start + 1, 2**48 - 1)
        within("cliff", self.cliff, self.start, self.end)

    @property
    def data(self) -> bytes:
        """abi.encode(uint48 start, uint48 cliff, uint48 end)."""
        return words.encode(self.start, self.cliff, self.end)

    @classmethod
    def of_data(cls, data: bytes) -> Self:
        """The inverse of `data`. Raises `InvalidValue`."""
        return cls(*map(Seconds, map(words.unsigned, words.split("data", data, 3))))

    def proof(self) -> Proof:
        """Nothing needs to be shown: the block's time is the proof."""
        return Proof(self, b"")

    def released(self, subject: Hash32, amount: int, shown: bytes, facts: Facts) -> int:
        """Nothing before the cliff, then the part of the time from start to end that has passed, rounded down."""
        if facts.now < self.cliff:
            return 0
        return amount * min(facts.now - self.start, self.end - self.start) // (self.end - self.start)

    @property
    def sure_from(self) -> Seconds:
        """Its end."""
        return self.end

    @property
    def begins(self) -> Seconds:
        """Its cliff; at the start itself the line is still at zero."""
        return Seconds(max(self.cliff, self.start + 1))

    def explain(self) -> str:
        """From when until when."""
        return f"the clock, evenly from {date(self.start)} to {date(self.end)}, but nothing before {date(self.cliff)}"


def vesting(*, start: int, end: int, cliff: int | None = None) -> Vesting:
    """Evenly from the Unix second `start` to `end`, nothing of it before `cliff`. Raises `OutOfRange`."""
    return Vesting(Seconds(start), Seconds(start if cliff is None else cliff), Seconds(end))
