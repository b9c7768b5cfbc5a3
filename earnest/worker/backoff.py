"""How long to wait after failures."""


def delay(failures: int, *, first: float, most: float, random: float) -> float:
    """Seconds after so many failures in a row: `first`, doubled each time up to `most`, of which `random` (0 to 1)
    takes up to half away, so that many who failed together don't come back together.
    """
    doubled = min(most, first * 2.0 ** min(failures - 1, 64))
    return doubled * (1 - random / 2)
