"""One channel's word on chain."""

from dataclasses import dataclass
from typing import Self

from chain.units import Amount, Seconds, uint

LAST_EPOCH = 2**31 - 1
NOTHING = Amount(0)
NOT_ASKED = Seconds(0)
"""What `closes_at` is while nobody has asked for the close."""
_AMOUNT = 2**96 - 1
_RESERVED = 1 << 255


@dataclass(frozen=True, kw_only=True, slots=True)
class Lane:
    """One channel's state on chain; `reserved` says that something is reserved for promises at this close."""

    deposit: Amount = NOTHING
    settled: Amount = NOTHING
    closes_at: Seconds = NOT_ASKED
    epoch: int = 0
    reserved: bool = False

    def __post_init__(self) -> None:
        for name, bits in (("deposit", 96), ("settled", 96), ("closes_at", 32), ("epoch", 31)):
            uint(name, getattr(self, name), bits)

    @classmethod
    def from_word(cls, word: int) -> Self:
        """As stored, and in events; low bits first: deposit 96, settled 96, closes_at 32, epoch 31, reserved 1."""
        return cls(
            deposit=Amount(word & _AMOUNT),
            settled=Amount(word >> 96 & _AMOUNT),
            closes_at=Seconds(word >> 192 & 0xFFFFFFFF),
            epoch=word >> 224 & LAST_EPOCH,
            reserved=bool(word & _RESERVED),
        )

    @property
    def word(self) -> int:
        """The inverse of `from_word`."""
        return self.deposit | self.settled << 96 | self.closes_at << 192 | self.epoch << 224 | self.reserved << 255

    @property
    def is_open(self) -> bool:
        """Whether there is a deposit."""
        return self.deposit != 0

    def window_is_over(self, now: Seconds) -> bool:
        """The one place that says which side the boundary second belongs to: at `closes_at` the window is over."""
        return self.closes_at != NOT_ASKED and now >= self.closes_at

    def covered(self, worth: int) -> Amount:
        """What a voucher is worth in all: never above the deposit."""
        return Amount(min(worth, self.deposit))

    def ended(self) -> "Lane":
        """The next epoch's number and nothing else."""
        return Lane(epoch=self.epoch + 1)
