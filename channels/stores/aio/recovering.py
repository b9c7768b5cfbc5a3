"""Lanes that a till has lost, written back into it."""

from collections.abc import Sequence

from channels.channel import ChannelId
from channels.lane import NOTHING
from channels.payee_session import PayeeSession
from channels.stores.aio.books import ADMIT, AsyncTillBase
from channels.stores.columns import ZERO, amount, blob, descriptor, lane_values, promises_text, proven_text
from channels.stores.database import AsyncTransaction

_CHANNEL = "INSERT INTO channels VALUES ($1, $2) ON CONFLICT DO NOTHING"
_EPOCH = """
    INSERT INTO epochs VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8, $9, 1, $10, $11, $12, $13, $4, 0, 0, '', 0)
    ON CONFLICT (channel_id, epoch) DO UPDATE SET
        deposit = excluded.deposit, settled = excluded.settled, closes_at = excluded.closes_at,
        unconfirmed = excluded.unconfirmed, pending = excluded.pending,
        accepted = excluded.accepted, delivered = excluded.delivered, stopped = 1,
        cumulative = excluded.cumulative, signature = excluded.signature, promises = excluded.promises,
        proven = excluded.proven
"""
_KNOWN = "SELECT accepted, refunded FROM epochs WHERE channel_id = $1 AND epoch = $2"
_STOP = "UPDATE epochs SET stopped = 1, delivered = $3 WHERE channel_id = $1 AND epoch = $2"


class AsyncTillRecovering(AsyncTillBase):
    """What is recovered counts as delivered, and its epoch accepts no more, whatever the till knew of it before."""

    async def recover(self, sessions: Sequence[PayeeSession]) -> None:
        """All of them or none, durably. A voucher that the till has and that is worth more stays.

        That ends a restoration: what is opened to the payee, and not among these, is served as new.
        """

        async def step(transaction: AsyncTransaction) -> None:
            for session in sessions:
                channel = session.channel
                before = await self._at_risk(transaction, channel.id)
                await self._recover(transaction, session)
                await self._moved(transaction, channel.token, before, await self._at_risk(transaction, channel.id))
            await transaction.change(ADMIT)

        await self.database.run(step)

    async def _recover(self, transaction: AsyncTransaction, session: PayeeSession) -> None:
        """What was refunded is delivered once more, so that nothing is left to deliver."""
        channel, epoch, accepted, refunded = session.channel, session.lane.epoch, NOTHING, NOTHING
        for row in await transaction.rows(_KNOWN, channel.id, epoch):
            accepted, refunded = map(amount, row)
        delivered = blob(max(accepted, session.accepted) + refunded)
        if accepted > session.accepted:
            await transaction.change(_STOP, channel.id, epoch, delivered)
            return
        await transaction.change(_CHANNEL, channel.id, descriptor(channel))
        await transaction.change(_EPOCH, channel.id, *_values(session, delivered, blob(refunded)))

    async def _at_risk(self, transaction: AsyncTransaction, channel_id: ChannelId) -> tuple[int, int]:
        known = await self._locked(transaction, channel_id)
        return known.session.exposure if known else (0, 0)


def _values(session: PayeeSession, delivered: bytes, refunded: bytes) -> tuple[object, ...]:
    newest = session.newest
    return (
        *lane_values(session.lane),
        ZERO,
        blob(session.accepted),
        delivered,
        refunded,
        blob(newest.message.cumulative_amount if newest else NOTHING),
        newest.signature if newest else b"",
        promises_text(session.promises),
        proven_text(session.proven),
    )
