"""What a payer keeps: its channels, and how much it has promised in each."""

from pathlib import Path
from typing import Any

from chain.typed_data import Domain
from channels.channel import Channel, ChannelId
from channels.errors import UnknownLane
from channels.lane import Lane
from channels.payer_session import PayerSession
from channels.stores.columns import amount, blob, channel_of, descriptor, lane_of, lane_values
from channels.stores.sqlite import Database
from channels.voucher import Voucher

_TABLES = (
    """
    CREATE TABLE lanes (
        channel_id BLOB PRIMARY KEY, descriptor TEXT NOT NULL, epoch INTEGER NOT NULL,
        deposit BLOB NOT NULL, settled BLOB NOT NULL, closes_at INTEGER NOT NULL, promised BLOB NOT NULL
    ) WITHOUT ROWID
    """,
)
_SESSION = "SELECT descriptor, epoch, deposit, settled, closes_at, promised FROM lanes WHERE channel_id = ?"
_SESSIONS = "SELECT descriptor, epoch, deposit, settled, closes_at, promised FROM lanes"
_ADD = "INSERT INTO lanes VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
_KEEP = """
    UPDATE lanes SET promised = ?1
    WHERE channel_id = ?2 AND epoch = ?3 AND promised = ?4 AND closes_at = 0 AND deposit >= ?1
"""
_SEE = "UPDATE lanes SET epoch = ?, deposit = ?, settled = ?, closes_at = ?, promised = ? WHERE channel_id = ?"


class Wallet:
    """One row a channel, with its newest epoch."""

    def __init__(self, path: str | Path, domain: Domain) -> None:
        self._database = Database(path, kind="Wllt", tables=_TABLES, domain=domain)

    def add(self, session: PayerSession) -> None:
        """A channel that is about to be opened; one that is known stays as it is."""
        channel, promised = session.channel, blob(session.promised)
        self._database.change(_ADD, channel.id, descriptor(channel), *lane_values(session.lane), promised)

    def session(self, channel_id: ChannelId) -> PayerSession:
        """Raises `UnknownLane`."""
        for row in self._database.rows(_SESSION, channel_id):
            return _session(*row)
        raise UnknownLane(channel_id)

    def sessions(self) -> list[PayerSession]:
        """Every channel that was ever opened from this store."""
        return [_session(*row) for row in self._database.rows(_SESSIONS)]

    def keep(self, voucher: Voucher, before: PayerSession) -> bool:
        """Takes the voucher's amount, durably; False if the channel is no longer as in `before`."""
        total = blob(voucher.cumulative_amount)
        changed = self._database.change(_KEEP, total, voucher.channel_id, voucher.epoch, blob(before.promised))
        return changed == 1

    def see(self, channel: Channel, lane: Lane) -> PayerSession:
        """With the chain's word. Raises `UnknownLane`, `ChainWentBack`."""
        with self._database.transaction():
            newer = self.session(channel.id).see(lane)
            self._database.change(_SEE, *lane_values(newer.lane), blob(newer.promised), channel.id)
        return newer

    def close(self) -> None:
        """Ends the connection."""
        self._database.close()


def _session(text: str, *columns: Any) -> PayerSession:
    *lane, promised = columns
    return PayerSession(channel=channel_of(text), lane=lane_of(*lane), promised=amount(promised))
