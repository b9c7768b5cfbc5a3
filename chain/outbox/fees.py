"""What a transaction bids for its place in a block (EIP-1559), and when it bids more."""

from dataclasses import dataclass, replace
from typing import Self

from chain.units import within

GWEI = 10**9
"""In wei."""
_STEP = 8
"""A replacement bids an eighth more of both fees; nodes ask for a tenth, strictly more of each."""


@dataclass(frozen=True, slots=True)
class Price:
    """`maxPriorityFeePerGas` and `maxFeePerGas` in wei a unit of gas."""

    tip: int
    max_fee: int

    def __post_init__(self) -> None:
        within("max_fee", self.max_fee, 0, 2**256 - 1)
        within("tip", self.tip, 0, self.max_fee)


@dataclass(frozen=True, kw_only=True, slots=True)
class Fees:
    """`max_fee` and `max_tip` bound every bid, in wei a unit of gas; a bid stands for `patience` blocks.

    What a tip should be is a node's word alone, so it has a bound of its own. The last ninth of both is for calling a
    transaction off, which has to bid more than it. Nodes keep only so many waiting transactions of one account:
    `in_flight` (16 are safe with geth's defaults).
    """

    max_fee: int = 500 * GWEI
    max_tip: int = 50 * GWEI
    patience: int = 3
    in_flight: int = 16

    def __post_init__(self) -> None:
        within("max_fee", self.max_fee, 1, 2**256 - 1)
        within("max_tip", self.max_tip, 0, 2**256 - 1)
        within("patience", self.patience, 1, 1_000_000)
        within("in_flight", self.in_flight, 1, 1_000)

    def in_gwei(self, max_fee: float | None = None, max_tip: float | None = None) -> Self:
        """With these bounds, in gwei a unit of gas, where they are given. Raises `OutOfRange`."""
        given = {"max_fee": max_fee, "max_tip": max_tip}
        return replace(self, **{name: round(gwei * GWEI) for name, gwei in given.items() if gwei is not None})

    def first(self, base_fee: int, tip: int) -> Price:
        """Stands six full blocks' rise of the base fee, as far as the bound allows; its tip can be doubled."""
        tip = min(tip, self.max_tip // 2)
        max_fee = min(2 * base_fee + tip, _spared(self.max_fee))
        return Price(min(tip, max_fee), max_fee)

    def replacing(self, former: Price, base_fee: int, tip: int, *, cancels: bool = False) -> Price | None:
        """A bid that nodes take in place of `former` (10 % more of both), or None if a bound forbids it.

        A tip that can't rise any more is bid with all of the fee: that costs nothing until the base fee rises.
        """
        most_fee, most_tip = (self.max_fee, self.max_tip) if cancels else (_spared(self.max_fee), _spared(self.max_tip))
        least = Price(_more(former.tip), _more(former.max_fee))
        if least.max_fee > most_fee or least.tip > most_tip:
            return None
        wanted = self.first(base_fee, tip)
        newer = max(least.tip, wanted.tip)
        return Price(newer, most_fee if _more(newer) > most_tip else max(least.max_fee, wanted.max_fee))


def _more(fee: int) -> int:
    return fee + max(1, -(-fee // _STEP))


def _spared(most: int) -> int:
    """The largest bid after which there is one more."""
    return most * _STEP // (_STEP + 1)
