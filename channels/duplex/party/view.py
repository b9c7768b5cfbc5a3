"""One look at the chain."""

from dataclasses import dataclass

from chain.units import Seconds
from channels.duplex.session import Sight


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """A channel in the final block and in the latest, the chain's time, and when by the own clock, in seconds."""

    final: Sight
    latest: Sight
    now: Seconds
    at: float

    def is_young(self, clock: float, refresh: float) -> bool:
        """At `refresh` itself it still is; a clock that was set back proves nothing."""
        return 0 <= clock - self.at <= refresh
