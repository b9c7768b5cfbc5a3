"""The outbox's step: what was submitted is sent until it is final."""

from typing import TYPE_CHECKING

from earnest.worker.lease import Held
from earnest.worker.report import Gauge, Report, Said

if TYPE_CHECKING:
    from chain.aio.outbox import AsyncOutbox


class Sending:
    """Serves the accounts that the outbox was given; it has leases of its own, one an account."""

    name = "outbox"

    def __init__(self, outbox: "AsyncOutbox", every: float = 2.0) -> None:
        self.every = every
        self._outbox = outbox

    async def round(self, held: Held, now: float) -> Report:
        """Over all that is open."""
        findings = await self._outbox.step()
        open_intents = sum(entry.open for entry in await self._outbox.entries())
        facts = [{"key": finding.key, "finding": finding.name, "why": finding.why} for finding in findings]
        return Report(
            gauges=(
                Gauge("outbox_open_intents", open_intents),
                Gauge("outbox_findings", len(findings)),
            ),
            said=tuple(Said("transaction held up", found, warn=True) for found in facts),
        )
