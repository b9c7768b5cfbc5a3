# Generated from channels/aio/meter.py by make fix; edit that one.
"""A payee's meter: ticks in, each one counted once and kept before it is answered."""

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from msgspec.structs import replace

from chain.hash_chain import hashed
from chain.money import Money, Token
from chain.units import Amount, Hash32, Seconds
from channels.channel import ChannelId
from channels.credit import Credit
from channels.errors import AmountExceedsDeposit, ChannelClosing, NotOpen, WrongEpoch
from channels.lane import NOTHING
from channels.payee_session import PayeeSession
from channels.promise_errors import UnknownPromise
from channels.proven import Proven
from channels.stores.book import Advance, Book, MeterRow
from channels.stores.meter_rows import opening_of, reading_of
from channels.ticks.at_risk import TicksAtRisk
from channels.ticks.meter import Meter
from channels.ticks.opening import TicksOpening
from channels.ticks.reading import Reading

if TYPE_CHECKING:
    from channels.sync.metering import Metering

Opening = TicksOpening | Mapping[str, Any] | str | bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class MeterTerms:
    """Every how many ticks one is written, how many seconds before the expiry they end, and how many may be skipped."""

    every: int
    margin: Seconds
    jump: int


@dataclass(frozen=True, kw_only=True, slots=True)
class _Sight:
    """What was known of the channel from `at` to `until`; the chain's time is `ahead` of the clock."""

    book: Book
    at: float
    until: float
    ahead: int
    beside: TicksAtRisk | None
    room: int | None


