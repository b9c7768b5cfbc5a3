"""What stores are told after a loss: a till that all is delivered, a wallet what is promised and where not to pay."""

from collections.abc import Iterator

from msgspec.structs import replace

from chain.typed_data import Domain
from chain.units import Amount
from channels.lane import Lane
from channels.payee_session import PayeeSession
from channels.payer_session import PayerSession
from channels.proven import Proven
from channels.recovery.found import FoundLane
from channels.recovery.payee import EarnedLane, PayeeReport
from channels.recovery.payer import PaidLane, PayerReport


def recovered_books(report: PayeeReport, domain: Domain) -> list[PayeeSession]:
    """One for each open epoch of each lane: the latest block's, and the final one's where that is another."""
    rows = {(row.channel.id, row.epoch): row for row in report.lanes}
    return [
        _recovered(found, lane, rows.get((found.channel.id, lane.epoch)), domain)
        for found in report.found
        for lane in _living(found)
    ]


def _living(found: FoundLane) -> Iterator[Lane]:
    by_epoch = {lane.epoch: lane for lane in (found.final, found.latest) if lane.is_open}
    yield from (by_epoch[epoch] for epoch in sorted(by_epoch))


def _recovered(found: FoundLane, lane: Lane, row: EarnedLane | None, domain: Domain) -> PayeeSession:
    voucher = row.voucher if row else None
    amount = min(voucher.voucher.cumulative_amount, lane.deposit) if voucher else 0
    accepted = Amount(max(amount, lane.settled))
    session = PayeeSession(channel=found.channel, lane=lane, accepted=accepted, delivered=accepted, stopped=True)
    if row is None or voucher is None:
        return session
    proven = tuple(
        Proven(promise=known.promise, data=known.data, proof=known.proof, released=known.released)
        for known in row.proofs
    )
    return replace(session, newest=voucher.verified(domain), promises=voucher.promises, proven=proven)


def recovered_sessions(report: PayerReport) -> list[PayerSession]:
    """Where the newest voucher is unknown, all of the deposit counts as promised: the epoch pays no more."""
    rows = {(row.channel.id, row.epoch): row for row in report.lanes}
    return [
        _session(found, rows[found.channel.id, found.latest.epoch]) for found in report.found if found.latest.is_open
    ]


def _session(found: FoundLane, row: PaidLane) -> PayerSession:
    channel, lane = found.channel, found.latest
    if not row.is_usable:
        return PayerSession(channel=channel, lane=lane, promised=lane.deposit, guessed=lane.deposit)
    return PayerSession(channel=channel, lane=lane, promised=row.promised, promises=row.promises, guessed=row.guessed)
