# Generated from channels/stores/aio/vouchers.py by make fix; edit that one.
"""Vouchers kept, many with one write to disk."""

from collections.abc import Mapping, Sequence

from chain.units import Address
from channels.exposure import Limits, OverLimit
from channels.stores.book import Newer
from channels.stores.columns import blob, promises_text, proven_text
from channels.stores.database import Transaction
from channels.stores.sync.served_ticks import TillServedTicks

AS_BEFORE = """
    WHERE channel_id = $1 AND epoch = $2 AND signature = $3 AND accepted = $4 AND proven = $5
        AND deposit = $6 AND settled = $7 AND unconfirmed = $8 AND stopped = 0 AND closes_at = 0
"""
_SET = """
    UPDATE epochs SET accepted = $9, cumulative = $9, signature = $10, promises = $11, proven = $12,
        unsettled_since = COALESCE($13, unsettled_since)
"""
KEEP = _SET + AS_BEFORE
Kept = bool | OverLimit
"""Whether it was kept; it wasn't where the channel is no longer as it was, or where too much would be at risk."""


class TillVouchers(TillServedTicks):
    """Newest wins: one statement compares with what was known, and sets."""

    def keep(self, vouchers: Sequence[Newer], limits: Mapping[Address, Limits]) -> list[Kept]:
        """Keeps newer vouchers, durably, each if its channel is as in `before` and the limits of its token hold."""

        def step(transaction: Transaction) -> list[Kept]:
            tokens = sorted({newer.before.channel.token for newer in vouchers})
            exposures = {token: self._exposure(transaction, token) for token in tokens}
            kept = []
            for newer in vouchers:
                token = newer.before.channel.token
                done, exposures[token] = self._keep(transaction, newer, exposures[token], limits.get(token))
                kept.append(done)
            for token, sums in exposures.items():
                self._expose(transaction, token, sums)
            return kept

        return self.database.run(step, len(vouchers))

    def _keep(
        self, transaction: Transaction, newer: Newer, total: tuple[int, int], limits: Limits | None
    ) -> tuple[Kept, tuple[int, int]]:
        over = newer.over(limits, total) if limits else None
        if over:
            return over, total
        if not transaction.change(KEEP, *keep_values(newer)):
            return False, total
        self._serve_newer(transaction, newer)
        return True, newer.exposing(total)


def keep_values(
    newer: Newer,
) -> tuple[bytes, int, bytes, bytes, str, bytes, bytes, bytes, bytes, bytes, str, str, int | None]:
    """What the statement that keeps is told: how the channel was in the first eight, then how it will be."""
    before, after = newer.before, newer.after
    voucher = newer.signed.message
    return (
        voucher.channel_id,
        voucher.epoch,
        before.newest.signature if before.newest else b"",
        blob(before.accepted),
        proven_text(before.proven) if before.proven else "",
        blob(before.lane.deposit),
        blob(before.lane.settled),
        blob(before.unconfirmed),
        blob(after.accepted),
        newer.signed.signature,
        promises_text(after.promises) if after.promises else "",
        proven_text(after.proven) if after.proven else "",
        newer.since,
    )
