"""The payer's side of ticks, without keys, disk or chain."""

from collections.abc import Iterator
from typing import Self

from chain.hash_chain import MAX_STEPS
from chain.units import Amount, Hash32, Seconds, within
from channels.promise import Promise, promises_hash
from channels.ticks.errors import FoldDue, NotOfThisChain, TicksNotPromised
from channels.ticks.fold import Fold
from channels.ticks.opening import TicksOpening
from channels.ticks.reading import Reading
from channels.ticks.tick_chain import TickChain
from channels.voucher import Voucher

FOLD_EVERY = 256
"""Ticks: what proving them costs stays small, and a vanished payer owes no more than these by proof alone."""


class TickPayer(Iterator[Hash32]):
    """Reveals one tip after the other; it never owes more than what it has revealed.

    It changes in place, as a `Meter` does. Nothing need be kept before a tip goes out: a payer that has forgotten its
    place reveals again what the payee knows, and pays nothing twice.
    """

    __slots__ = ("_chain", "_every", "_opening", "_position")

    def __init__(
        self, chain: TickChain, opening: TicksOpening, position: int | None = None, *, every: int = FOLD_EVERY
    ) -> None:
        """Without a `position`, from the opening's. Raises `NotOfThisChain`, `OutOfRange`."""
        self._chain = chain
        self._every = within("every", every, 1, MAX_STEPS)
        self._require_ours(opening)
        self._opening = opening
        first = opening.ticks.position
        self._position = first if position is None else within("position", position, first, opening.ticks.count)

    @property
    def opening(self) -> TicksOpening:
        """The newest that was handed over, or is to be."""
        return self._opening

    @property
    def position(self) -> int:
        """How many ticks are revealed, those of earlier folds included."""
        return self._position

    @property
    def unfolded(self) -> Amount:
        """What is revealed and in no voucher's amount yet, in base units."""
        return Amount(self._opening.ticks.each * (self._position - self._opening.ticks.position))

    @property
    def fold_due(self) -> bool:
        """Whether it is time to fold, or nothing is left but that."""
        beyond = self._position - self._opening.ticks.position
        return beyond >= self._every or 0 < beyond == self._opening.ticks.count - self._opening.ticks.position

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Hash32:
        """The next tip. Raises `FoldDue` where the payee would refuse it."""
        position, ticks = self._position, self._opening.ticks
        if position == ticks.count:
            raise StopIteration
        if position - ticks.position >= MAX_STEPS:
            raise FoldDue(position + 1, ticks.position)
        self._position = position + 1
        return self._chain.tip(position + 1)

    def fold(self, promised: Amount, promises: tuple[Promise, ...], expiry: Seconds | None = None) -> Fold:
        """A voucher for what is `promised` and all that is revealed; the rest is promised until `expiry`, or as before.

        `promises` are those of the newest voucher: the others stay. With all of them kept in full it comes to what
        that one comes to. Raises `TicksNotPromised`.
        """
        old, voucher = self._opening.promise, self._opening.voucher.voucher
        if old is None or old not in promises:
            raise TicksNotPromised(self._opening.ticks.amount)
        left = self._opening.ticks.at(self._position, self._chain.tip(self._position))
        renewed = (left.promise(old.expiry if expiry is None else expiry, old.salt),) if left.amount else ()
        kept = (*(promise for promise in promises if promise != old), *renewed)
        newer = Voucher(
            channel_id=voucher.channel_id,
            epoch=voucher.epoch,
            cumulative_amount=Amount(promised + self.unfolded),
            promises=promises_hash(kept),
        )
        return Fold(voucher=newer, promises=kept, ticks=left)

    def again(self, position: int) -> Hash32:
        """A tip that was revealed before, for a payee that missed more than it lets be skipped. Raises `OutOfRange`."""
        return self._chain.tip(within("position", position, 0, self._position))

    def folded(self, opening: TicksOpening) -> None:
        """Goes on from a fold that is signed. Raises `NotOfThisChain`, `OutOfRange` for one beyond what is revealed."""
        within("position", opening.ticks.position, self._opening.ticks.position, self._position)
        self._require_ours(opening)
        self._opening = opening

    def catch_up(self, reading: Reading) -> int:
        """Goes on where the payee stands; how many ticks this payer had forgotten. Only who revealed them is believed.

        Raises `NotOfThisChain`, `OutOfRange`.
        """
        if self._chain.tip(reading.position) != reading.tip:
            raise NotOfThisChain(reading.position)
        forgotten = max(reading.position - self._position, 0)
        self._position += forgotten
        return forgotten

    def _require_ours(self, opening: TicksOpening) -> None:
        ticks, chain = opening.ticks, self._chain
        if ticks.count != chain.ticks.count or chain.tip(ticks.position) != ticks.anchor:
            raise NotOfThisChain(ticks.position)
