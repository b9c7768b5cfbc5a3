"""What the transaction costs against the amount, and whether it is better sent later."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median_low

from chain.money import Money
from chain.preflight.payment import PlannedPayment
from chain.preflight.rule import Facts, note, rules_in, warn
from chain.preflight.thresholds import Thresholds
from chain.units import ALL_BPS, MAX_AMOUNT

_BACK = 10
"""Blocks; a full block raises the base fee by an eighth (EIP-1559)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fees:
    """`fee` in wei, None where nobody knows it; `base_fees` oldest first, the next block's at the end.

    `native_price` is what one whole native coin costs in the payment's token, as the caller says.
    """

    payment: PlannedPayment
    fee: int | None
    base_fees: Sequence[int] = ()
    native_price: Money | None = None
    native_decimals: int = 18
    thresholds: Thresholds = field(default_factory=Thresholds)

    @property
    def fee_units(self) -> int | None:
        """The fee in the payment's token, rounded up; None where it or the price is not known."""
        if self.fee is None or self.payment.money.token.is_native:
            return self.fee
        if self.native_price is None:
            return None
        scale: int = 10**self.native_decimals
        return -(-self.fee * self.native_price.units // scale)

    @property
    def usual(self) -> int:
        """The median of the last blocks' base fees."""
        return median_low(self.base_fees) if self.base_fees else 0


@warn("the fee is about {fee}, which is {bps} parts in 10,000 of the amount")
def fee_too_high(fees: Fees) -> Facts | None:
    """The fee takes more of the amount than the threshold."""
    units, amount = fees.fee_units, fees.payment.money.units
    if units is None or units * ALL_BPS <= amount * fees.thresholds.fee_bps:
        return None
    bps = -(-units * ALL_BPS // amount) if amount else "infinitely many"
    return {"fee": fees.payment.money.token.units(min(units, MAX_AMOUNT)), "bps": bps}


@warn("the base fee is {base_fee} wei a unit of gas, {usual} were usual lately: send later, if it can wait")
def base_fee_high(fees: Fees) -> Facts | None:
    """The next block's base fee is far above the median of the last blocks."""
    if not _is_high(fees):
        return None
    return {"base_fee": fees.base_fees[-1], "usual": fees.usual}


@note(
    "the base fee has risen from {before} to {base_fee} wei a unit of gas in {blocks} blocks: send now, or much later"
)
def base_fee_rising(fees: Fees) -> Facts | None:
    """It rises fast, and is not high yet."""
    if len(fees.base_fees) <= _BACK or _is_high(fees):
        return None
    before, now = fees.base_fees[-1 - _BACK], fees.base_fees[-1]
    if now * ALL_BPS < before * fees.thresholds.rising_bps or now == before:
        return None
    return {"before": before, "base_fee": now, "blocks": _BACK}


RULES = rules_in(globals())


def _is_high(fees: Fees) -> bool:
    return bool(fees.base_fees) and fees.base_fees[-1] * ALL_BPS > fees.usual * fees.thresholds.high_bps
