"""How often: token buckets, one a name, refilled by a clock that is handed in."""

from typing import NamedTuple

from channels.watchtower.errors import OverQuota

_MOST = 100_000
"""Names that are remembered; whoever makes more of them makes the oldest start anew, and signs for each."""


class _Bucket(NamedTuple):
    left: float
    at: float


class Rates:
    """`each` a second for every name, after `burst` at once; kept in memory alone: a restart starts it anew."""

    def __init__(self, what: str, *, each: int, burst: int) -> None:
        self._what, self._each, self._burst = what, each, burst
        self._buckets: dict[bytes, _Bucket] = {}

    def take(self, name: bytes, now: float) -> None:
        """One more. Raises `OverQuota`."""
        bucket = self._buckets.pop(name, _Bucket(self._burst, now))
        now = max(now, bucket.at)  # A clock that was set back gives nothing, now or when it is right again.
        left = min(bucket.left + (now - bucket.at) * self._each, self._burst)
        while len(self._buckets) >= _MOST:
            self._buckets.pop(next(iter(self._buckets)))
        self._buckets[name] = _Bucket(left - 1 if left >= 1 else left, now)
        if left < 1:
            raise OverQuota(f"{self._what} a second", self._each)
