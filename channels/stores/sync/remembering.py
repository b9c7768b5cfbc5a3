# Generated from channels/stores/aio/remembering.py by make fix; edit that one.
"""Lanes that a wallet has lost, written back into it."""

from collections.abc import Sequence

from msgspec.structs import replace

from channels.payer_session import PayerSession
from channels.stores.columns import amount, promises_of
from channels.stores.database import Database, Transaction
from channels.stores.wallet_rows import session_values

_KNOWN = "SELECT epoch, promised, promises, version FROM lanes WHERE channel_id = $1"
_PUT = """
    INSERT INTO lanes VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    ON CONFLICT (channel_id) DO UPDATE SET
        epoch = excluded.epoch, deposit = excluded.deposit, settled = excluded.settled, closes_at = excluded.closes_at,
        promised = excluded.promised, promises = excluded.promises, version = excluded.version,
        guessed = excluded.guessed
"""


class WalletRecovering:
    """Of one epoch a wallet never knows less afterwards than before."""

    database: Database

    def recover(self, sessions: Sequence[PayerSession]) -> None:
        """All of them or none, durably. What a lane is known to have promised already, or a later epoch, stays.

        Of equal amounts the one beside which more is promised counts: the wallet may have made a promise since. Each
        time it is another version: what was decided by the row before is not kept.
        """

        def step(transaction: Transaction) -> None:
            for session in sessions:
                known = transaction.rows(_KNOWN + self.database.locking, session.channel.id)
                if not any(_is_ahead(session, *row) for row in known):
                    version = max([version for *_, version in known], default=0) + 1
                    transaction.change(_PUT, *session_values(replace(session, version=version)))

        self.database.run(step)


def _is_ahead(session: PayerSession, epoch: int, promised: bytes, promises: str, _: int) -> bool:
    at_most = amount(promised) + sum(promise.amount for promise in promises_of(promises))
    return (epoch, amount(promised), at_most) > (session.lane.epoch, session.promised, session.at_most)