class TillMeter:
    """Ticks of one chain. Any number of processes may have it: what one has counted, no other counts.

    A tick is served as it comes; in the books it is delivered once it is folded, or settled. With `every` above 1 a
    crash forgets fewer than so many, which an honest payer shows again, and only one process should have it.
    """

    _position: int
    _kept: int
    _answered: int

    def __init__(self, metering: "Metering", row: MeterRow, terms: MeterTerms, token: Token) -> None:
        self.terms: Final = terms
        self._metering, self._token = metering, token
        self._clock, self._known, self._lock = metering.clock, metering.known, metering.lock
        self._id, self._every = row.channel_id, terms.every
        self._load(row)

    @property
    def opening(self) -> TicksOpening:
        """The newest: what was opened with, or the last fold."""
        return self._meter.opening

    @property
    def reading(self) -> Reading:
        """For a payer that has lost its place."""
        with self._lock:
            return self._meter.reading

    @property
    def accepted(self) -> Money:
        """What all ticks so far are worth; the folded ones are in what the channel has accepted, too."""
        return self._token.units(self._meter.accepted)

    @property
    def unfolded(self) -> Money:
        """What of that only a proof can show, until the payer folds."""
        return self._token.units(self._meter.unfolded)

    def tick(self, tip: Hash32) -> int:
        """How many ticks that makes more than were answered before: one, or none for a repeat of the newest.

        Or those that were skipped with it, too. Durable on return, but for `every`. Raises `WrongTick`, `TicksOver`,
        `NoTicksLeft`, `FoldDue`, `ChannelClosing`, `NotOpen`, `WrongEpoch`, `UnknownPromise`, `OverLimit`,
        `PromisesOpen`; `ChainError` where the chain had to be asked and didn't answer.
        """
        while True:
            sight, at = self._sight, self._clock()
            if sight is None or not sight.at <= at < sight.until or self._known(self._id) is not sight.book:
                sight = self._look(at)
            now = Seconds(int(at) + sight.ahead)
            with self._lock:
                if sight.beside and sight.room is not None:
                    self._require_room(tip, now, sight.book.session, sight.beside, sight.room)
                position = self._position = self._position + self._meter.tick(tip, now)
                if position - self._kept < self._every:
                    added, self._answered = position - self._answered, position
                    return added
            if not self._metering.keep(self):
                self._reload()
            elif self._kept >= position:  # Else it was reread meanwhile, without this tick.
                return self._answer(position)

    def fold(self, opening: Opening) -> Credit:
        """Takes a newer voucher with ticks in its amount, if nothing is lost by it; durable on return.

        What it adds is what is folded, which is delivered at once, and what else was paid. The same again is harmless.
        Raises what `channels.ticks.fold.judge` and `accept` raise, `AlreadyMetered`, `OverLimit`, and `NotEnough` where
        goods were delivered for the money of ticks that the payer had recorded itself.
        """
        until = Seconds(self._metering.now() + self.terms.margin)
        self.flush()
        folding, book, row = self._metering.fold(self.key, opening_from(opening), until)
        with self._lock:
            if folding.judged:
                self._row, self._position = row, self._position + self._meter.folded(folding.judged)
            self._kept = max(self._kept, row.position)
            if self._position < row.position or row.opening != self._row.opening:
                self._load(row)  # Another process has counted further, or folded.
        return Credit(self._token, book.session.accepted - folding.accepted, book.session)

    def flush(self) -> None:
        """Writes what `every` has left, whatever the channel is doing: a tick that was answered is never forgotten."""
        with self._lock:
            row = self._answered_row
        if row.position > self._kept:
            self._metering.write(row)
            self._has_kept(row.position)

    @property
    def key(self) -> tuple[ChannelId, Hash32]:
        """What the store knows it by."""
        return self._row.channel_id, self._row.promise_hash

    @property
    def unfolded_units(self) -> Amount:
        """As `unfolded`, in base units."""
        return self._meter.unfolded

    @property
    def proof(self) -> Proven | None:
        """What shows on chain all that is counted and not folded."""
        with self._lock:
            return self._meter.proof()

    @property
    def advance(self) -> Advance:
        """What is to be kept now."""
        with self._lock:
            reading = self._meter.reading
            settled = self._sight.book.session.lane.settled if self._sight else NOTHING
            return Advance(self._kept, replace(self._row, position=reading.position, tip=reading.tip), settled)

    def kept(self, advance: Advance) -> None:
        """This is on disk."""
        self._has_kept(advance.after.position)

    def _has_kept(self, position: int) -> None:
        with self._lock:
            self._kept = max(self._kept, position)

    @property
    def _answered_row(self) -> MeterRow:
        reading = self._meter.reading
        tip = hashed(reading.tip, max(reading.position - self._answered, 0))
        return replace(self._row, position=min(self._answered, reading.position), tip=tip)

    def _answer(self, position: int) -> int:
        """How many more are answered with this one, where other calls may have been faster."""
        with self._lock:
            added = max(position - self._answered, 0)
            self._answered += added
            return added

    def _load(self, row: MeterRow) -> None:
        self._kept = row.position
        margin, jump = self.terms.margin, self.terms.jump
        self._row, self._meter = row, Meter.at(opening_of(row), reading_of(row), margin=margin, jump=jump)
        self._position = self._answered = row.position
        self._sight: _Sight | None = None

    def _reload(self) -> None:
        """Another process has it, too, or the channel is no longer as it was: the store knows.

        What is answered while it is asked, and not written, stays.
        """
        self.flush()
        row = self._metering.reread(self.key)
        with self._lock:
            answered, kept = self._answered_row, row.position
            if answered.position > row.position:  # Another process may have folded meanwhile, of the same chain.
                row = replace(row, position=answered.position, tip=answered.tip)
            self._load(row)
            self._kept = kept

    def _look(self, at: float) -> _Sight:
        book = self._metering.look(self._meter.opening.voucher)
        promise = self._meter.opening.promise
        if promise and promise not in book.session.promises:
            self._reload()  # Another process may have folded it.
            promise = self._meter.opening.promise
        _require_standing(book.session, self._meter.opening)
        self._metering.require_explained(book.session)
        ahead = self._metering.now() - int(at)
        beside = self._metering.beside(book.session)
        left = beside.room(book.session) if beside else None
        sight = self._sight = _Sight(book=book, at=at, until=at + 1, ahead=ahead, beside=beside, room=left)
        return sight

    def _require_room(self, tip: Hash32, now: Seconds, session: PayeeSession, beside: TicksAtRisk, left: int) -> None:
        """Ticks are at risk as vouchers are; where there may be too little room, it is tried on a copy."""
        unfolded, each = self._metering.unfolded(self._id), self._meter.opening.ticks.each
        if unfolded + each * (self.terms.jump + 1) > left:
            steps = copy(self._meter).tick(tip, now)
            beside.require(session, each * steps, unfolded)


def opening_from(shown: Opening) -> TicksOpening:
    """An opening that has arrived, as JSON or its text. Raises `InvalidValue`, `TicksNotPromised`."""
    return shown if isinstance(shown, TicksOpening) else TicksOpening.from_json(shown)


def _require_standing(session: PayeeSession, opening: TicksOpening) -> None:
    """As for a voucher: what can't be claimed for sure is not accepted."""
    lane, voucher = session.lane, opening.voucher.voucher
    if voucher.epoch != lane.epoch:
        raise WrongEpoch(voucher.epoch, lane.epoch)
    if not lane.is_open:
        raise NotOpen(session.channel.id)
    if lane.closes_at or session.stopped:
        raise ChannelClosing(session.channel.id, lane.closes_at)
    if opening.promise and opening.promise not in session.promises:
        raise UnknownPromise(opening.promise.struct_hash())
    if session.at_most > lane.deposit:
        raise AmountExceedsDeposit(session.at_most, lane.deposit)
