# Generated from channels/aio/reader.py by make fix; edit that one.
"""When a payee believes what it knows of a channel, when it asks its store, and when the chain."""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Protocol

from msgspec.structs import replace

from chain.errors import NodeBehind
from chain.finality import Finality
from chain.units import Address, Amount, Seconds
from channels.channel import Channel, ChannelId
from channels.edge import seconds_of
from channels.errors import NotOpen, UnknownLane
from channels.exposure import Limits
from channels.payee_session import NONE_LAPSED, Lapsed, PayeeSession
from channels.promise import Promise
from channels.settlement.expiry import latest_expiry
from channels.stores.book import Book, Delivered, Seen
from channels.stores.sync.till import Till
from channels.sync.lanes import Lanes
from channels.voucher import SignedVoucher

_VAIN = 1_000
"""Milliseconds after a look that did not help a voucher, in which nobody looks again for another one."""
_MOST = 100_000
"""Channels that are kept in memory."""


class Unwritten(Protocol):
    """What a process has answered and not written yet."""

    def flush(self, channel_id: ChannelId) -> None:
        """Writes all of a channel's."""


class Reader:
    """A look at the chain counts for `refresh` by `clock`. What is in memory is only a guess at what the store has:
    every change compares with it. Raises `ChainError` where the chain must answer and doesn't, and `NodeBehind` where
    the newest block that it shows is older than `max_lag`.
    """

    def __init__(
        self,
        lanes: Lanes,
        till: Till,
        limits: Mapping[Address, Limits],
        *,
        refresh: timedelta,
        max_lag: timedelta,
        clock: Callable[[], float],
    ) -> None:
        self._lanes, self._till, self._limits = lanes, till, limits
        self._refresh, self._clock = refresh // timedelta(milliseconds=1), clock
        self._max_lag = seconds_of("max_lag", max_lag)
        self._books: dict[ChannelId, Book] = {}
        self._in_vain: dict[ChannelId, int] = {}
        self.unwritten: Unwritten | None = None
        """Written before the chain is looked at: settled money is for what was served before it is for goods."""

    @property
    def max_lag(self) -> Seconds:
        """So far behind may the node be that is believed."""
        return self._max_lag

    def suits(self, sent: SignedVoucher) -> bool:
        """Whether what is in memory is young enough, and can judge this voucher."""
        book = self._books.get(sent.channel.id)
        return book is not None and self._judges(book, sent)

    def prepare(self, sent: SignedVoucher) -> None:
        """Asks the store, and the chain where the store's word is old or can't judge this voucher."""
        book = self._till.find(sent.channel.id)
        if book is None or not self._judges(book, sent):
            book = self._look(sent.channel, book)
            if not _covers(book, sent):
                self._in_vain[sent.channel.id] = self._now()
        self.remember(book)

    def known(self, channel_id: ChannelId) -> Book:
        """A channel's book, from memory or the store. Raises `UnknownLane`."""
        book = self._books.get(channel_id)
        if book is None:
            book = self._till.find(channel_id)
            if book is None:
                raise UnknownLane(channel_id)
            self.remember(book)
        return book

    def look(self, channel_id: ChannelId) -> Book:
        """A known channel's book as the chain has it. Raises `UnknownLane`.

        It raises no deposit that is counted on, as only what `prepare` sees does: whoever claims or shows may have a
        finality of its own, and others accept over this store.
        """
        before = self._till.book(channel_id)
        seen = self._seen(before.session.channel, before)
        book = self._till.see(before.session.channel, seen.counting(before.session), before)
        self.remember(book)
        return replace(book, session=seen.by(book.session))

    def lapsed(self, session: PayeeSession, *offers: Iterable[Promise]) -> Lapsed:
        """Of the newest voucher's promises that one of the offers leaves out; anybody may have recorded them."""
        held = set(session.promises)
        dropped = held - held.intersection(*offers)
        if not dropped:
            return NONE_LAPSED
        now = self._lanes.chain.now()
        expired = [promise for promise in dropped if now >= promise.expiry]
        channel, epoch = session.channel, session.lane.epoch
        return {
            promise.struct_hash(): (self._lanes.recorded(channel, epoch, promise, as_of="latest")).units
            for promise in expired
        }

    def latest_expiry(self, channel: Channel) -> Seconds:
        """By which a promise must expire, so that a close asked for unseen until now keeps its money long enough."""
        return latest_expiry(channel, self._lanes.chain.now(), self._max_lag)

    def remember(self, book: Book) -> None:
        """What the store has now."""
        for kept in (self._books, self._in_vain):
            if len(kept) >= _MOST:
                kept.pop(next(iter(kept)), None)
        self._books[book.session.channel.id] = book

    def kept(self, book: Book, session: PayeeSession) -> None:
        """After a voucher."""
        self._books[session.channel.id] = replace(book, session=session)

    def delivered(self, channel_id: ChannelId, answer: Delivered) -> None:
        """After a delivery, old or new."""
        book = self._books.get(channel_id)
        if book is not None:
            gross = Amount(max(book.session.delivered, answer.delivered + book.session.refunded))
            self._books[channel_id] = replace(book, session=replace(book.session, delivered=gross))

    def forget(self, channel_id: ChannelId) -> None:
        """The store has moved on."""
        self._books.pop(channel_id, None)

    def _judges(self, book: Book, sent: SignedVoucher) -> bool:
        """One that the book can't cover makes us look again, but not for every repeat of it."""
        now = self._now()
        if not 0 <= now - book.seen_at <= self._refresh:
            return False
        return _covers(book, sent) or 0 <= now - self._in_vain.get(sent.channel.id, -_VAIN) < _VAIN

    def _look(self, channel: Channel, book: Book | None) -> Book:
        return self._till.see(channel, self._seen(channel, book), book)

    def _seen(self, channel: Channel, book: Book | None) -> Seen:
        at = self._now()
        self._require_awake(book)
        limits = self._limits.get(channel.token)
        final = self._lanes.lane(channel.id, as_of=self._final(limits))
        latest = self._lanes.lane(channel.id, as_of="latest")
        if book is None and not final.is_open and not latest.is_open:
            raise NotOpen(channel.id)
        if self.unwritten:
            self.unwritten.flush(channel.id)
        return Seen.of(final, latest, at, limits.unconfirmed_per_channel if limits else 0)

    def _final(self, limits: Limits | None) -> Finality:
        """As deep as all that may be at risk asks: a reorganisation undoes every deposit of its window at once."""
        policy = self._lanes.chain.network.final
        return policy if limits is None or limits.at_risk is None else policy.covering(limits.at_risk)

    def _require_awake(self, book: Book | None) -> None:
        """A close that the node doesn't show yet would let vouchers be accepted that nobody claims in time."""
        now = self._lanes.chain.now()
        behind = int(self._clock()) - now
        if behind > self._max_lag:
            raise NodeBehind(behind, self._max_lag)
        known = book.session if book else None
        if known and known.lane.closes_at and now < known.lane.closes_at - known.channel.window:
            raise NodeBehind(known.lane.closes_at - known.channel.window - now, 0)

    def _now(self) -> int:
        """Milliseconds: two looks within a second have an order."""
        return int(self._clock() * 1000)


def _covers(book: Book, sent: SignedVoucher) -> bool:
    lane = book.session.lane
    return sent.voucher.epoch == lane.epoch and sent.at_most <= lane.deposit
