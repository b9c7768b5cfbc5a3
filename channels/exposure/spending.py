"""What a payer is willing to spend."""

from dataclasses import dataclass
from typing import Self

from chain.errors import Malformed
from chain.units import Amount, Seconds
from channels.exposure.bound import Bound, require, require_amounts, room_of

DAY = Seconds(86_400)
QUARTER = Seconds(900)
"""What is spent is summed up by quarters of an hour, so that a day of any traffic is at most 97 numbers."""
_QUARTERS = DAY // QUARTER


@dataclass(frozen=True, kw_only=True, slots=True)
class SpentDay:
    """What was spent in the last day, as (quarter, base units): a quarter's number is its Unix time / 900.

    The day rolls: a limit by calendar days could be spent twice within seconds, just before and just after midnight,
    and the one who calls chooses the second. A quarter counts until all of it is a day old, so no 86,400 seconds ever
    see more than the limit. Quarters ahead of `now` count, too: a clock that is set back frees nothing.
    """

    quarters: tuple[tuple[int, int], ...] = ()

    def __post_init__(self) -> None:
        before = -1
        for number, spent in self.quarters:
            if type(number) is not int or type(spent) is not int or spent < 0 or number <= before:
                raise Malformed("quarters", f"{number!r} after {before}, with {spent!r} spent")
            before = number

    def spent(self, now: Seconds) -> int:
        """In base units, of the day that ends now."""
        first = _first_counting(now)
        return sum([spent for number, spent in self.quarters if number >= first])

    def spend(self, amount: Amount, now: Seconds) -> Self:
        """With `amount` more, and without what is over."""
        first, present = _first_counting(now), now // QUARTER
        kept = {number: spent for number, spent in self.quarters if number >= first}
        kept[present] = kept.get(present, 0) + amount
        return type(self)(quarters=tuple(sorted(kept.items())))


@dataclass(frozen=True, kw_only=True, slots=True)
class SpendLimits:
    """Base units of one token; None is no limit. `per_payee` is for good, over every channel to this payee.

    They bound what a stolen call, a bug in a loop or a greedy payee can cost; a promise counts in full when it is made.
    """

    per_call: Amount | None = None
    per_payee: Amount | None = None
    per_day: Amount | None = None

    def __post_init__(self) -> None:
        require_amounts(self)

    def room(self, *, payee_spent: int, day: SpentDay, now: Seconds) -> int | None:
        """How much the next call may spend, where `payee_spent` was promised to its payee; None is without a limit."""
        return room_of(self._bounds(payee_spent, day, now))

    def require(self, amount: int, *, payee_spent: int, day: SpentDay, now: Seconds) -> None:
        """Raises `OverLimit` where `amount` is above `room`."""
        require(self._bounds(payee_spent, day, now), amount)

    def _bounds(self, payee_spent: int, day: SpentDay, now: Seconds) -> tuple[Bound, ...]:
        return (
            Bound("per_call", 0, self.per_call),
            Bound("per_payee", payee_spent, self.per_payee),
            Bound("per_day", day.spent(now), self.per_day),
        )


def _first_counting(now: Seconds) -> int:
    """The one place that says when a quarter is over: when its last second is a day old."""
    return now // QUARTER - _QUARTERS
