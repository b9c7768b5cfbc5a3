"""What a count says about a chance."""

import math

_DEVIATIONS = 1.959963984540054
"""Of a normal distribution, within which 95 % lie."""


def wilson(hits: int, trials: int, deviations: float = _DEVIATIONS) -> tuple[float, float]:
    """The interval in which the chance lies with 95 % (Wilson 1927): right for few hits, and for none, too."""
    if not trials:
        return 0.0, 1.0
    rate, square = hits / trials, deviations**2
    middle = (rate + square / (2 * trials)) / (1 + square / trials)
    half = deviations / (1 + square / trials) * math.sqrt(rate * (1 - rate) / trials + square / (4 * trials**2))
    return max(middle - half, 0.0) if hits else 0.0, min(middle + half, 1.0) if hits < trials else 1.0
