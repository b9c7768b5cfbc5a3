# Generated from channels/stores/aio/books.py by make fix; edit that one.
"""A payee's books: one an epoch, of which the newest is the channel's."""

import dataclasses
from collections.abc import Callable

from msgspec.structs import replace

from chain.units import Address, Amount, Seconds
from channels.channel import Channel, ChannelId
from channels.errors import UnknownLane
from channels.exposure import Exposure
from channels.lane import Lane
from channels.payee_session import PayeeSession
from channels.stores.book import UNKNOWN, Book, Seen, owed_since
from channels.stores.columns import ZERO, amount, blob, book_of, descriptor, lane_values, proven_text
from channels.stores.database import Database, Transaction

COLUMNS = """
    SELECT descriptor, epoch, deposit, settled, closes_at, unconfirmed, pending, accepted, delivered, refunded, stopped,
        cumulative, signature, promises, proven, included, seen_at, unsettled_since
    FROM channels JOIN epochs USING (channel_id)
"""
_EPOCHS = "WHERE channel_id = $1 ORDER BY epoch DESC LIMIT 1"
_EPOCH = "WHERE channel_id = $1 AND epoch = $2"
_NEWEST = """
    WHERE channel_id > $1
        AND epoch = (SELECT max(epoch) FROM epochs AS later WHERE later.channel_id = epochs.channel_id)
    ORDER BY channel_id LIMIT $2
"""
_ALL = "WHERE channel_id > $1 OR (channel_id = $1 AND epoch > $2) ORDER BY channel_id, epoch LIMIT $3"
_ADD_CHANNEL = "INSERT INTO channels VALUES ($1, $2) ON CONFLICT DO NOTHING"
_ADD_EPOCH = """
    INSERT INTO epochs VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $13, $9, $10, '', '', $11, $12, 0, $10, 0)
    ON CONFLICT DO NOTHING
"""
_SEE = """
    UPDATE epochs SET deposit = $3, settled = $4, closes_at = $5, unconfirmed = $6, pending = $7, accepted = $8,
        included = $9, seen_at = $10, unsettled_since = CASE
            WHEN $4 >= claimed AND claimed_at > unsettled_since THEN claimed_at ELSE unsettled_since
        END
    WHERE channel_id = $1 AND epoch = $2
"""
"""Once a claim is settled, what is owed was accepted after it. A part that somebody has settled makes nothing younger:
for the fee of a claim a payer could put off the rest for ever.
"""
_ALTER = """
    UPDATE epochs SET refunded = $3, stopped = $4, proven = $5, unsettled_since = COALESCE($6, unsettled_since)
    WHERE channel_id = $1 AND epoch = $2
"""
_RESTORATION = "SELECT count(*) FROM marks WHERE writer = 'restoration'"
ADMIT = "DELETE FROM marks WHERE writer = 'restoration'"
_LOCK = "SELECT epoch FROM epochs WHERE channel_id = $1 ORDER BY epoch DESC LIMIT 1"
_EXPOSURE = "SELECT token, at_risk, unconfirmed FROM exposure"
_SET_EXPOSURE = """
    INSERT INTO exposure VALUES ($1, $2, $3)
    ON CONFLICT (token) DO UPDATE SET at_risk = excluded.at_risk, unconfirmed = excluded.unconfirmed
"""
PAGE = 1_000
_FIRST = b""


