"""What a payee can still have of its lanes, and the most that it can have lost."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from chain.copies import Ignored
from chain.errors import IllegalAction, InvalidMessage
from chain.units import Address, Amount, Hash32, Seconds
from channels.actions import ClaimPromised
from channels.channel import Channel, ChannelId
from channels.lane import transition
from channels.recovery.evidence import Place, Proof
from channels.recovery.found import EpochLeft, FoundLane
from channels.recovery.report import Report
from channels.recovery.sums import sums_json
from channels.shown import Shown
from channels.voucher import SignedVoucher

_NOTHING = Amount(0)
Proofs = Mapping[tuple[ChannelId, int, Hash32], Proof]
"""By channel, epoch and promise hash: a condition is asked about one promise of one epoch."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """What copies and an old till say: good vouchers, what was accepted by the till, and what can be proven `now`."""

    vouchers: Mapping[Place, Sequence[SignedVoucher]]
    accepted: Mapping[Place, Amount]
    proofs: Proofs
    now: Seconds


@dataclass(frozen=True, kw_only=True, slots=True)
class EarnedLane(Shown):
    """One epoch of a lane. Of `deposit`, `settled` is paid, `accepted` is what the backup knew of, `best` what the
    best `voucher` comes to in all, once `proofs` are recorded; base units. `until`: then the rest is the payer's.
    `is_due`: shown the voucher now, the contract pays, or reserves for promises.
    """

    channel: Channel
    epoch: int
    deposit: Amount
    settled: Amount
    accepted: Amount
    best: Amount
    until: Seconds
    is_final: bool
    is_due: bool = False
    voucher: SignedVoucher | None = None
    proofs: tuple[Proof, ...] = ()

    @property
    def token(self) -> Address:
        """What it pays in."""
        return self.channel.token

    @property
    def on_chain(self) -> int:
        """What is not paid out yet."""
        return self.deposit - self.settled

    @property
    def recovered(self) -> int:
        """What the voucher pays now."""
        return self.best - self.settled

    @property
    def at_most_lost(self) -> int:
        """What a newer voucher could have been worth."""
        return self.deposit - self.best

    def to_json(self) -> dict[str, Any]:
        """With what follows from the fields."""
        return Shown.to_json(self) | sums_json(self)


@dataclass(frozen=True, kw_only=True, slots=True)
class PayeeReport(Report):
    """Closing lanes first, by their deadline; `found` is what the chain said."""

    payee: Address
    lanes: tuple[EarnedLane, ...]
    ignored: tuple[Ignored, ...]
    found: tuple[FoundLane, ...] = field(repr=False)

    @property
    def rows(self) -> Sequence[EarnedLane]:
        """Every lane's."""
        return self.lanes


def reconcile(lanes: Iterable[FoundLane], known: Known) -> tuple[EarnedLane, ...]:
    """Recovered + at most lost is always what the contract still holds, and the contract pays what is recovered."""
    rows = [_row(lane, left, known) for lane in lanes for left in lane.epochs(known.now)]
    return tuple(sorted(rows, key=lambda row: (not row.until, row.until, -row.on_chain, row.channel.id, row.epoch)))


def _row(lane: FoundLane, left: EpochLeft, known: Known) -> EarnedLane:
    place = lane.channel.id, left.epoch
    bare = EarnedLane(
        channel=lane.channel,
        epoch=left.epoch,
        deposit=left.deposit,
        settled=left.settled,
        accepted=known.accepted.get(place, _NOTHING),
        best=left.settled,
        until=left.until,
        is_final=lane.is_final,
    )
    rows = [_shown(bare, lane, voucher, known) for voucher in known.vouchers.get(place, ())]
    return max(rows, key=lambda row: (row.best, row.voucher.at_most if row.voucher else 0), default=bare)


def _shown(bare: EarnedLane, lane: FoundLane, voucher: SignedVoucher, known: Known) -> EarnedLane:
    """What the contract makes of one voucher, by its twin."""
    proofs = _usable(lane, voucher, known)
    books = lane.books
    for proof in proofs:
        books = books.recording(bare.epoch, proof.promise.struct_hash(), proof.released)
    action = ClaimPromised(channel=lane.channel, voucher=voucher.shown, signer=lane.channel.signer)
    try:
        after, _ = transition(books, action, known.now)
    except (IllegalAction, InvalidMessage):
        return replace(bare, voucher=voucher, proofs=proofs)
    best = after.lane.settled if bare.epoch == after.lane.epoch else after.reserve(bare.epoch).settled
    return replace(bare, voucher=voucher, proofs=proofs, best=best, is_due=True)


def _usable(lane: FoundLane, voucher: SignedVoucher, known: Known) -> tuple[Proof, ...]:
    """Of promises that can still be recorded, what proves more than is recorded."""
    epoch, found = voucher.voucher.epoch, list[Proof]()
    for promise in voucher.promises:
        leaf = promise.struct_hash()
        proof = known.proofs.get((lane.channel.id, epoch, leaf))
        if proof and known.now < promise.expiry and proof.released > lane.records.get((epoch, leaf), _NOTHING):
            found.append(proof)
    return tuple(found)
