"""A till whose tables are spread over machines by channel: each statement names one channel."""

from collections import defaultdict
from collections.abc import Sequence

from chain.errors import EarnestError
from channels.stores.aio.meters import ADVANCE, advance_values
from channels.stores.aio.till import AsyncTill
from channels.stores.aio.vouchers import AS_BEFORE, KEEP, keep_values
from channels.stores.book import Advance, Delivered, MeterRow, Newer, Order
from channels.stores.database import AsyncTransaction
from channels.stores.postgres.vouchers import AsyncPostgresVouchers

_FIND = "SELECT channel_id FROM epochs"
_LOCK = "SELECT 1 FROM epochs WHERE channel_id = $1 AND epoch = $2"
_SIZE = 8
"""How many of the values say how the channel was."""


class AsyncByChannelTill(AsyncPostgresVouchers, AsyncTill):
    """The law of `AsyncTill` for Citus, which locks and joins within one machine only."""

    async def deliver(self, orders: Sequence[Order]) -> list[list[Delivered] | EarnestError]:
        """As `AsyncTill`; locks are taken in the channels' order."""
        places = sorted(range(len(orders)), key=lambda place: orders[place].channel_id)
        answers = await super().deliver([orders[place] for place in places])
        return [answer for _, answer in sorted(zip(places, answers, strict=True), key=lambda pair: pair[0])]

    async def advance(self, meters: Sequence[Advance]) -> list[bool]:
        """As `AsyncTill`; the epochs are locked before their meters."""

        async def step(transaction: AsyncTransaction) -> list[bool]:
            done = dict[int, bool]()
            for place in sorted(range(len(meters)), key=lambda place: _place(meters[place].after)):
                values = advance_values(meters[place])
                await transaction.rows(_LOCK + self.database.locking, values[0], meters[place].after.epoch)
                done[place] = bool(await transaction.change(ADVANCE, *values))
            return [done[place] for place in range(len(meters))]

        return await self.database.run(step, len(meters))

    async def _keep_these(self, vouchers: Sequence[Newer]) -> set[bytes]:
        return await self.database.run(lambda transaction: self._keep_each(transaction, vouchers))

    async def _set(self, transaction: AsyncTransaction, vouchers: Sequence[Newer]) -> None:
        await self._keep_each(transaction, vouchers)

    async def _matching(self, transaction: AsyncTransaction, vouchers: Sequence[Newer]) -> set[bytes]:
        found = set()
        for newer in _in_order(vouchers):
            values = keep_values(newer)[:_SIZE]
            found |= {row[0] for row in await transaction.rows(_FIND + AS_BEFORE + self.database.locking, *values)}
        return found

    async def _keep_each(self, transaction: AsyncTransaction, vouchers: Sequence[Newer]) -> set[bytes]:
        kept, moves = set[bytes](), defaultdict[str, tuple[int, int]](lambda: (0, 0))
        for newer in _in_order(vouchers):
            if await transaction.change(KEEP, *keep_values(newer)):
                kept.add(newer.signed.message.channel_id)
                moves[newer.before.channel.token] = newer.exposing(moves[newer.before.channel.token])
        for token, sums in sorted(moves.items()):
            await self._move(transaction, token, *sums)
        return kept


def _place(meter: MeterRow) -> tuple[bytes, bytes]:
    return meter.channel_id, meter.promise_hash


def _in_order(vouchers: Sequence[Newer]) -> list[Newer]:
    return sorted(vouchers, key=lambda newer: newer.signed.message.channel_id)
