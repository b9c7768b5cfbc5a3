"""Releases everything from a second on."""

from dataclasses import dataclass

from chain.units import Hash32, Seconds, uint
from escrow.conditions.condition import Condition, Proof


@dataclass(frozen=True, slots=True)
class AfterTime(Condition):
    """Made by `after_time`. The twin of AfterTime.sol."""

    contract = "AfterTime"

    time: Seconds

    def __post_init__(self) -> None:
        uint("time", self.time, 48)

    @property
    def data(self) -> bytes:
        """abi.encode(uint48 time)."""
        return self.time.to_bytes(32, "big")

    def proof(self) -> Proof:
        """Nothing needs to be shown: the block's time is the proof."""
        return Proof(self, b"")

    def released(self, subject: Hash32, amount: int, shown: bytes, now: Seconds) -> int:
        """All from the second `time` on."""
        return amount if now >= self.time else 0


def after_time(time: int) -> AfterTime:
    """Everything from the Unix second `time` on. Raises `OutOfRange`."""
    return AfterTime(Seconds(time))
