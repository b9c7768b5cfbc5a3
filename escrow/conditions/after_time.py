"""Releases everything from a second on."""

from dataclasses import dataclass
from typing import Self

from chain.units import Hash32, Seconds, uint
from escrow.conditions import words
from escrow.conditions.condition import Condition, Proof
from escrow.conditions.facts import Facts
from escrow.dates import date


@dataclass(frozen=True, slots=True)
class AfterTime(Condition):
    """Made by `after_time`. The twin of AfterTime.sol."""

    contract = "AfterTime"
    gas = 1_000

    time: Seconds

    def __post_init__(self) -> None:
        uint("time", self.time, 48)

    @property
    def data(self) -> bytes:
        """abi.encode(uint48 time)."""
        return words.encode(self.time)

    @classmethod
    def of_data(cls, data: bytes) -> Self:
        """The inverse of `data`. Raises `InvalidValue`."""
        return cls(*map(Seconds, map(words.unsigned, words.split("data", data, 1))))

    def proof(self) -> Proof:
        """Nothing needs to be shown: the block's time is the proof."""
        return Proof(self, b"")

    def released(self, subject: Hash32, amount: int, shown: bytes, facts: Facts) -> int:
        """All from the second `time` on."""
        return amount if facts.now >= self.time else 0

    @property
    def sure_from(self) -> Seconds:
        """Its time."""
        return self.time

    @property
    def begins(self) -> Seconds:
        """Its time."""
        return self.time

    def explain(self) -> str:
        """When."""
        return f"the clock, from {date(self.time)} on"


def after_time(time: int) -> AfterTime:
    """Everything from the Unix second `time` on. Raises `OutOfRange`."""
    return AfterTime(Seconds(time))
