"""When settling pays: what the payee has decided, and what the world charges."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from chain.errors import Malformed
from chain.units import Address, Amount, Seconds, uint

_SHARE = Fraction(1, 100)


@dataclass(frozen=True, kw_only=True, slots=True)
class Policy:
    """`margin` is how long a transaction may take, in seconds: what has a deadline is begun two margins before it.

    An open lane is claimed when more than `at_risk` of its token is unclaimed in all, or `at_risk_per_channel` in it
    (base units by token; not named: no limit), when its oldest unclaimed money is `max_wait` seconds old, or when the
    fee is at most `fee_share` of what it brings. Nothing is claimed that costs more than it brings.
    """

    margin: Seconds
    max_wait: Seconds | None = None
    fee_share: Fraction = _SHARE
    at_risk: Mapping[Address, Amount] = field(default_factory=dict)
    at_risk_per_channel: Mapping[Address, Amount] = field(default_factory=dict)

    def __post_init__(self) -> None:
        uint("margin", self.margin, 32)
        if self.max_wait is not None:
            uint("max_wait", self.max_wait, 32)
        if _fraction("fee_share", self.fee_share) > 1:
            raise Malformed("fee_share", f"{self.fee_share} is above 1")
        for limits in (self.at_risk, self.at_risk_per_channel):
            for token, limit in limits.items():
                uint(token, limit, 96)

    def begin(self, deadline: Seconds) -> Seconds:
        """One margin to notice, one to be included."""
        return Seconds(deadline - 2 * self.margin)

    def look_again(self, seen_at: Seconds, window: Seconds) -> Seconds:
        """When the window of a close that was asked for right after `seen_at` would have to be noticed, to be answered.

        Where the window has no room for two margins, half of what is left beside one.
        """
        spare = window - self.margin
        return Seconds(seen_at + spare - min(self.margin, spare // 2))

    def before(self, deadline: Seconds) -> Seconds:
        """What is sent before this second is included before the deadline."""
        return Seconds(deadline - self.margin)


@dataclass(frozen=True, kw_only=True, slots=True)
class World:
    """`now` is the chain's time; `gas_prices` what one unit of gas costs, in base units of each token.

    A token without a price is claimed for risk and age only, and nothing of it counts as dust.
    """

    now: Seconds
    gas_prices: Mapping[Address, Fraction] = field(default_factory=dict)

    def __post_init__(self) -> None:
        uint("now", self.now, 48)
        for token, price in self.gas_prices.items():
            if not _fraction(f"gas price of {token}", price):
                raise Malformed(f"gas price of {token}", "where gas costs nothing, no price is named")

    def buys(self, token: Address, amount: int) -> int | None:
        """The gas that so much of the token pays for, rounded down; None: it has no price."""
        price = self.gas_prices.get(token)
        return None if price is None else amount * price.denominator // price.numerator

    def pays(self, token: Address, amount: int, gas: int) -> bool:
        """Whether it brings more than this gas costs."""
        buys = self.buys(token, amount)
        return amount > 0 and (buys is None or buys > gas)


def _fraction(name: str, value: object) -> Fraction:
    """A float would round: `Malformed`."""
    if not isinstance(value, Fraction) or value < 0:
        raise Malformed(name, f"{value!r} is no Fraction from 0 on")
    return value


UNHURRIED = Policy(margin=Seconds(120))
"""A transaction may take two minutes."""