class TillBase:
    """What every part of a till stands on."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def find(self, channel_id: ChannelId) -> Book | None:
        """The channel's book, if the channel is known."""
        return self._find(self.database, channel_id)

    def book(self, channel_id: ChannelId) -> Book:
        """The channel's book. Raises `UnknownLane`."""
        found = self.find(channel_id)
        if found is None:
            raise UnknownLane(channel_id)
        return found

    def epoch(self, channel_id: ChannelId, epoch: int) -> Book:
        """One epoch's book. Raises `UnknownLane`."""
        for row in self.database.rows(COLUMNS + _EPOCH, channel_id, epoch):
            return book_of(*row)
        raise UnknownLane(channel_id)

    def newest(self, after: bytes = _FIRST, limit: int = PAGE) -> list[Book]:
        """A page of the channels' newest books, by id, from behind `after` on."""
        return [book_of(*row) for row in self.database.rows(COLUMNS + _NEWEST, after, limit)]

    def all_newest(self) -> list[Book]:
        """Every channel's newest book."""
        found = page = self.newest()
        while len(page) == PAGE:
            page = self.newest(page[-1].session.channel.id)
            found = found + page
        return found

    def books(self) -> list[Book]:
        """Every epoch of every channel, oldest first."""
        found = page = self._page(_FIRST, 0)
        while len(page) == PAGE:
            last = page[-1].session
            page = self._page(last.channel.id, last.lane.epoch)
            found = found + page
        return found

    def see(self, channel: Channel, seen: Seen, before: Book | None) -> Book:
        """With the chain's word; if another process has looked since `before`, with what that one saw.

        Raises `ChainWentBack`.
        """

        def step(transaction: Transaction) -> Book:
            known = self._locked(transaction, channel.id)
            if known is None:
                transaction.change(_ADD_CHANNEL, channel.id, descriptor(channel))
                unknown = PayeeSession(channel=channel, lane=Lane(epoch=seen.lane.epoch))
                return self._start(transaction, unknown, seen)
            if before is None or known.seen_at != before.seen_at:
                return known
            newer = seen.by(known.session)
            if newer.lane.epoch == known.session.lane.epoch:
                return self._saw(transaction, known, newer, seen)
            self._end(transaction, known)
            return self._start(transaction, known.session, seen)

        return self.database.run(step)

    def include(self, channel_id: ChannelId, lane: Lane) -> None:
        """What a block that may not be final yet has settled of an epoch, if the epoch is known; it may have ended."""

        def step(transaction: Transaction) -> None:
            newest = self._locked(transaction, channel_id)
            for row in transaction.rows(COLUMNS + _EPOCH, channel_id, lane.epoch):
                book = book_of(*row)
                included, session = max(book.included, lane.settled), book.session
                if newest and newest.session.lane.epoch > lane.epoch:
                    session = session.see(dataclasses.replace(session.lane, settled=included))
                transaction.change(_SEE, *_seen_values(session, included, book.seen_at))

        self.database.run(step)

    def alter(
        self, channel_id: ChannelId, change: Callable[[PayeeSession], PayeeSession], at: Seconds = UNKNOWN
    ) -> Book:
        """With what a rule makes of the session: what it has stopped, proven and refunded; `at` this second of the
        payee's clock, where it may owe something by it. Raises `UnknownLane`.
        """

        def step(transaction: Transaction) -> Book:
            book = self._locked_book(transaction, channel_id)
            values = _altered_values(change(book.session))
            transaction.change(_ALTER, *values, owed_since(book.session, at))
            return self._booked(transaction, channel_id)

        return self.database.run(step)

    def exposure(self) -> dict[Address, Exposure]:
        """Money at risk of every token over all channels, as it was kept with each change."""
        rows = self.database.rows(_EXPOSURE)
        return {Address(token): Exposure(at_risk=amount(risk), unconfirmed=amount(part)) for token, risk, part in rows}

    def close(self) -> None:
        """Ends the connection."""
        self.database.close()

    def _page(self, after: bytes, epoch: int) -> list[Book]:
        return [book_of(*row) for row in self.database.rows(COLUMNS + _ALL, after, epoch, PAGE)]

    def _find(self, transaction: Transaction, channel_id: ChannelId) -> Book | None:
        for row in transaction.rows(COLUMNS + _EPOCHS, channel_id):
            return book_of(*row)
        return None

    def _locked(self, transaction: Transaction, channel_id: ChannelId) -> Book | None:
        """The newest, locked; and where another epoch has begun while the last one's lock was waited for, that one."""
        while True:
            locked = transaction.rows(_LOCK + self.database.locking, channel_id)
            found = self._find(transaction, channel_id)
            if found is None or [row[0] for row in locked] == [found.session.lane.epoch]:
                return found

    def _locked_book(self, transaction: Transaction, channel_id: ChannelId) -> Book:
        found = self._locked(transaction, channel_id)
        if found is None:
            raise UnknownLane(channel_id)
        return found

    def _booked(self, transaction: Transaction, channel_id: ChannelId) -> Book:
        found = self._find(transaction, channel_id)
        if found is None:
            raise UnknownLane(channel_id)
        return found

    def _start(self, transaction: Transaction, before: PayeeSession, seen: Seen) -> Book:
        """A new epoch; where another process has just begun it, as that one saw it.

        A restored store may have forgotten it: then it begins stopped, for what it has paid for may be delivered.
        """
        session, channel = seen.by(before), before.channel
        ((restoration,),) = transaction.rows(_RESTORATION)
        deposits = blob(session.unconfirmed), blob(session.pending)
        sums = blob(session.accepted), ZERO, b"", blob(_included(seen, session)), seen.at, restoration
        transaction.change(_ADD_EPOCH, channel.id, *lane_values(session.lane), *deposits, *sums)
        return self._booked(transaction, channel.id)

    def _saw(self, transaction: Transaction, known: Book, newer: PayeeSession, seen: Seen) -> Book:
        included = max(known.included, _included(seen, newer))
        transaction.change(_SEE, *_seen_values(newer, included, seen.at))
        self._moved(transaction, newer.channel.token, known.session.exposure, newer.exposure)
        return self._booked(transaction, newer.channel.id)

    def _end(self, transaction: Transaction, known: Book) -> None:
        """What the epoch brought is known as far as a block showed it; what it still owed is forgone."""
        last = Amount(max(known.included, known.session.lane.settled))
        ended = replace(known.session.see(dataclasses.replace(known.session.lane, settled=last)), stopped=1)
        transaction.change(_SEE, *_seen_values(ended, last, known.seen_at))
        transaction.change(_ALTER, *_altered_values(ended), None)
        self._moved(transaction, ended.channel.token, known.session.exposure, (0, 0))

    def _moved(self, transaction: Transaction, token: Address, before: tuple[int, int], after: tuple[int, int]) -> None:
        if before != after:
            at_risk, unconfirmed = self._exposure(transaction, token)
            sums = at_risk - before[0] + after[0], unconfirmed - before[1] + after[1]
            self._expose(transaction, token, sums)

    def _exposure(self, transaction: Transaction, token: Address) -> tuple[int, int]:
        """Locked: who reads it in a transaction is about to change it."""
        for _, at_risk, unconfirmed in transaction.rows(_EXPOSURE + " WHERE token = $1" + self.database.locking, token):
            return amount(at_risk), amount(unconfirmed)
        return 0, 0

    def _expose(self, transaction: Transaction, token: Address, sums: tuple[int, int]) -> None:
        transaction.change(_SET_EXPOSURE, token, *(blob(part, 16) for part in sums))


def _seen_values(session: PayeeSession, included: int, at: int) -> tuple[object, ...]:
    epoch, *lane = lane_values(session.lane)
    sums = blob(session.unconfirmed), blob(session.pending), blob(session.accepted), blob(included)
    return session.channel.id, epoch, *lane, *sums, at


def _altered_values(session: PayeeSession) -> tuple[object, ...]:
    refunded, proven = blob(session.refunded), proven_text(session.proven)
    return session.channel.id, session.lane.epoch, refunded, session.stopped, proven


def _included(seen: Seen, session: PayeeSession) -> int:
    """What the latest block has settled of this epoch; of a later one it tells nothing."""
    return seen.latest.settled if seen.latest.epoch == session.lane.epoch else session.lane.settled
