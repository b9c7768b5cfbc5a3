"""Ticks of many meters kept by one statement."""

from collections.abc import Sequence

from channels.stores.aio.meters import AsyncTillMeters, advance_values
from channels.stores.book import Advance, MeterRow
from channels.stores.postgres.exposure import AsyncPostgresExposure

_ADVANCE = """
    WITH newer AS (
        SELECT * FROM unnest($1::bytea[], $2::bytea[], $3::bigint[], $4::bigint[], $5::bytea[], $6::text[],
            $7::bytea[]) AS columns (channel_id, promise_hash, before, position, tip, pattern, settled)
    ),
    matching AS (
        SELECT newer.* FROM (SELECT * FROM newer ORDER BY channel_id, promise_hash) AS newer CROSS JOIN LATERAL (
            SELECT 1 FROM epochs JOIN meters
                ON meters.channel_id = epochs.channel_id AND meters.epoch = epochs.epoch
            WHERE epochs.channel_id = newer.channel_id AND meters.promise_hash = newer.promise_hash
                AND meters.position = newer.before
                AND stopped = 0 AND closes_at = 0 AND promises LIKE newer.pattern AND epochs.settled = newer.settled
            FOR UPDATE
        ) AS found
    )
    UPDATE meters SET position = matching.position, tip = matching.tip FROM matching
    WHERE meters.channel_id = matching.channel_id AND meters.promise_hash = matching.promise_hash
    RETURNING meters.channel_id, meters.promise_hash
"""
"""The epoch is locked, too: a fold or an end that was waited for may have taken the promise away."""


class AsyncPostgresMeters(AsyncTillMeters, AsyncPostgresExposure):
    """Positions only rise."""

    async def advance(self, meters: Sequence[Advance]) -> list[bool]:
        """Keeps each meter's position, durably, if it is where it was, and its ticks still count.

        A meter's own come one after the other.
        """
        if not meters:
            return []
        first = {_place(one.after): number for number, one in reversed(list(enumerate(meters)))}
        now = sorted(first.values())
        later = sorted(set(range(len(meters))).difference(now))
        rows = [advance_values(meters[number]) for number in now]
        kept = {tuple(row) for row in await self.database.changed(_ADVANCE, *_columns(rows))}
        answers = {number: _place(meters[number].after) in kept for number in now}
        answers |= zip(later, await self.advance([meters[number] for number in later]), strict=True)
        return [answers[number] for number in range(len(meters))]


def _place(meter: MeterRow) -> tuple[bytes, bytes]:
    return meter.channel_id, meter.promise_hash


def _columns(rows: Sequence[tuple[object, ...]]) -> list[list[object]]:
    return [list(column) for column in zip(*rows, strict=True)]
