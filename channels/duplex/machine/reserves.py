"""What an ended epoch keeps for its promises, how they are proven and paid: the twin of DuplexReserves.sol."""

from dataclasses import replace
from typing import assert_never

from chain.refusals import WrongConditionData
from chain.units import Amount, Hash32, Seconds
from channels.duplex.actions import Collect, Promising, Record, Sweep
from channels.duplex.errors import NothingToCollect
from channels.duplex.ledger import DuplexLedger, DuplexRecord
from channels.duplex.machine.payouts import Step, pay_parties
from channels.duplex.promise import DuplexPromises
from channels.duplex.reserve import DuplexReserve
from channels.errors import (
    NothingRecorded,
    NothingReserved,
    PromiseExpired,
    ReserveNotOver,
    ReserveOver,
    WrongPromises,
)
from channels.promise import leaves_hash
from channels.reserve import reserve_end

_FOR_EVER = Seconds(2**48 - 1)


def step(ledger: DuplexLedger, action: Promising, now: Seconds) -> Step:
    """What `transition` says of these verbs."""
    match action:
        case Record():
            return _record(ledger, action, now)
        case Collect():
            return _collect(ledger, action, now)
        case Sweep():
            return _sweep(ledger, action, now)
        case _:
            assert_never(action)


def reserved(ledger: DuplexLedger, promises: DuplexPromises, now: Seconds) -> DuplexReserve | None:
    """What a payout keeps back for the promises of the fight's state; each party's share covers its own, as far as
    it goes. None once all of that is over, whoever hides what their hash stands for. Raises `WrongPromises`.
    """
    channel, fight = ledger.channel, ledger.fight
    if now >= reserve_end(fight.deadline, _FOR_EVER, channel):
        return None
    _require_promises(promises, fight.promises)
    until = reserve_end(fight.deadline, promises.last_expiry, channel)
    if now >= until:
        return None
    share_a, share_b = ledger.duplex.shares(fight.net)
    return DuplexReserve(
        from_a=min(promises.total_from_a, share_a),
        from_b=min(promises.total_from_b, share_b),
        until=until,
        promises=fight.promises,
    )


def _record(ledger: DuplexLedger, action: Record, now: Seconds) -> Step:
    promise, subject = action.promise, ledger.subject(action.epoch, action.promise)
    if now >= promise.expiry:
        raise PromiseExpired(now, promise.expiry)
    if action.data_hash != promise.data_hash:
        raise WrongConditionData(action.data_hash, promise.data_hash)
    released, before = min(action.released, promise.amount), ledger.released(subject)
    if released <= before:
        raise NothingRecorded(subject, released, before)
    record = DuplexRecord(released=Amount(released), from_a=promise.from_a)
    return replace(ledger, records={**ledger.records, subject: record}), []


def _collect(ledger: DuplexLedger, action: Collect, now: Seconds) -> Step:
    channel, epoch, promises = ledger.channel, action.epoch, action.promises
    reserve = _reserve(ledger, epoch)
    if reserve.is_over(now):
        raise ReserveOver(now, reserve.until)
    _require_promises(promises, reserve.promises)
    leaves = leaves_hash(action.leaves)
    if leaves != promises.leaves:
        raise WrongPromises(leaves, promises.leaves)
    newer = reserve.collect(*ledger.recorded(epoch, action.leaves))
    if newer == reserve:
        raise NothingToCollect(channel.id, epoch)
    to_a, to_b = newer.paid_from_b - reserve.paid_from_b, newer.paid_from_a - reserve.paid_from_a
    return replace(ledger, reserves={**ledger.reserves, epoch: newer}), pay_parties(channel, to_a, to_b)


def _sweep(ledger: DuplexLedger, action: Sweep, now: Seconds) -> Step:
    reserve = _reserve(ledger, action.epoch)
    if not reserve.is_over(now):
        raise ReserveNotOver(now, reserve.until)
    others = {epoch: kept for epoch, kept in ledger.reserves.items() if epoch != action.epoch}
    return replace(ledger, reserves=others), pay_parties(ledger.channel, *reserve.left)


def _reserve(ledger: DuplexLedger, epoch: int) -> DuplexReserve:
    if epoch not in ledger.reserves:
        raise NothingReserved(ledger.channel.id, epoch)
    return ledger.reserves[epoch]


def _require_promises(promises: DuplexPromises, expected: Hash32) -> None:
    found = promises.struct_hash()
    if found != expected:
        raise WrongPromises(found, expected)
