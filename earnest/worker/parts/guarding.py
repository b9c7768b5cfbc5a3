"""A watchtower's rounds: what it guards for others is answered in time."""

from typing import TYPE_CHECKING

from earnest.worker.lease import Held
from earnest.worker.report import Count, Gauge, Report, Said

if TYPE_CHECKING:
    from channels.watchtower.service.tower import AsyncTower


class Guarding:
    """Jobs are taken by every worker of the file, whoever has the lease: they are on disk before the answer."""

    name = "tower"

    def __init__(self, tower: "AsyncTower", every: float = 5.0) -> None:
        self.every = every
        self._tower = tower

    async def round(self, held: Held, now: float) -> Report:
        """Begins what is due; what is under way goes on beside the next rounds."""
        begun, health = await self._tower.begin(), await self._tower.health()
        late = Said("watchtower late", {"lag": health.lag, "behind": health.behind, "most": health.most}, warn=True)
        return Report(
            counts=(Count("tower_acts", len(begun)),),
            gauges=(
                Gauge("tower_jobs", health.jobs),
                Gauge("tower_exhausted", health.exhausted),
                Gauge("tower_lag_seconds", health.lag),
            ),
            said=() if health.is_well else (late,),
        )
