"""What a closing lane keeps for promises."""

from dataclasses import dataclass, replace
from typing import Self

from chain.units import Amount, Seconds, uint
from channels.channel import Channel
from channels.duplex.channel import DuplexChannel

_NOTHING, _NEVER = Amount(0), Seconds(0)
_AMOUNT, _TIME = 2**96 - 1, 2**48 - 1
_WITHDRAWN = 1 << 240


@dataclass(frozen=True, kw_only=True, slots=True)
class Reserve:
    """`ceiling` is the most that vouchers of the epoch may be worth in all, in base units.

    Until a withdraw `time` is the promises' last expiry, and what is settled stands in the lane. Then `settled` counts
    here, and `time` is the second at which the rest goes back to the payer.
    """

    ceiling: Amount = _NOTHING
    settled: Amount = _NOTHING
    time: Seconds = _NEVER
    withdrawn: bool = False

    def __post_init__(self) -> None:
        for name, bits in (("ceiling", 96), ("settled", 96), ("time", 48)):
            uint(name, getattr(self, name), bits)

    @classmethod
    def from_word(cls, word: int) -> Self:
        """As stored, and as events carry it; low bits first: ceiling 96, settled 96, time 48, withdrawn 1."""
        return cls(
            ceiling=Amount(word & _AMOUNT),
            settled=Amount(word >> 96 & _AMOUNT),
            time=Seconds(word >> 192 & _TIME),
            withdrawn=bool(word & _WITHDRAWN),
        )

    @property
    def word(self) -> int:
        """The inverse of `from_word`."""
        return self.ceiling | self.settled << 96 | self.time << 192 | self.withdrawn << 240

    @property
    def left(self) -> int:
        """Once withdrawn: what vouchers can still take of it, in base units."""
        return self.ceiling - self.settled

    def covered(self, worth: int) -> Amount:
        """What a voucher is worth in all: never above the ceiling."""
        return Amount(min(worth, self.ceiling))

    def merge(self, ceiling: Amount, last_expiry: Seconds) -> Self:
        """With the larger ceiling and the later expiry: what was reserved once stays."""
        return replace(self, ceiling=max(self.ceiling, ceiling), time=max(self.time, last_expiry))

    def end(self, closes_at: Seconds, channel: Channel) -> Seconds:
        """From this second on it is over, for a close at `closes_at` and before its withdraw."""
        return reserve_end(closes_at, self.time, channel)

    def moved(self, settled: Amount, until: Seconds) -> Self:
        """As the withdraw leaves it."""
        return replace(self, settled=settled, time=until, withdrawn=True)


def reserve_end(closes_at: Seconds, last_expiry: Seconds, channel: Channel | DuplexChannel) -> Seconds:
    """When what is kept at a close, or at a fight's deadline, is over.

    What was recorded in the promises' last second can be had for one more window; no promise holds money longer than
    its window after the close.
    """
    latest = min(last_expiry, closes_at + channel.promise_window)
    return Seconds(max(latest, closes_at) + channel.window)
