"""What a payee keeps: the newest voucher of every epoch, and every delivery by its key."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chain.signing import Signed
from chain.typed_data import Domain
from chain.units import Amount
from channels.channel import Channel, ChannelId
from channels.errors import KeyReused, UnknownLane
from channels.lane import NOTHING, Lane
from channels.payee_session import PayeeSession
from channels.stores.columns import amount, blob, channel_of, descriptor, lane_of, lane_values
from channels.stores.sqlite import Database
from channels.voucher import SignedVoucher, Voucher

_TABLES = (
    "CREATE TABLE channels (channel_id BLOB PRIMARY KEY, descriptor TEXT NOT NULL) WITHOUT ROWID",
    """
    CREATE TABLE epochs (
        channel_id BLOB NOT NULL, epoch INTEGER NOT NULL,
        deposit BLOB NOT NULL, settled BLOB NOT NULL, closes_at INTEGER NOT NULL,
        accepted BLOB NOT NULL, delivered BLOB NOT NULL, stopped INTEGER NOT NULL,
        signature BLOB NOT NULL, included BLOB NOT NULL, seen_at INTEGER NOT NULL,
        PRIMARY KEY (channel_id, epoch)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE deliveries (
        channel_id BLOB NOT NULL, key TEXT NOT NULL, epoch INTEGER NOT NULL,
        price BLOB NOT NULL, delivered BLOB NOT NULL, accepted BLOB NOT NULL,
        PRIMARY KEY (channel_id, key)
    ) WITHOUT ROWID
    """,
    """
    CREATE VIEW books AS
    SELECT channel_id, descriptor, epoch, deposit, settled, closes_at,
        accepted, delivered, stopped, signature, included, seen_at
    FROM channels JOIN epochs USING (channel_id)
    """,
)
_NEWEST = "SELECT * FROM books WHERE channel_id = ? ORDER BY epoch DESC LIMIT 1"
_ALL_NEWEST = """
    SELECT * FROM books WHERE epoch = (SELECT max(epoch) FROM epochs WHERE epochs.channel_id = books.channel_id)
"""
_ALL = "SELECT * FROM books ORDER BY channel_id, epoch"
_ADD_CHANNEL = "INSERT INTO channels VALUES (?, ?) ON CONFLICT DO NOTHING"
_ADD_EPOCH = "INSERT INTO epochs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_SEE = """
    UPDATE epochs SET deposit = ?3, settled = ?4, closes_at = ?5, seen_at = ?6,
        accepted = ?7, signature = CASE WHEN ?7 > accepted THEN x'' ELSE signature END
    WHERE channel_id = ?1 AND epoch = ?2
"""
_END = """
    UPDATE epochs SET stopped = 1, settled = max(settled, included), accepted = max(accepted, included)
    WHERE channel_id = ? AND epoch = ?
"""
_KEEP = """
    UPDATE epochs SET accepted = ?1, signature = ?2
    WHERE channel_id = ?3 AND epoch = ?4 AND accepted = ?5 AND stopped = 0 AND closes_at = 0 AND deposit >= ?1
"""
_STOP = "UPDATE epochs SET stopped = ? WHERE channel_id = ? AND epoch = ?"
_INCLUDE = "UPDATE epochs SET included = max(included, ?) WHERE channel_id = ? AND epoch = ?"
_DELIVERY = "SELECT price, delivered, accepted FROM deliveries WHERE channel_id = ? AND key = ?"
_ADD_DELIVERY = "INSERT INTO deliveries VALUES (?, ?, ?, ?, ?, ?)"
_DELIVER = "UPDATE epochs SET delivered = ? WHERE channel_id = ? AND epoch = ?"


@dataclass(frozen=True, kw_only=True, slots=True)
class Book:
    """One epoch of one channel. `signature` is of a voucher for all that is accepted, empty where the chain paid that;
    `included` is the most that a block had settled, final or not; `seen_at` is in milliseconds.
    """

    session: PayeeSession
    signature: bytes = b""
    included: Amount = NOTHING
    seen_at: int

    @property
    def voucher(self) -> SignedVoucher | None:
        """The newest kept."""
        if not self.signature:
            return None
        channel, epoch = self.session.channel, self.session.lane.epoch
        voucher = Voucher(channel_id=channel.id, epoch=epoch, cumulative_amount=self.session.accepted)
        return SignedVoucher(channel=channel, voucher=voucher, signature=self.signature)


class Till:
    """One book an epoch; the newest epoch's is the channel's."""

    def __init__(self, path: str | Path, domain: Domain) -> None:
        self._database = Database(path, kind="Till", tables=_TABLES, domain=domain)

    def find(self, channel_id: ChannelId) -> Book | None:
        """The channel's book, if the channel is known."""
        for row in self._database.rows(_NEWEST, channel_id):
            return _book(*row)
        return None

    def book(self, channel_id: ChannelId) -> Book:
        """The channel's book. Raises `UnknownLane`."""
        found = self.find(channel_id)
        if found is None:
            raise UnknownLane(channel_id)
        return found

    def books(self) -> list[Book]:
        """Every epoch of every channel, oldest first."""
        return [_book(*row) for row in self._database.rows(_ALL)]

    def newest(self) -> list[Book]:
        """Every channel's newest book."""
        return [_book(*row) for row in self._database.rows(_ALL_NEWEST)]

    def see(self, channel: Channel, lane: Lane, seen_at: int, before: Book | None) -> Book:
        """With the chain's word; if another process has looked since `before`, with what that one saw.

        Raises `ChainWentBack`.
        """
        with self._database.transaction():
            known = self.find(channel.id)
            if known is None:
                self._database.change(_ADD_CHANNEL, channel.id, descriptor(channel))
                return self._start(PayeeSession(channel=channel, lane=Lane(epoch=lane.epoch)).see(lane), seen_at)
            if before is None or known.seen_at != before.seen_at:
                return known
            newer = known.session.see(lane)
            if newer.lane.epoch != known.session.lane.epoch:
                self._database.change(_END, channel.id, known.session.lane.epoch)
                return self._start(newer, seen_at)
            epoch, deposit, settled, closes_at = lane_values(lane)
            accepted = blob(newer.accepted)
            self._database.change(_SEE, channel.id, epoch, deposit, settled, closes_at, seen_at, accepted)
            return self.book(channel.id)

    def keep(self, signed: Signed[Voucher], before: PayeeSession) -> bool:
        """Keeps a newer voucher, durably; False if the channel is no longer as in `before`."""
        voucher = signed.message
        total, accepted = blob(voucher.cumulative_amount), blob(before.accepted)
        changed = self._database.change(_KEEP, total, signed.signature, voucher.channel_id, voucher.epoch, accepted)
        return changed == 1

    def stop(self, book: Book, *, stopped: bool) -> None:
        """Accepts nothing more in this epoch, or does again."""
        session = book.session
        self._database.change(_STOP, stopped, session.channel.id, session.lane.epoch)

    def include(self, channel_id: ChannelId, lane: Lane) -> None:
        """What a block that may not be final yet has settled, if the epoch is known."""
        self._database.change(_INCLUDE, blob(lane.settled), channel_id, lane.epoch)

    def deliver(self, channel_id: ChannelId, price: Amount, key: str) -> tuple[Amount, Amount]:
        """What is delivered and accepted with this delivery, the same however often it is asked for.

        Raises `KeyReused`, `UnknownLane`, `InvalidAmount`, `NotEnough`.
        """
        return self.deliver_many(channel_id, {key: price})[0]

    def deliver_many(self, channel_id: ChannelId, prices: Mapping[str, Amount]) -> list[tuple[Amount, Amount]]:
        """As `deliver` for each key in order, all of them or none."""
        with self._database.transaction():
            return [self._deliver(channel_id, price, key) for key, price in prices.items()]

    def close(self) -> None:
        """Ends the connection."""
        self._database.close()

    def _deliver(self, channel_id: ChannelId, price: Amount, key: str) -> tuple[Amount, Amount]:
        for known, delivered, accepted in self._database.rows(_DELIVERY, channel_id, key):
            if amount(known) != price:
                raise KeyReused(key, price, amount(known))
            return amount(delivered), amount(accepted)
        newer = self.book(channel_id).session.deliver(price)
        epoch, delivered, accepted = newer.lane.epoch, blob(newer.delivered), blob(newer.accepted)
        self._database.change(_ADD_DELIVERY, channel_id, key, epoch, blob(price), delivered, accepted)
        self._database.change(_DELIVER, delivered, channel_id, epoch)
        return newer.delivered, newer.accepted

    def _start(self, session: PayeeSession, seen_at: int) -> Book:
        channel_id, lane, accepted = session.channel.id, lane_values(session.lane), blob(session.accepted)
        self._database.change(_ADD_EPOCH, channel_id, *lane, accepted, blob(0), 0, b"", blob(0), seen_at)
        return Book(session=session, seen_at=seen_at)


def _book(_: bytes, text: str, *columns: Any) -> Book:
    *lane, accepted, delivered, stopped, signature, included, seen_at = columns
    session = PayeeSession(
        channel=channel_of(text),
        lane=lane_of(*lane),
        accepted=amount(accepted),
        delivered=amount(delivered),
        stopped=bool(stopped),
    )
    return Book(session=session, signature=signature, included=amount(included), seen_at=seen_at)
