# Generated from channels/stores/aio/recovering.py by make fix; edit that one.
"""Lanes that a till has lost, written back into it."""

from collections.abc import Sequence

from channels.channel import ChannelId
from channels.lane import NOTHING
from channels.payee_session import PayeeSession
from channels.stores.columns import ZERO, amount, blob, descriptor, lane_values, promises_text, proven_text
from channels.stores.database import Transaction
from channels.stores.sync.books import ADMIT, TillBase

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


class TillRecovering(TillBase):
    """What is recovered counts as delivered, and its epoch accepts no more, whatever the till knew of it before."""

    def recover(self, sessions: Sequence[PayeeSession]) -> None:
        """All of them or none, durably. A voucher that the till has and that is worth more stays.

        That ends a restoration: what is opened to the payee, and not among these, is served as new.
        """

        def step(transaction: Transaction) -> None:
            for session in sessions:
                channel = session.channel
                before = self._at_risk(transaction, channel.id)
                self._recover(transaction, session)
                self._moved(transaction, channel.token, before, self._at_risk(transaction, channel.id))
            transaction.change(ADMIT)

        self.database.run(step)

    def _recover(self, transaction: Transaction, session: PayeeSession) -> None:
        """What was refunded is delivered once more, so that nothing is left to deliver."""
        channel, epoch, accepted, refunded = session.channel, session.lane.epoch, NOTHING, NOTHING
        for row in transaction.rows(_KNOWN, channel.id, epoch):
            accepted, refunded = map(amount, row)
        delivered = blob(max(accepted, session.accepted) + refunded)
        if accepted > session.accepted:
            transaction.change(_STOP, channel.id, epoch, delivered)
            return
        transaction.change(_CHANNEL, channel.id, descriptor(channel))
        transaction.change(_EPOCH, channel.id, *_values(session, delivered, blob(refunded)))

    def _at_risk(self, transaction: Transaction, channel_id: ChannelId) -> tuple[int, int]:
        known = self._locked(transaction, channel_id)
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
