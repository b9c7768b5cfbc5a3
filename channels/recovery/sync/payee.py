# Generated from channels/recovery/aio/payee.py by make fix; edit that one.
"""A payee's lanes after the loss of its till."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from chain.copies import BACKUP, Copy, Ignored
from chain.errors import ChainError, EarnestError
from chain.sync.history import History, Progress
from chain.units import Address, Amount, Hash32
from channels.channel import Channel, ChannelId
from channels.claims import Claims, Skipped
from channels.proven import Proven
from channels.recovery.evidence import Place, Proof, proof_of, sort_out
from channels.recovery.payee import EarnedLane, Known, PayeeReport, reconcile
from channels.recovery.recovered import recovered_books
from channels.recovery.sync.survey import LaneSurvey
from channels.stores.sync.till import Till
from channels.sync.lanes import Lanes

Shown = tuple[Channel, int, Proven]
"""A proof, with the epoch that it is of."""


@dataclass(slots=True)
class _Backup:
    """What an old till knew; its word counts for no money, only the vouchers in it do."""

    copies: list[Copy] = field(default_factory=list)
    accepted: dict[Place, Amount] = field(default_factory=dict)
    proven: list[Shown] = field(default_factory=list)


class PayeeRecovery:
    """Nothing is accepted, credited or delivered by it, and nothing is signed but the transactions of `claim`."""

    def __init__(self, lanes: Lanes, payee: Address, *, from_block: int = 0, progress: Progress | None = None) -> None:
        self.lanes, self._payee = lanes, payee
        self._survey = LaneSurvey(lanes, History(lanes.chain, progress), from_block)

    def report(
        self, *, backup: Till | None = None, copies: Iterable[Copy] = (), ignored: Iterable[Ignored] = ()
    ) -> PayeeReport:
        """What chain, an old till and payers' copies together prove; `ignored` is what couldn't be read of these.

        A voucher proves its lane, too, where the search began after it was opened. Raises `ChainError`, `StoreError`.
        """
        old = self._read(backup)
        given = [*old.copies, *copies]
        opened, refused = self._survey.opened(payee=self._payee)
        named = [copy.what.channel for copy in given if copy.what.channel.payee == self._payee]
        channels = {channel.id: channel for channel in [*opened, *named]}
        lanes = self._survey.read(list(channels.values()))
        now = self._survey.now()
        vouchers, bad = sort_out(given, {lane.channel.id: lane for lane in lanes}, self.lanes.domain, now)
        lanes = self._survey.recorded(lanes, vouchers)
        proofs = self._proofs(old.proven)
        rows = reconcile(lanes, Known(vouchers=vouchers, accepted=old.accepted, proofs=proofs, now=now))
        return PayeeReport(payee=self._payee, lanes=rows, ignored=(*refused, *ignored, *bad), found=tuple(lanes))

    def claim(self, report: PayeeReport) -> Claims:
        """Records what is proven, then claims where more is due than settled, in as few transactions as possible.

        Asked again it pays nothing twice. Lanes stay open: a newer voucher that turns up later can still be claimed.
        """
        due, recorded = [row for row in report.lanes if row.is_due], Claims()
        for row in due:
            for proof in row.proofs:
                recorded = recorded.joined(self._record(row, proof))
        return recorded.joined(self.lanes.claim_many([row.voucher for row in due if row.voucher]))

    def rebuild(self, report: PayeeReport, till: Till) -> None:
        """Writes the lanes into a till, new or restored, all or none: as delivered, with nothing more to be accepted.

        Else a voucher whose goods were delivered before the loss would bring them again.
        """
        till.recover(recovered_books(report, self.lanes.domain))

    def _record(self, row: EarnedLane, proof: Proof) -> Claims:
        try:
            done = self.lanes.record(row.channel, row.epoch, proof.promise, proof.data, proof.proof)
        except ChainError:
            raise
        except EarnestError as why:
            return Claims(skipped=(Skipped(lane_id=row.channel.id, why=f"{type(why).__name__}: {why}"),))
        return Claims(receipts=() if done.receipt is None else (done.receipt,))

    def _read(self, backup: Till | None) -> _Backup:
        old = _Backup()
        for book in backup.books() if backup else ():
            session, voucher = book.session, book.voucher(self.lanes.domain)
            if session.channel.payee != self._payee:
                continue
            epoch = session.lane.epoch
            old.accepted[session.channel.id, epoch] = session.accepted
            old.proven += [(session.channel, epoch, proven) for proven in session.proven]
            if voucher is not None:
                old.copies.append(Copy(what=voucher, source=BACKUP))
        return old

    def _proofs(self, proven: Sequence[tuple[Channel, int, Proven]]) -> dict[tuple[ChannelId, int, Hash32], Proof]:
        """With what the conditions say of them today."""
        found = {}
        for channel, epoch, known in proven:
            asked = channel, epoch, known.promise, known.data, known.proof
            try:
                released = self.lanes.released(*asked)
            except ChainError:
                raise
            except EarnestError:
                continue
            found[channel.id, epoch, known.hash] = proof_of(known, released.units)
        return found
