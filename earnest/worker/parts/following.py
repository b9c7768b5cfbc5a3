"""The follower's step: what the chain says goes to disk."""

from typing import TYPE_CHECKING

from earnest.worker.lease import Held
from earnest.worker.report import Gauge, Report

if TYPE_CHECKING:
    from chain.aio.follower import AsyncFollower


class Following:
    """A chain that lags is no failure of the step; health says so, and whoever accepts money asks the follower."""

    name = "follower"

    def __init__(self, follower: "AsyncFollower", every: float = 2.0) -> None:
        self.every = every
        self._follower = follower

    async def round(self, held: Held, now: float) -> Report:
        """Takes all that there is."""
        await self._follower.step()
        head, final, behind = self._follower.head, self._follower.final, self._follower.behind
        gauges = [Gauge("follower_behind_seconds", behind)]
        gauges += [Gauge("follower_head_block", head.number)] if head else []
        gauges += [Gauge("follower_final_block", final.number)] if final else []
        return Report(gauges=tuple(gauges), behind=behind)
