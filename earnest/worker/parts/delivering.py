"""To one endpoint: what is due, signed, in order per subject."""

import asyncio
from collections.abc import Callable

from earnest.worker.backoff import delay
from earnest.worker.lease import Held
from earnest.worker.report import Count, Gauge, Report, Said
from earnest.worker.webhooks.deliveries import Deliveries, Delivery, Standing
from earnest.worker.webhooks.endpoint import Endpoint
from earnest.worker.webhooks.sending import Outcome, Sender

TOGETHER = 16
"""Attempts under way at once, each of another subject."""
_FIRST, _MOST = 2.0, 6 * 3600.0
"""Seconds before an attempt is repeated."""


class Delivering:
    """A part of its own for each endpoint: one that hangs delays nobody else's deliveries."""

    every = 1.0

    def __init__(
        self,
        endpoint: Endpoint,
        deliveries: Deliveries,
        sender: Sender,
        *,
        clock: Callable[[], float],
        random: Callable[[], float],
    ) -> None:
        self.name = f"webhook {endpoint.name}"
        self._endpoint, self._deliveries, self._sender = endpoint, deliveries, sender
        self._clock, self._random = clock, random

    async def round(self, held: Held, now: float) -> Report:
        """One attempt for each subject whose time has come, all at once."""
        due = await asyncio.to_thread(self._deliveries.due, self._endpoint.name, now, TOGETHER)
        outcomes = await asyncio.gather(*(self._attempt(held, delivery) for delivery in due))
        standing = await asyncio.to_thread(self._deliveries.standing, self._endpoint.name)
        return self._report(outcomes, standing)

    async def _attempt(self, held: Held, delivery: Delivery) -> Outcome:
        outcome = await self._sender.send(delivery.message_id, delivery.body, self._clock())
        await asyncio.to_thread(self._note, held, delivery, outcome)
        return outcome

    def _note(self, held: Held, delivery: Delivery, outcome: Outcome) -> None:
        """What has arrived and is not noted, as the process was killed, is sent again under the same id."""
        if outcome.delivered:
            self._deliveries.delivered(held, delivery)
            return
        now = self._clock()
        wait = delay(delivery.attempts + 1, first=_FIRST, most=_MOST, random=self._random())
        self._deliveries.failed(held, delivery, now, now + wait)
        if why := self._end_of(outcome, delivery, now):
            self._deliveries.disable(held, self._endpoint.name, now, why)

    def _end_of(self, outcome: Outcome, delivery: Delivery, now: float) -> str | None:
        if outcome.gone:
            return "it answered 410 Gone"
        since = delivery.failing_since
        if since is not None and now - since >= self._endpoint.give_up:
            return f"one delivery has failed for {now - since:.0f} s, at last by {outcome.reason}"
        return None

    def _report(self, outcomes: list[Outcome], standing: Standing) -> Report:
        name = self._endpoint.name
        arrived = sum(outcome.delivered for outcome in outcomes)
        failed = [outcome.reason for outcome in outcomes if not outcome.delivered]
        said = [Said("delivery failed", {"reason": reason}, warn=True) for reason in sorted(set(failed))]
        if standing.disabled is not None and failed:
            said.append(Said("endpoint disabled", {"why": standing.disabled, "pending": standing.pending}, warn=True))
        age = max(self._clock() - standing.oldest, 0) if standing.oldest is not None else 0
        return Report(
            counts=(
                Count("webhook_deliveries", arrived, (name,)),
                *(Count("webhook_failures", 1, (name, reason)) for reason in failed),
            ),
            gauges=(
                Gauge("webhook_pending", standing.pending, (name,)),
                Gauge("webhook_oldest_seconds", age, (name,)),
                Gauge("webhook_disabled", standing.disabled is not None, (name,)),
            ),
            said=tuple(said),
            again=arrived > 0,
        )
