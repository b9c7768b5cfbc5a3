"""A newer voucher with ticks in its amount, as the payer makes it and as the payee has judged it."""

from dataclasses import dataclass

from chain.hash_chain import MAX_STEPS, hashed
from chain.signing import Signed
from chain.units import Seconds
from channels.errors import WrongChannel, WrongEpoch
from channels.promise import Promise
from channels.proven import Proven
from channels.ticks.errors import (
    ExpiresSooner,
    FoldDue,
    FoldLoses,
    FoldsBack,
    FoldTooLate,
    NotOfThisChain,
    OtherTicks,
)
from channels.ticks.opening import TicksOpening
from channels.ticks.reading import Reading
from channels.ticks.stretch import Stretch
from channels.voucher import SignedVoucher, Voucher


@dataclass(frozen=True, kw_only=True, slots=True)
class Fold:
    """What the payer keeps and signs: a voucher, what its promises are, and the ticks that are left."""

    voucher: Voucher
    promises: tuple[Promise, ...]
    ticks: Stretch

    def opening(self, signed: SignedVoucher) -> TicksOpening:
        """As it is handed over. Raises `TicksNotPromised` for another voucher."""
        return TicksOpening(voucher=signed, ticks=self.ticks)


@dataclass(frozen=True, kw_only=True, slots=True)
class JudgedFold:
    """A fold by which the payee loses nothing: only `judge` makes one.

    `replaced` is what the fold's amount holds of the promise that it no longer carries; nothing for a repeat.
    """

    opening: TicksOpening
    replaced: Proven | None


def judge(
    before: TicksOpening,
    reading: Reading,
    newer: TicksOpening,
    signed: Signed[Voucher],
    held: int,
    *,
    until: Seconds,
) -> JudgedFold:
    """Whether every tick of `reading` is in the newer voucher's amount, or can be proven of its promise as long.

    `held` is the amount of the newest voucher that the payee keeps, in base units. What the old promise has on record
    counts no more, so the promise of ticks beyond the fold must expire after second `until`, when they surely can be
    recorded. Raises `AnotherVoucher`, `InvalidSignature`, `WrongChannel`, `WrongEpoch`, `OtherTicks`, `FoldsBack`,
    `FoldDue`, `FoldLoses`, `ExpiresSooner`, `FoldTooLate`, `NotOfThisChain`.
    """
    newer.require_signed(signed)
    _require_same(before, newer)
    position, folded = newer.ticks.position, before.ticks.position
    if position < folded:
        raise FoldsBack(position, folded)
    if position - folded > MAX_STEPS:
        raise FoldDue(position, folded)
    needed = held + newer.ticks.each * (position - folded)
    if newer.cumulative_amount < needed:
        raise FoldLoses(newer.cumulative_amount, needed)
    _require_time(before, reading, newer, until)
    require_linked(newer.ticks, reading)
    return JudgedFold(opening=newer, replaced=before.proven(position, newer.ticks.anchor))


def require_linked(ticks: Stretch, reading: Reading) -> None:
    """The anchor and the tip are of one chain, at most 1,024 steps apart. Raises `NotOfThisChain`."""
    beyond = reading.position - ticks.position
    early, late = (ticks.anchor, reading.tip) if beyond >= 0 else (reading.tip, ticks.anchor)
    if abs(beyond) > MAX_STEPS or hashed(late, abs(beyond)) != early:
        raise NotOfThisChain(reading.position)


def _require_time(before: TicksOpening, reading: Reading, newer: TicksOpening, until: Seconds) -> None:
    old, new = before.promise, newer.promise
    if not old or not new or new == old:
        return
    if new.expiry < old.expiry:
        raise ExpiresSooner(new.expiry, old.expiry)
    if newer.ticks.position < reading.position and new.expiry <= until:
        raise FoldTooLate(new.expiry, until)


def _require_same(before: TicksOpening, newer: TicksOpening) -> None:
    ours, theirs = before.voucher.voucher, newer.voucher.voucher
    if theirs.channel_id != ours.channel_id:
        raise WrongChannel(theirs.channel_id, ours.channel_id)
    if theirs.epoch != ours.epoch:
        raise WrongEpoch(theirs.epoch, ours.epoch)
    if (newer.ticks.each, newer.ticks.count) != (before.ticks.each, before.ticks.count):
        raise OtherTicks(newer.ticks.each, newer.ticks.count, before.ticks.each, before.ticks.count)
