"""What the payee's own transactions brought and cost; what others claimed for it the lanes' words tell."""

from collections.abc import Sequence
from functools import partial

from chain.units import Seconds
from channels.channel import ChannelId
from channels.stores.aio.books import AsyncTillBase
from channels.stores.book import Book, Fee, Settlement
from channels.stores.columns import amount, blob
from channels.stores.database import AsyncTransaction

_SETTLED = "INSERT INTO settlements VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING"
_FEE = "INSERT INTO fees VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"
_CLAIM = "UPDATE epochs SET claimed = $3, claimed_at = $4 WHERE channel_id = $1 AND epoch = $2 AND claimed < $3"
_SETTLEMENTS = "SELECT channel_id, epoch, transaction_hash, amount, made_at FROM settlements ORDER BY 5, 3, 1, 2"
_FEES = "SELECT transaction_hash, amount, made_at FROM fees ORDER BY 3, 1"

_SOME = 500
"""Rows that are locked at once: their channels accept nothing meanwhile."""


class AsyncTillJournal(AsyncTillBase):
    """A transaction is written down once."""

    async def claiming(self, books: Sequence[Book], at: Seconds) -> None:
        """Their vouchers are about to be sent; `at`, by the payee's clock, is before the books were read."""
        rows = sorted(
            (book.session.channel.id, book.session.lane.epoch, blob(book.session.newest.message.cumulative_amount), at)
            for book in books
            if book.session.newest
        )
        for first in range(0, len(rows), _SOME):
            await self.database.run(partial(_claiming, rows[first : first + _SOME]))

    async def journal(self, settlements: Sequence[Settlement], fees: Sequence[Fee]) -> None:
        """Keeps both, durably."""

        async def step(transaction: AsyncTransaction) -> None:
            for made in settlements:
                values = made.channel_id, made.epoch, made.transaction_hash, blob(made.amount), made.at
                await transaction.change(_SETTLED, *values)
            for fee in fees:
                await transaction.change(_FEE, fee.transaction_hash, blob(fee.amount, 16), fee.at)

        await self.database.run(step)

    async def settlements(self) -> list[Settlement]:
        """Oldest first."""
        return [_settlement(*row) for row in await self.database.rows(_SETTLEMENTS)]

    async def fees(self) -> list[Fee]:
        """Oldest first."""
        rows = await self.database.rows(_FEES)
        return [Fee(transaction_hash=made, amount=amount(cost), at=Seconds(at)) for made, cost, at in rows]


async def _claiming(rows: Sequence[tuple[object, ...]], transaction: AsyncTransaction) -> None:
    for row in rows:
        await transaction.change(_CLAIM, *row)


def _settlement(channel_id: ChannelId, epoch: int, transaction_hash: bytes, paid: bytes, at: int) -> Settlement:
    made = Seconds(at)
    return Settlement(
        channel_id=channel_id, epoch=epoch, transaction_hash=transaction_hash, amount=amount(paid), at=made
    )
