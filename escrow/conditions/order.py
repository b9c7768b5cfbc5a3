"""Amounts in order."""

from collections.abc import Iterable

from chain.units import Seconds


def kth_largest(values: Iterable[int], k: int) -> int:
    """What at least `k` of the values reach, 0 where there are fewer: the twin of KthLargest.sol."""
    ordered = sorted(values, reverse=True)
    return ordered[k - 1] if 1 <= k <= len(ordered) else 0


def kth_smallest(values: Iterable[Seconds | None], k: int) -> Seconds | None:
    """The second by which `k` of the times have come; None is never."""
    ordered = sorted(value for value in values if value is not None)
    return ordered[k - 1] if k <= len(ordered) else None
