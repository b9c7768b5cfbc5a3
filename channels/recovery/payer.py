"""What a payer must count as promised in its lanes, and which of them it must not pay through before it knows more."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chain.copies import Ignored
from chain.units import Address, Amount, Seconds
from channels.channel import Channel
from channels.lane import NOTHING
from channels.payer_session import PayerSession
from channels.promise import Promise
from channels.recovery.evidence import Place
from channels.recovery.found import EpochLeft, FoundLane
from channels.recovery.report import Report
from channels.recovery.sums import sums_json
from channels.shown import Shown
from channels.voucher import SignedVoucher


@dataclass(frozen=True, kw_only=True, slots=True)
class PaidLane(Shown):
    """One epoch of a lane. Of `deposit`, `settled` is paid and `promised` is known to be, with `promises`; base units.

    `is_usable`: the payee has shown a voucher, and nothing known is above it. Without that anything up to the deposit
    may be promised. `guessed` is the part of `promised` that no known voucher is for. `until`: from then on anybody may
    send the rest back.
    """

    channel: Channel
    epoch: int
    deposit: Amount
    settled: Amount
    promised: Amount
    promises: tuple[Promise, ...]
    until: Seconds
    is_open: bool
    is_final: bool
    is_usable: bool
    guessed: Amount = field(repr=False)

    @property
    def token(self) -> Address:
        """What it pays in."""
        return self.channel.token

    @property
    def at_most(self) -> int:
        """What is known to be promised, if every promise is kept in full, but never more than is there."""
        total = self.promised + sum(promise.amount for promise in self.promises)
        return min(max(total, self.settled), self.deposit)

    @property
    def on_chain(self) -> int:
        """What is not paid out yet."""
        return self.deposit - self.settled

    @property
    def recovered(self) -> int:
        """What can be promised, or comes back, for sure."""
        return self.deposit - self.at_most if self.is_usable else 0

    @property
    def at_most_lost(self) -> int:
        """What may have been promised and forgotten."""
        return 0 if self.is_usable else self.deposit - self.at_most

    def to_json(self) -> dict[str, Any]:
        """With what follows from the fields."""
        return Shown.to_json(self) | sums_json(self)


@dataclass(frozen=True, kw_only=True, slots=True)
class PayerReport(Report):
    """Closing lanes first, by their deadline; `found` is what the chain said."""

    payer: Address
    lanes: tuple[PaidLane, ...]
    ignored: tuple[Ignored, ...]
    found: tuple[FoundLane, ...] = field(repr=False)

    @property
    def rows(self) -> Sequence[PaidLane]:
        """Every lane's."""
        return self.lanes


Said = tuple[Amount, tuple[Promise, ...], Amount]
"""An amount, the promises beside it, and how much of the amount is guessed."""


def survey(
    lanes: Iterable[FoundLane],
    shown: Mapping[Place, Sequence[SignedVoucher]],
    kept: Mapping[Place, PayerSession],
    now: Seconds,
) -> tuple[PaidLane, ...]:
    """By what payees have `shown` of the payer's own vouchers, and by what an old wallet has `kept`."""
    rows = [_row(lane, left, shown, kept) for lane in lanes for left in lane.epochs(now)]
    return tuple(sorted(rows, key=lambda row: (not row.until, row.until, -row.on_chain, row.channel.id, row.epoch)))


def _row(
    lane: FoundLane,
    left: EpochLeft,
    shown: Mapping[Place, Sequence[SignedVoucher]],
    kept: Mapping[Place, PayerSession],
) -> PaidLane:
    place = lane.channel.id, left.epoch
    copies = [(voucher.voucher.cumulative_amount, voucher.promises, NOTHING) for voucher in shown.get(place, ())]
    old = [(kept[place].promised, kept[place].promises, kept[place].guessed)] if place in kept else []
    promised, promises, guessed = max([*copies, *old], key=_most, default=(left.settled, (), left.settled))
    is_open = left.epoch == lane.latest.epoch
    return PaidLane(
        channel=lane.channel,
        epoch=left.epoch,
        deposit=left.deposit,
        settled=left.settled,
        promised=promised,
        promises=promises,
        guessed=guessed,
        until=left.until,
        is_open=is_open,
        is_final=lane.is_final,
        is_usable=is_open and bool(copies) and left.settled <= _worth(lane, left, promised, promises),
    )


def _most(said: Said) -> tuple[int, int]:
    amount, promises, _ = said
    return amount, sum(promise.amount for promise in promises)


def _worth(lane: FoundLane, left: EpochLeft, promised: Amount, promises: Iterable[Promise]) -> int:
    """Below what is settled it can't be the newest."""
    leaves = [promise.struct_hash() for promise in promises]
    return min(promised + lane.books.recorded(left.epoch, leaves), left.deposit)
