"""From what the follower has read to what the endpoints must be told."""

import asyncio

from earnest.worker.lease import Held
from earnest.worker.news import Cursor, News, Seen
from earnest.worker.report import Count, Report, Said
from earnest.worker.webhooks.deliveries import Deliveries
from earnest.worker.webhooks.message import subject_of

MOST = 500
"""Events a round."""


class Telling:
    """Event and cursor are kept in one transaction: killed anywhere, nothing is left out and nothing kept twice."""

    name = "events"
    every = 1.0

    def __init__(self, news: News, deliveries: Deliveries) -> None:
        self._news, self._deliveries = news, deliveries

    async def round(self, held: Held, now: float) -> Report:
        """What is new; at once again where there may be more."""
        report = await asyncio.to_thread(self._taken_back, held, now)
        if report is not None:
            return report
        seen, kept, moved = await asyncio.to_thread(self._keep, held, now)
        undone = [found.event for found in seen if found.finality == "undone"]
        return Report(
            counts=(
                *(Count("events", 1, _named(found)) for found in seen if found.finality == "latest"),
                *(Count("events_undone", 1, _named(found)) for found in seen if found.finality == "undone"),
                Count("webhook_messages", kept),
            ),
            said=tuple(_warning(event.name, subject_of(event), event.transaction) for event in undone),
            again=moved,
        )

    def _taken_back(self, held: Held, now: float) -> Report | None:
        """Before anything is told again, what was told and is not so. None where nothing is in doubt.

        Until the follower has come as far as what was told, nobody knows, and nothing is told.
        """
        cursor = self._deliveries.cursor
        if not (doubtful := self._deliveries.doubtful(cursor)):
            return None
        missing = self._news.missing(told.place for told in doubtful)
        if missing is None:
            return Report()
        undone = [told for told in doubtful if told.place in missing]
        kept = self._deliveries.take_back(held, undone, cursor, now)
        if kept is None:
            return Report(again=True)
        events = [told.event for told in undone]
        return Report(
            counts=(
                *(Count("events_undone", 1, (event["contract"], event["name"])) for event in events),
                Count("webhook_messages", kept),
            ),
            said=tuple(_warning(told.event["name"], told.subject, told.event["transaction"]) for told in undone),
            again=True,
        )

    def _keep(self, held: Held, now: float) -> tuple[list[Seen], int, bool]:
        before: Cursor = self._deliveries.cursor
        seen, cursor = self._news.after(before, MOST)
        if cursor == before:
            return [], 0, False
        kept = self._deliveries.keep(held, seen, cursor, now)
        return (seen, kept, True) if kept is not None else ([], 0, True)


def _named(seen: Seen) -> tuple[str, str]:
    return seen.event.contract, seen.event.name


def _warning(name: str, subject: str, transaction: str) -> Said:
    return Said("event undone", {"name": name, "subject": subject, "transaction": transaction}, warn=True)
