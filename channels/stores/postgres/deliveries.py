"""A batch of orders fulfilled in one transaction of a few statements."""

from collections.abc import Sequence
from typing import Any

from chain.errors import EarnestError
from channels.channel import ChannelId
from channels.errors import UnknownLane
from channels.payee_session import PayeeSession
from channels.stores.aio.books import COLUMNS
from channels.stores.aio.deliveries import AsyncTillDeliveries
from channels.stores.book import Delivered, Order
from channels.stores.columns import blob, book_of
from channels.stores.database import AsyncTransaction
from channels.stores.fulfilment import delivered_of, delivery_values, fault_of, fulfil

_LOCK = """
    WHERE channel_id = ANY($1::bytea[])
        AND epoch = (SELECT max(epoch) FROM epochs AS later WHERE later.channel_id = epochs.channel_id)
    ORDER BY channel_id FOR UPDATE OF epochs
"""
_NEWEST = "SELECT channel_id, max(epoch) FROM epochs WHERE channel_id = ANY($1::bytea[]) GROUP BY channel_id"
_KNOWN = """
    SELECT found.* FROM unnest($1::bytea[], $2::text[]) AS asked (channel_id, key) CROSS JOIN LATERAL (
        SELECT channel_id, key, price, delivered, accepted, refunded FROM deliveries
        WHERE deliveries.channel_id = asked.channel_id AND deliveries.key = asked.key
        LIMIT 1
    ) AS found
"""
"""Row by row, so by the index, however little the statistics of a new table say."""
_MAKE = """
    WITH made AS (
        INSERT INTO deliveries SELECT * FROM unnest(
            $1::bytea[], $2::text[], $3::bigint[], $4::bigint[], $5::bytea[], $6::bytea[], $7::bytea[], $8::bytea[]
        )
        RETURNING 1
    )
    UPDATE epochs SET delivered = newer.delivered
    FROM unnest($9::bytea[], $10::bigint[], $11::bytea[]) AS newer (channel_id, epoch, delivered)
    WHERE epochs.channel_id = newer.channel_id AND epochs.epoch = newer.epoch
"""


class AsyncPostgresDeliveries(AsyncTillDeliveries):
    """The newest epochs' rows are locked in the channels' order, so that no two batches wait for each other."""

    async def deliver(self, orders: Sequence[Order]) -> list[list[Delivered] | EarnestError]:
        """What each order comes to, or why nothing of it was delivered, with one write to disk for all of them.

        The reasons are `Malformed` (a key), `UnknownLane`, and what `fulfil` raises.
        """

        async def step(transaction: AsyncTransaction) -> list[list[Delivered] | EarnestError]:
            sound = [order for order in orders if fault_of(order) is None]
            counter = _Counter(await _sessions(transaction, sound), await _known(transaction, sound))
            answers = [counter.answer(order) for order in orders]
            if counter.made:
                await transaction.change(_MAKE, *counter.columns())
            return answers

        return await self.database.run(step, len(orders))


class _Counter:
    """Orders one after the other, each as the ones before have left the sessions."""

    def __init__(self, sessions: dict[ChannelId, PayeeSession], known: dict[ChannelId, dict[str, Delivered]]) -> None:
        self._sessions, self._known = sessions, known
        self._changed = dict[ChannelId, PayeeSession]()
        self.made = list[tuple[Any, ...]]()

    def answer(self, order: Order) -> list[Delivered] | EarnestError:
        """What it comes to, or why nothing of it was delivered."""
        try:
            return fault_of(order) or self._fulfil(order)
        except EarnestError as why:
            return why

    def columns(self) -> list[list[Any]]:
        """What has changed: new deliveries, and what their epochs have delivered."""
        sums = [(key, session.lane.epoch, blob(session.delivered)) for key, session in self._changed.items()]
        return [list(column) for rows in (self.made, sums) for column in zip(*rows, strict=True)]

    def _fulfil(self, order: Order) -> list[Delivered]:
        if order.channel_id not in self._sessions:
            raise UnknownLane(order.channel_id)
        known = self._known.setdefault(order.channel_id, {})
        session, answers, made = fulfil(self._sessions[order.channel_id], order, known)
        if made:
            known |= made
            self._sessions[order.channel_id] = self._changed[order.channel_id] = session
            self.made += [delivery_values(order, session.lane.epoch, key, new) for key, new in made.items()]
        return answers


async def _sessions(transaction: AsyncTransaction, orders: Sequence[Order]) -> dict[ChannelId, PayeeSession]:
    """The newest epochs', locked; and where others have begun while locks were waited for, those."""
    channel_ids = sorted({order.channel_id for order in orders})
    while True:
        books = [book_of(*row) for row in await transaction.rows(COLUMNS + _LOCK, channel_ids)]
        sessions = {book.session.channel.id: book.session for book in books}
        newest = {tuple(row) for row in await transaction.rows(_NEWEST, channel_ids)}
        if newest == {(channel_id, session.lane.epoch) for channel_id, session in sessions.items()}:
            return sessions


async def _known(transaction: AsyncTransaction, orders: Sequence[Order]) -> dict[ChannelId, dict[str, Delivered]]:
    asked = sorted({(order.channel_id, key) for order in orders for key in order.prices})
    found = dict[ChannelId, dict[str, Delivered]]()
    columns = [channel_id for channel_id, _ in asked], [key for _, key in asked]
    for channel_id, key, *sums in await transaction.rows(_KNOWN, *columns):
        found.setdefault(channel_id, {})[key] = delivered_of(*sums)
    return found
