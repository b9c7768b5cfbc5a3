"""Vouchers from wherever they were kept: only what the channel's own key has signed, for money that is still there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from chain.copies import Copy, Ignored
from chain.errors import EarnestError
from chain.typed_data import Domain
from chain.units import Amount, Seconds
from channels.channel import ChannelId
from channels.errors import UnknownLane, WrongEpoch
from channels.promise import Promise
from channels.proven import Proven
from channels.recovery.found import FoundLane
from channels.shown import Shown
from channels.voucher import SignedVoucher

Place = tuple[ChannelId, int]
"""A channel and an epoch."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Proof(Shown):
    """What the condition with `data` releases `released` base units of the promise for."""

    promise: Promise
    data: bytes
    proof: bytes
    released: Amount


def proof_of(proven: Proven, released: Amount) -> Proof:
    """Of what a till has kept, with what its condition says now."""
    return Proof(promise=proven.promise, data=proven.data, proof=proven.proof, released=released)


def sort_out(
    copies: Iterable[Copy], lanes: Mapping[ChannelId, FoundLane], domain: Domain, now: Seconds
) -> tuple[dict[Place, list[SignedVoucher]], list[Ignored]]:
    """Good vouchers by their place, and why each of the others is none.

    A sum above the deposit is good for all of the deposit: the contract pays what is there.
    """
    good, ignored = dict[Place, list[SignedVoucher]](), list[Ignored]()
    for copy in copies:
        try:
            place = _place(copy.what, lanes, domain, now)
        except EarnestError as why:
            ignored.append(Ignored.of(copy, why))
        else:
            good.setdefault(place, []).append(copy.what)
    return good, ignored


def _place(voucher: SignedVoucher, lanes: Mapping[ChannelId, FoundLane], domain: Domain, now: Seconds) -> Place:
    """Raises `UnknownLane`, `InvalidSignature`, `WrongEpoch`."""
    lane_id, epoch = voucher.channel.id, voucher.voucher.epoch
    if lane_id not in lanes:
        raise UnknownLane(lane_id)
    voucher.verified(domain)
    lane = lanes[lane_id]
    if epoch not in {left.epoch for left in lane.epochs(now)}:
        raise WrongEpoch(epoch, lane.latest.epoch)
    return lane_id, epoch
