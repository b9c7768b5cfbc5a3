"""Lanes that a wallet has lost, written back into it."""

from collections.abc import Sequence
from typing import Any

from channels.payer_session import PayerSession
from channels.stores.columns import amount, blob, descriptor, lane_values, promises_of, promises_text
from channels.stores.database import AsyncDatabase, AsyncTransaction

_KNOWN = "SELECT epoch, promised, promises, version FROM lanes WHERE channel_id = $1"
_PUT = """
    INSERT INTO lanes VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    ON CONFLICT (channel_id) DO UPDATE SET
        epoch = excluded.epoch, deposit = excluded.deposit, settled = excluded.settled, closes_at = excluded.closes_at,
        promised = excluded.promised, promises = excluded.promises, version = excluded.version
"""


class AsyncWalletRecovering:
    """Of one epoch a wallet never knows less afterwards than before."""

    database: AsyncDatabase

    async def recover(self, sessions: Sequence[PayerSession]) -> None:
        """All of them or none, durably. What a lane is known to have promised already, or a later epoch, stays.

        Of equal amounts the one beside which more is promised counts: the wallet may have made a promise since.
        """

        async def step(transaction: AsyncTransaction) -> None:
            for session in sessions:
                known = await transaction.rows(_KNOWN + self.database.locking, session.channel.id)
                if not any(_is_ahead(session, *row) for row in known):
                    version = max([version for *_, version in known], default=0) + 1
                    await transaction.change(_PUT, *_values(session, version))

        await self.database.run(step)


def _is_ahead(session: PayerSession, epoch: int, promised: bytes, promises: str, _: int) -> bool:
    at_most = amount(promised) + sum(promise.amount for promise in promises_of(promises))
    return (epoch, amount(promised), at_most) > (session.lane.epoch, session.promised, session.at_most)


def _values(session: PayerSession, version: int) -> tuple[Any, ...]:
    """Each time another version: what was decided by the row before is not kept."""
    sums = blob(session.promised), promises_text(session.promises), version
    return session.channel.id, descriptor(session.channel), *lane_values(session.lane), *sums
