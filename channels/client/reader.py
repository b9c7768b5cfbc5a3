"""When a payee believes its store about a channel, and when it asks the chain."""

from collections.abc import Callable
from datetime import timedelta

from channels.channel import Channel, ChannelId
from channels.payee_session import prudent
from channels.stores.till import Book, Till
from channels.sync.lanes import Lanes
from channels.voucher import SignedVoucher


class Reader:
    """A look counts for `refresh` by `clock`. Raises `ChainError` where the chain must answer and doesn't."""

    def __init__(self, lanes: Lanes, till: Till, refresh: timedelta, clock: Callable[[], float]) -> None:
        self._lanes, self._till = lanes, till
        self._refresh, self._clock = refresh // timedelta(milliseconds=1), clock

    def fresh(self, sent: SignedVoucher) -> Book:
        """The channel's book, from the chain where the store's is old or can't answer for this voucher."""
        book, voucher = self._till.find(sent.channel.id), sent.voucher
        if book is None or not 0 <= self._now() - book.seen_at <= self._refresh:
            return self._look(sent.channel, book)
        lane = book.session.lane
        fits = voucher.epoch == lane.epoch and voucher.cumulative_amount <= lane.deposit
        return book if fits else self._look(sent.channel, book)

    def look(self, lane_id: ChannelId) -> Book:
        """A known channel's book, from the chain. Raises `UnknownLane`."""
        book = self._till.book(lane_id)
        return self._look(book.session.channel, book)

    def _look(self, channel: Channel, book: Book | None) -> Book:
        seen_at = self._now()
        final = self._lanes.lane(channel.id)
        latest = self._lanes.lane(channel.id, as_of="latest")
        self._till.include(channel.id, latest)
        return self._till.see(channel, prudent(final, latest), seen_at, book)

    def _now(self) -> int:
        """Milliseconds: two looks within a second have an order."""
        return int(self._clock() * 1000)
