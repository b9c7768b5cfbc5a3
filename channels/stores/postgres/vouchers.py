"""A batch of vouchers kept by one statement."""

from collections.abc import Mapping, Sequence
from typing import Any

from chain.units import Address
from channels.exposure import Limits
from channels.stores.aio.served_ticks import AsyncTillServedTicks
from channels.stores.aio.vouchers import Kept, keep_values
from channels.stores.book import Newer
from channels.stores.database import AsyncTransaction
from channels.stores.postgres.exposure import AsyncPostgresExposure

_NEWER = """
    WITH newer AS (
        SELECT * FROM unnest(
            $1::bytea[], $2::bigint[], $3::bytea[], $4::text[], $5::bytea[], $6::bytea[], $7::text[], $8::text[],
            $9::bigint[], $10::text[], $11::numeric[], $12::numeric[]
        ) AS columns (
            channel_id, epoch, before, proven_before, new_accepted, new_signature, promises, new_proven, since,
            token, at_risk, part
        )
    ),
    matching AS (
        SELECT newer.* FROM (SELECT * FROM newer ORDER BY channel_id) AS newer CROSS JOIN LATERAL (
            SELECT 1 FROM epochs WHERE epochs.channel_id = newer.channel_id AND epochs.epoch = newer.epoch
                AND accepted || deposit || settled || unconfirmed || signature = newer.before
                AND epochs.proven = newer.proven_before AND stopped = 0 AND closes_at = 0
            FOR UPDATE
        ) AS found
    )
"""
"""What was waited for is compared as it is then. All take the channels' locks in this order, and a token's after them,
so that no two batches wait for each other.
"""
_LOCK = "SELECT channel_id FROM matching"
_SET = """,
    kept AS (
        UPDATE epochs SET accepted = new_accepted, cumulative = new_accepted, signature = new_signature,
            promises = matching.promises, proven = new_proven,
            unsettled_since = COALESCE(matching.since, unsettled_since)
        FROM matching WHERE epochs.channel_id = matching.channel_id AND epochs.epoch = matching.epoch
        RETURNING epochs.channel_id, matching.token, matching.at_risk, matching.part
    ),
    moved AS (
        INSERT INTO exposure SELECT token, $13::bigint, sum(at_risk), sum(part) FROM kept
            GROUP BY token ORDER BY token
        ON CONFLICT (token, slot) DO UPDATE
        SET at_risk = exposure.at_risk + excluded.at_risk, unconfirmed = exposure.unconfirmed + excluded.unconfirmed
        RETURNING 1
    )
    SELECT channel_id FROM kept
"""
_MATCHING = _NEWER + _LOCK
_KEEP = _NEWER + _SET


class AsyncPostgresVouchers(AsyncTillServedTicks, AsyncPostgresExposure):
    """Newest wins, for a whole batch; one that only its own channel decides about takes one round trip."""

    async def keep(self, vouchers: Sequence[Newer], limits: Mapping[Address, Limits]) -> list[Kept]:
        """Keeps newer vouchers, durably, each if its channel is as in `before` and the limits of its token hold.

        At most one voucher a channel is in a batch.
        """
        if len({_id(newer) for newer in vouchers}) < len(vouchers):
            raise ValueError("two vouchers of one channel in one batch")
        if any(newer.left_out or _needs_total(newer, limits) for newer in vouchers):
            return await self.database.run(lambda transaction: self._keep_strictly(transaction, vouchers, limits))
        overs = [_over(newer, limits, (0, 0)) for newer in vouchers]
        within = [newer for newer, over in zip(vouchers, overs, strict=True) if not over]
        kept = await self._keep_these(within)
        return [over or _id(newer) in kept for newer, over in zip(vouchers, overs, strict=True)]

    async def _keep_strictly(
        self, transaction: AsyncTransaction, vouchers: Sequence[Newer], limits: Mapping[Address, Limits]
    ) -> list[Kept]:
        """By the tokens' totals, which nobody else changes meanwhile; and what ticks have brought is served."""
        matching = await self._matching(transaction, vouchers)
        totals = await self._totals(transaction, sorted({newer.before.channel.token for newer in vouchers}))
        answers, within = list[Kept](), list[Newer]()
        for newer in vouchers:
            token = newer.before.channel.token
            answers.append(_over(newer, limits, totals[token]) or _id(newer) in matching)
            if answers[-1] is True:
                totals[token] = newer.exposing(totals[token])
                within.append(newer)
        await self._set(transaction, within)
        for newer in sorted(within, key=_id):
            await self._serve_newer(transaction, newer)
        return answers

    async def _keep_these(self, vouchers: Sequence[Newer]) -> set[bytes]:
        """Each that is as before: the channels."""
        if not vouchers:
            return set()
        return {row[0] for row in await self.database.changed(_KEEP, *_columns(vouchers), self._slot)}

    async def _matching(self, transaction: AsyncTransaction, vouchers: Sequence[Newer]) -> set[bytes]:
        """Channels that are as before, and stay so."""
        return {row[0] for row in await transaction.rows(_MATCHING, *_columns(vouchers))}

    async def _set(self, transaction: AsyncTransaction, vouchers: Sequence[Newer]) -> None:
        """Keeps what has been found to match."""
        if vouchers:
            await transaction.rows(_KEEP, *_columns(vouchers), self._slot)


def _needs_total(newer: Newer, limits: Mapping[Address, Limits]) -> bool:
    """Whether other channels have a say; more that is unconfirmed is more than what is covered."""
    bounds = limits.get(newer.before.channel.token)
    if bounds is None:
        return False
    more = newer.after.exposure[1] > newer.before.exposure[1]
    return bounds.at_risk is not None or (bounds.unconfirmed is not None and more)


def _over(newer: Newer, limits: Mapping[Address, Limits], total: tuple[int, int]) -> Kept:
    bounds = limits.get(newer.before.channel.token)
    return (bounds is not None and newer.over(bounds, total)) or False


def _id(newer: Newer) -> bytes:
    return newer.signed.message.channel_id


def _columns(vouchers: Sequence[Newer]) -> list[list[Any]]:
    return [list(column) for column in zip(*map(_row, vouchers), strict=True)]


def _row(newer: Newer) -> tuple[Any, ...]:
    channel_id, epoch, signature, accepted, proven, *amounts, _, _, _, _, _ = values = keep_values(newer)
    before = b"".join((accepted, *amounts, signature))
    return channel_id, epoch, before, proven, *values[8:], newer.before.channel.token, *newer.exposing((0, 0))
