"""One of the things that a worker does, again and again."""

from typing import Protocol

from earnest.worker.lease import Held
from earnest.worker.report import Report


class Part(Protocol):
    """What fails is tried again; a round may be killed at any instruction, and the next one makes up for it."""

    @property
    def name(self) -> str:
        """In the log, metrics and health."""

    @property
    def every(self) -> float:
        """Seconds between two rounds."""

    async def round(self, held: Held, now: float) -> Report:
        """One bounded step at the Unix second `now`; what it writes to the workers' file, it writes as `held`."""
