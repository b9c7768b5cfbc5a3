# Generated from channels/stores/aio/meters.py by make fix; edit that one.
"""How far ticks have come."""

from collections.abc import Callable, Sequence

from chain.units import Hash32, Seconds
from channels.channel import ChannelId
from channels.payee_session import PayeeSession
from channels.stores.book import Advance, Book, MeterRow
from channels.stores.columns import blob, promises_text, proven_text
from channels.stores.database import Transaction
from channels.stores.meter_rows import promise_pattern
from channels.stores.sync.served_ticks import TillServedTicks

_BEGIN = "INSERT INTO meters VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING"
_TICK = "UPDATE meters SET position = $3, tip = $4 WHERE channel_id = $1 AND promise_hash = $2 AND position < $3"
ADVANCE = """
    UPDATE meters SET position = $4, tip = $5
    WHERE channel_id = $1 AND promise_hash = $2 AND position = $3 AND EXISTS (
        SELECT 1 FROM epochs WHERE epochs.channel_id = meters.channel_id AND epochs.epoch = meters.epoch
            AND stopped = 0 AND closes_at = 0 AND promises LIKE $6
    )
"""
_FOLD = "UPDATE meters SET opening = $3, position = $4, tip = $5 WHERE channel_id = $1 AND promise_hash = $2"
_KEEP = """
    UPDATE epochs SET accepted = $3, cumulative = $3, signature = $4, promises = $5, proven = $6
    WHERE channel_id = $1 AND epoch = $2
"""
Fold = Callable[[PayeeSession, MeterRow], tuple[PayeeSession, MeterRow]]


class TillMeters(TillServedTicks):
    """Positions only rise, and each tick is counted by one process."""

    def begin(self, meter: MeterRow) -> None:
        """A meter that is known stays as it is."""
        values = meter.channel_id, meter.promise_hash, meter.epoch, meter.opening, meter.position, meter.tip
        self.database.change(_BEGIN, *values, blob(meter.served))

    def tick(self, meters: Sequence[MeterRow]) -> None:
        """Keeps the positions, durably; an older one changes nothing."""

        def step(transaction: Transaction) -> None:
            for meter in meters:
                values = meter.channel_id, meter.promise_hash, meter.position, meter.tip
                transaction.change(_TICK, *values)

        self.database.run(step, len(meters))

    def advance(self, meters: Sequence[Advance]) -> list[bool]:
        """Keeps each meter's position, durably, if it is where it was, and its ticks still count.

        They do while the newest voucher kept carries their promise, and nobody is ending the epoch.
        """

        def step(transaction: Transaction) -> list[bool]:
            done = dict[int, bool]()
            for place in sorted(range(len(meters)), key=lambda place: _place(meters[place].after)):
                done[place] = bool(transaction.change(ADVANCE, *advance_values(meters[place])))
            return [done[place] for place in range(len(meters))]

        return self.database.run(step, len(meters))

    def fold(self, channel_id: ChannelId, promise_hash: Hash32, at: Seconds, decide: Fold) -> tuple[Book, MeterRow]:
        """What `decide` makes of the session and the meter as they are kept, both durably or neither.

        The ticks in the voucher's amount are delivered with it. Raises `UnknownLane`, `UnknownPromise`.
        """

        def step(transaction: Transaction) -> tuple[Book, MeterRow]:
            book = self._locked_book(transaction, channel_id)
            session, meter = decide(book.session, self._meter(transaction, channel_id, promise_hash))
            if session is not book.session:
                transaction.change(_KEEP, *_kept_values(session))
                self._moved(transaction, session.channel.token, book.session.exposure, session.exposure)
            transaction.change(_FOLD, channel_id, promise_hash, meter.opening, meter.position, meter.tip)
            self._serve_folded(transaction, session, meter, at)
            meter = self._meter(transaction, channel_id, promise_hash)
            return self._booked(transaction, channel_id), meter

        return self.database.run(step)


def _place(meter: MeterRow) -> tuple[bytes, bytes]:
    return meter.channel_id, meter.promise_hash


def advance_values(advance: Advance) -> tuple[object, ...]:
    """What the statement that advances is told: which meter, from where, to where, and what carries it."""
    meter = advance.after
    return *_place(meter), advance.before, meter.position, meter.tip, promise_pattern(meter)


def _kept_values(session: PayeeSession) -> tuple[object, ...]:
    signature = session.newest.signature if session.newest else b""
    promises, proven = promises_text(session.promises), proven_text(session.proven)
    return session.channel.id, session.lane.epoch, blob(session.accepted), signature, promises, proven
