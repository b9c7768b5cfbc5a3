"""What a party agrees to at most."""

from dataclasses import dataclass

from chain.units import Amount, Seconds, uint
from channels.duplex.channel import DuplexChannel
from channels.promise import MOST_PROMISES

_NONE = Amount(0)
_MARGIN, _SHORT, _CLOSE, _LONG = map(Seconds, (5 * 60, 10 * 60, 60 * 60, 24 * 60 * 60))
_NUMBERS = {
    "unconfirmed": 96,
    "promises": 5,
    "margin": 32,
    "shortest_promise": 32,
    "longest_promise": 32,
    "longest_close": 32,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """`owed`: what we owe at most, promises included (None: our deposit). `unconfirmed`: how much of the other's
    deposit we count on before it is final. `promises`: how many of the sixteen places may be the other's.

    `margin`, in seconds: how far our view of the chain may lag, with the time that a transaction takes. Promises that
    are offered last between `shortest_promise` and `longest_promise`, and a close waits for `longest_close` at most.
    Raises `OutOfRange`.
    """

    owed: Amount | None = None
    unconfirmed: Amount = _NONE
    promises: int = MOST_PROMISES // 2
    margin: Seconds = _MARGIN
    shortest_promise: Seconds = _SHORT
    longest_promise: Seconds = _LONG
    longest_close: Seconds = _CLOSE

    def __post_init__(self) -> None:
        for name, bits in _NUMBERS.items():
            uint(name, getattr(self, name), bits)
        if self.owed is not None:
            uint("owed", self.owed, 96)

    def expiries(self, channel: DuplexChannel, now: Seconds) -> tuple[int, int]:
        """The first and the last second at which a promise that is offered now may expire.

        If a fight began now, a later one could be recorded when nothing is kept for it any more.
        """
        kept = channel.window + channel.promise_window - self.margin
        return now + self.shortest_promise, now + min(self.longest_promise, kept)
