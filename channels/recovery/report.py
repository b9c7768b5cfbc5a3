"""What every recovery of channels tells."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from channels.recovery.sums import Row, Sums
from channels.shown import Shown


class Report(Shown, ABC):
    """Base of the reports: its rows, one an epoch that has money in it, and what follows from them."""

    __slots__ = ()

    @property
    @abstractmethod
    def rows(self) -> Sequence[Row]:
        """What can be lost, those that end first in front."""

    @property
    def sums(self) -> tuple[Sums, ...]:
        """One a token."""
        return Sums.of(self.rows)

    @property
    def is_whole(self) -> bool:
        """Whether nothing can be lost."""
        return not any(row.at_most_lost for row in self.rows)

    def to_json(self) -> dict[str, Any]:
        """With the sums; what was found on chain is in the rows."""
        return Shown.to_json(self) | {"sums": [sums.to_json() for sums in self.sums]}
