"""What the chain keeps of a two-way channel's money: one word."""

from dataclasses import dataclass, replace
from typing import Self

from chain.units import Amount, uint

NOTHING = Amount(0)
LAST_EPOCH = 2**32 - 1
"""No deposit starts this one."""
_AMOUNT = 2**96 - 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Duplex:
    """Both deposits of the present epoch, in base units; they only rise while it lasts."""

    deposit_a: Amount = NOTHING
    deposit_b: Amount = NOTHING
    epoch: int = 0

    def __post_init__(self) -> None:
        for name, bits in (("deposit_a", 96), ("deposit_b", 96), ("total", 96), ("epoch", 32)):
            uint(name, getattr(self, name), bits)

    @classmethod
    def from_word(cls, word: int) -> Self:
        """As stored, and as events carry it; low bits first: deposit_a 96, deposit_b 96, epoch 32."""
        return cls(deposit_a=Amount(word & _AMOUNT), deposit_b=Amount(word >> 96 & _AMOUNT), epoch=word >> 192)

    @property
    def word(self) -> int:
        """The inverse of `from_word`."""
        return self.deposit_a | self.deposit_b << 96 | self.epoch << 192

    @property
    def total(self) -> int:
        """Both deposits: never more than 96 bits, whoever put them in."""
        return self.deposit_a + self.deposit_b

    @property
    def is_open(self) -> bool:
        """Whether anybody has a deposit."""
        return self.total != 0

    def shares(self, net: int) -> tuple[Amount, Amount]:
        """What A and B have if A owes B `net`: an impossible net is clipped to what is there."""
        to_a = min(max(self.deposit_a - net, 0), self.total)
        return Amount(to_a), Amount(self.total - to_a)

    def add(self, by_a: bool, amount: Amount) -> "Duplex":
        """One party's deposit is `amount` more."""
        if by_a:
            return replace(self, deposit_a=Amount(self.deposit_a + amount))
        return replace(self, deposit_b=Amount(self.deposit_b + amount))

    def ended(self) -> "Duplex":
        """The next epoch's number and nothing else: every message of this one is dead."""
        return Duplex(epoch=self.epoch + 1)
