"""How a tower does."""

from dataclasses import dataclass

from chain.units import Seconds
from channels.shown import Shown


@dataclass(frozen=True, kw_only=True, slots=True)
class Health(Shown):
    """So many `jobs`; the longest overdue look is `lag` seconds late, the node's newest block `behind` seconds old.

    It is well while both are within `most`, the policy's margin. `exhausted` jobs have cost all that a quota allows.
    """

    jobs: int
    exhausted: int
    lag: Seconds
    behind: Seconds
    most: Seconds

    @property
    def is_well(self) -> bool:
        """Whether a close would be noticed in time."""
        return max(self.lag, self.behind) <= self.most
