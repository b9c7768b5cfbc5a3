"""How long things may take, and what they may cost."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from chain.units import Address, Seconds, within
from channels import settlement
from channels.errors import WindowTooShort

_NOTHING = Fraction(0)
_FIVE_MINUTES = Seconds(300)


@dataclass(frozen=True, kw_only=True, slots=True)
class TowerPolicy:
    """`margin` is how long a transaction may take, in seconds: what has a deadline is begun two margins before it.

    An open channel is looked at every `refresh` seconds, or as often as its window asks for. `gas_prices` is what one
    unit of gas costs, in base units of each token: what saves less than it costs is left. Not named, nothing is dust.
    """

    margin: Seconds
    refresh: Seconds = _FIVE_MINUTES
    gas_prices: Mapping[Address, Fraction] = field(default_factory=dict)

    def __post_init__(self) -> None:
        within("margin", self.margin, 4, 2**24)
        within("refresh", self.refresh, 1, 2**24)

    @property
    def shortest_window(self) -> Seconds:
        """A margin to notice a close, one to begin, one to be included."""
        return Seconds(3 * self.margin)

    @property
    def settling(self) -> settlement.Policy:
        """By which lanes are settled: by deadlines alone, never because a claim would be cheap."""
        return settlement.Policy(margin=self.margin, fee_share=_NOTHING)

    def world(self, now: Seconds) -> settlement.World:
        """At this second."""
        return settlement.World(now=now, gas_prices=self.gas_prices)

    def require_window(self, window: Seconds) -> None:
        """A shorter one could be over before an answer is included. Raises `WindowTooShort`."""
        if window < self.shortest_window:
            raise WindowTooShort(window, self.shortest_window)

    @property
    def often(self) -> Seconds:
        """While something ends, or has failed, a channel is looked at four times a margin."""
        return Seconds(self.margin // 4)

    def soon(self, now: Seconds) -> Seconds:
        """The next of these looks."""
        return Seconds(now + self.often)

    def begins(self, expiries: Iterable[Seconds]) -> list[Seconds]:
        """When the promises that expire then have to be recorded."""
        return [self.settling.begin(expiry) for expiry in expiries]

    def later(self, now: Seconds, window: Seconds, expiries: Iterable[Seconds]) -> Seconds:
        """While nothing ends: before a close could be missed, and when a promise has to be recorded; from then on to
        its expiry it is soon, since a record can fail.
        """
        living = [expiry for expiry in expiries if now < expiry]
        coming = [begin if now < begin else self.soon(now) for begin in self.begins(living)]
        return min([Seconds(now + self.refresh), self.settling.look_again(now, window), *coming])
