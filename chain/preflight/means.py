"""Whether the payer can pay, and whether the very transaction would succeed."""

from dataclasses import dataclass, replace
from typing import Self

from chain.preflight.payment import PlannedPayment
from chain.preflight.rule import Facts, block, rules_in, warn


@dataclass(frozen=True, kw_only=True, slots=True)
class Means:
    """`units` of the payment's token, `native` in wei; `fee` at most, None where nothing was simulated.

    `allowance` is None where nobody takes by allowance, `error` where nothing was simulated or nothing went wrong.
    """

    payment: PlannedPayment
    units: int
    native: int
    fee: int | None = None
    allowance: int | None = None
    error: str | None = None

    @property
    def covers_amount(self) -> bool:
        """The amount alone, without the fee."""
        return self.units >= self.payment.money.units

    @property
    def covers_allowance(self) -> bool:
        """True also where none is needed."""
        return self.allowance is None or self.allowance >= self.payment.money.units

    def costing(self, gas: int, tip: int, base_fee: int) -> Self:
        """With what a transaction must be able to pay: a fifth more gas, and twice the base fee of now."""
        return replace(self, fee=(gas + gas // 5) * (2 * base_fee + tip))

    def failing(self, error: str) -> Self:
        """With what the simulation said."""
        return replace(self, error=error)


@block("{payer} has {balance}, {needed} are needed")
def insufficient_balance(means: Means) -> Facts | None:
    """The payer has less than the amount."""
    if means.covers_amount:
        return None
    money = means.payment.money
    return {"payer": means.payment.payer, "balance": money.token.units(means.units), "needed": money}


@block("{payer} has {native} wei, {needed} are needed with the fee")
def fee_not_covered(means: Means) -> Facts | None:
    """What is left, after an amount in native currency, doesn't pay for the gas."""
    money = means.payment.money
    if means.fee is None:
        return None
    needed = means.fee + (money.units if money.token.is_native else 0)
    if means.native >= needed:
        return None
    return {"payer": means.payment.payer, "native": means.native, "needed": needed}


@warn("{spender} may take {allowance} from the payer, {needed} are needed")
def allowance_missing(means: Means) -> Facts | None:
    """An approval must come first; clients of ours send it by themselves, exactly."""
    if means.allowance is None or means.covers_allowance:
        return None
    money = means.payment.money
    return {"spender": means.payment.spender, "allowance": money.token.units(means.allowance), "needed": money}


@block("it would fail: {error}")
def would_revert(means: Means) -> Facts | None:
    """The transaction, run in the newest block, does not succeed."""
    return {"error": means.error} if means.error else None


RULES = rules_in(globals())
