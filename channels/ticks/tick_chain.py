"""A long chain's tips in order, from little memory."""

from math import cbrt

from chain.hash_chain import Ticks, hashed
from chain.units import Hash32, within

_UNUSED = -1


class TickChain:
    """The tips of `ticks`: in order about three hashes each, with memory for three times the cube root of their number.

    Checkpoints on three levels. It only remembers what follows from the seed, so a crash loses nothing, and an earlier
    position can be asked for again. The first question walks the whole chain.
    """

    __slots__ = ("_levels", "ticks")

    def __init__(self, ticks: Ticks) -> None:
        width = max(round(cbrt(ticks.count)), 1)
        self.ticks = ticks
        self._levels = (_Checkpoints(width**2), _Checkpoints(width), _Checkpoints(1))

    def tip(self, position: int) -> Hash32:
        """What is shown for the first `position` ticks; it gives the earlier ones away. Raises `OutOfRange`."""
        within("position", position, 0, self.ticks.count)
        low, high, tip = 0, self.ticks.count, self.ticks.seed
        for level in self._levels:
            if level.low != low:
                level.walk(low, high, tip)
            high, tip = level.at_or_above(position)
            if high == position:
                break
            low = high - level.spacing if high < level.high else level.last
        return tip


class _Checkpoints:
    """Every `spacing`-th tip from `low` to `high`, packed: an object each would take three times the memory."""

    __slots__ = ("high", "last", "low", "spacing", "tips", "top")

    def __init__(self, spacing: int) -> None:
        self.spacing = spacing
        self.low = self.high = self.last = _UNUSED
        self.tips = b""
        self.top = Hash32(b"")

    def walk(self, low: int, high: int, top: Hash32) -> None:
        """From the tip at `high` down; the checkpoints are counted from `low`, so the highest is no full step away."""
        steps = (high - low - 1) // self.spacing
        self.low, self.high, self.last, self.top = low, high, low + steps * self.spacing, top
        tip = hashed(top, high - self.last)
        found = [tip]
        for _ in range(steps):
            tip = hashed(tip, self.spacing)
            found.append(tip)
        self.tips = b"".join(reversed(found))

    def at_or_above(self, position: int) -> tuple[int, Hash32]:
        """The nearest checkpoint that isn't below `position`, and where it is."""
        if position > self.last:
            return self.high, self.top
        place = -((self.low - position) // self.spacing)
        return self.low + place * self.spacing, Hash32(self.tips[32 * place : 32 * place + 32])
