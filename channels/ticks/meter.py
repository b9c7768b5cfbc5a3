"""The payee's side of ticks, without keys, disk or chain."""

from collections.abc import Collection
from typing import Self

from chain.hash_chain import MAX_STEPS
from chain.keccak import keccak
from chain.signing import Signed
from chain.units import Amount, Hash32, Seconds, hash32, within
from channels.promise import Promise
from channels.proven import Proven
from channels.ticks.errors import AlreadyMetered, FoldDue, NoBeginning, NoTicksLeft, TicksOver, WrongTick
from channels.ticks.fold import JudgedFold, judge, require_linked
from channels.ticks.opening import TicksOpening
from channels.ticks.reading import Reading
from channels.voucher import Voucher

JUMP = 64
"""Ticks that may be skipped: what a liar's tick costs is one hash more, about a signature check."""
_NEVER = Seconds(2**48)


class Meter:
    """Counts ticks; every one that it accepts is in the opening's amount, or can be proven on chain.

    It changes in place, unlike the sessions: a tick is to cost little more than its hash, and a new value costs more
    than that. `margin` is how many seconds before the promise's expiry ticks end, so that what came last is recorded.
    """

    __slots__ = ("_jump", "_last", "_margin", "_opening", "_position", "_stops", "_tip", "_until")

    def __init__(self, opening: TicksOpening, reading: Reading, margin: Seconds, jump: int) -> None:
        self._jump = within("jump", jump, 1, MAX_STEPS)
        self._margin = margin
        self._stops: Seconds = _NEVER
        self._until: Seconds
        self._position, self._tip = reading.position, reading.tip
        self._go_on(opening)

    @classmethod
    def open(
        cls,
        opening: TicksOpening,
        signed: Signed[Voucher],
        known: Collection[Promise],
        now: Seconds,
        *,
        margin: Seconds,
        jump: int = JUMP,
    ) -> Self:
        """Of ticks that are new; `known` are the promises of the voucher that the payee has kept before this one.

        The voucher itself is the session's to accept, before the first tick. Raises `AnotherVoucher`,
        `InvalidSignature`, `NoBeginning`, `AlreadyMetered`, `TicksOver`.
        """
        opening.require_signed(signed)
        ticks, promise = opening.ticks, opening.promise
        if ticks.position or promise is None:
            raise NoBeginning(ticks.position)
        if promise in known:
            raise AlreadyMetered(promise.struct_hash())
        if now + margin >= promise.expiry:
            raise TicksOver(now, promise.expiry - margin)
        return cls(opening, Reading(position=0, tip=ticks.anchor), margin, jump)

    @classmethod
    def at(cls, opening: TicksOpening, reading: Reading, *, margin: Seconds, jump: int = JUMP) -> Self:
        """Goes on with what a store has kept; at most 1,024 hashes find out whether it belongs together.

        Raises `NotOfThisChain`, `NoTicksLeft`.
        """
        if reading.position > opening.ticks.count:
            raise NoTicksLeft(opening.ticks.count)
        require_linked(opening.ticks, reading)
        meter = cls(opening, reading, margin, jump)
        meter._catch_up()
        return meter

    @property
    def opening(self) -> TicksOpening:
        """The newest: the one that was opened with, or the last fold."""
        return self._opening

    @property
    def reading(self) -> Reading:
        """What a store keeps, and what a payer that has lost its place is told."""
        return Reading(position=self._position, tip=self._tip)

    @property
    def accepted(self) -> Amount:
        """What all ticks so far are worth, in base units; the folded ones are in the voucher's amount, too."""
        return Amount(self._opening.ticks.each * self._position)

    @property
    def unfolded(self) -> Amount:
        """What of that only a proof can show, in base units."""
        return Amount(self._opening.ticks.each * (self._position - self._opening.ticks.position))

    @property
    def until(self) -> Seconds:
        """From this second on no tick is accepted."""
        return self._until

    def tick(self, tip: Hash32, now: Seconds) -> int:
        """How many ticks that makes more: one, or those that were skipped with it, or none for a repeat of the newest.

        Raises `WrongTick`, `TicksOver`, `NoTicksLeft`, `FoldDue`, `WrongLength`.
        """
        # A longer tip would be of the chain as well, but nothing that the contract takes for a proof.
        if keccak(tip) != self._tip or len(tip) != 32 or now >= self._until or self._position == self._last:
            return self._not_simply_next(tip, now)
        self._tip = tip
        self._position += 1
        return 1

    def proof(self) -> Proven | None:
        """What `record` and `claimPromised` need, if the payer folds no more; nothing where all is folded."""
        return self._opening.proven(self._position, self._tip)

    def judge(self, newer: TicksOpening, signed: Signed[Voucher], held: Amount, now: Seconds) -> JudgedFold:
        """A fold that loses nothing, before it is kept; `held` is the amount of the newest voucher kept, in base units.

        Raises as `channels.ticks.fold.judge`.
        """
        return judge(self._opening, self.reading, newer, signed, held, until=Seconds(now + self._margin))

    def folded(self, fold: JudgedFold) -> int:
        """Goes on from a fold that is kept; how many ticks that makes more: those that were lost on their way.

        An older fold than the present one is harmless.
        """
        if fold.opening.ticks.position < self._opening.ticks.position:
            return 0
        self._go_on(fold.opening)
        return self._catch_up()

    def stop(self, at: Seconds) -> None:
        """No tick from second `at` on: the payer has asked for the close. What is accepted can still be proven."""
        self._stops = min(self._stops, at)
        self._until = min(self._until, at)

    def _go_on(self, opening: TicksOpening) -> None:
        ticks, promise = opening.ticks, opening.promise
        self._opening = opening
        self._last = min(ticks.count, ticks.position + MAX_STEPS)
        self._until = min(Seconds(promise.expiry - self._margin), self._stops) if promise else self._stops

    def _catch_up(self) -> int:
        """A fold beyond the newest tick shows a tip itself: its anchor."""
        ticks = self._opening.ticks
        gained = max(ticks.position - self._position, 0)
        if gained:
            self._position, self._tip = ticks.position, ticks.anchor
        return gained

    def _not_simply_next(self, tip: Hash32, now: Seconds) -> int:
        if tip == self._tip:
            return 0
        hash32("tip", tip)
        if now >= self._until:
            raise TicksOver(now, self._until)
        steps = self._steps_to(tip)
        position = self._position + steps
        if position > self._opening.ticks.count:
            raise NoTicksLeft(self._opening.ticks.count)
        if position > self._last:
            raise FoldDue(position, self._opening.ticks.position)
        self._position, self._tip = position, tip
        return steps

    def _steps_to(self, tip: Hash32) -> int:
        for steps in range(1, self._jump + 2):
            tip = keccak(tip)
            if tip == self._tip:
                return steps
        raise WrongTick(self._position, self._jump)
