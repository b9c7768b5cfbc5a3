"""The payee's plan, made and followed: what is owed comes in before it is lost."""

from typing import TYPE_CHECKING

from channels.claims import Claims
from channels.settlement import Policy, Submit
from earnest.worker.lease import Held
from earnest.worker.report import Count, Gauge, Report, Said

if TYPE_CHECKING:
    from channels.aio.payee import AsyncPayee


class Settling:
    """Each step may be repeated, by anybody: the chain pays once, so that a turn that was lost costs gas at most."""

    name = "settlement"

    def __init__(self, payee: "AsyncPayee", policy: Policy, every: float = 15.0) -> None:
        self.every = every
        self._payee, self._policy = payee, policy

    async def round(self, held: Held, now: float) -> Report:
        """Plans by what the chain says now, and submits what is due."""
        steps = [step for step in await self._payee.next_steps(self._policy) if isinstance(step, Submit)]
        second = await self._payee.chain.now()
        late = sum(step.is_late(second) for step in steps)
        claims = await self._payee.submit(steps)
        said = [Said("claimed", {"paid": [str(money) for money in claims.paid]})] if claims.receipts else []
        said += [
            Said("claim skipped", {"lane": skipped.lane_id.hex(), "why": skipped.why}, warn=True)
            for skipped in claims.skipped
        ]
        if late:
            said.append(Said("settlement late", {"steps": late}, warn=True))
        return Report(
            counts=(
                Count("settlement_steps", len(claims.receipts)),
                Count("settlement_skipped", len(claims.skipped)),
            ),
            gauges=(*await self._at_risk(), *_claimed(claims, now)),
            said=tuple(said),
        )

    async def _at_risk(self) -> list[Gauge]:
        gauges = []
        for token, exposure in (await self._payee.exposure()).items():
            gauges.append(Gauge("money_at_risk_units", exposure.at_risk, (token.symbol,)))
            gauges.append(Gauge("money_unconfirmed_units", exposure.unconfirmed, (token.symbol,)))
        return gauges


def _claimed(claims: Claims, now: float) -> tuple[Gauge, ...]:
    return (Gauge("last_claim_timestamp_seconds", now),) if claims.receipts else ()
