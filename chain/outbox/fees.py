"""What a transaction bids for its place in a block (EIP-1559), and when it bids more."""

from dataclasses import dataclass

from chain.units import within

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
    """`max_fee` bounds every bid, in wei a unit of gas; a bid stands for `patience` blocks; `in_flight` an account.

    Nodes keep only so many waiting transactions of one account (16 are safe with geth's defaults).
    """

    max_fee: int = 2**256 - 1
    patience: int = 3
    in_flight: int = 16

    def __post_init__(self) -> None:
        within("max_fee", self.max_fee, 1, 2**256 - 1)
        within("patience", self.patience, 1, 1_000_000)
        within("in_flight", self.in_flight, 1, 1_000)

    def first(self, base_fee: int, tip: int) -> Price:
        """Stands six full blocks' rise of the base fee, as far as the bound allows."""
        max_fee = min(2 * base_fee + tip, self.max_fee)
        return Price(min(tip, max_fee), max_fee)

    def replacing(self, former: Price, base_fee: int, tip: int) -> Price | None:
        """A bid that nodes take in place of `former` (10 % more of both), or None if the bound forbids it."""
        least = Price(_more(former.tip), _more(former.max_fee))
        if least.max_fee > self.max_fee:
            return None
        wanted = self.first(base_fee, tip)
        return Price(max(least.tip, wanted.tip), max(least.max_fee, wanted.max_fee))


def _more(fee: int) -> int:
    return fee + max(1, -(-fee // _STEP))
