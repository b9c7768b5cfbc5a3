"""Journals on the disk: one file for any number of payments, each record durable before the call returns."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from chain.signer import Signer
from chain.units import Hash32
from escrow.conditions.condition import Condition
from escrow.evidence.database import Database
from escrow.evidence_errors import NotEvidence, UnknownJournal
from escrow.journal.agreement import Agreement
from escrow.journal.entry import Entry, record_from_json, record_to_json
from escrow.journal.faults import faults
from escrow.journal.journal import Journal
from escrow.journal.record import Record
from escrow.journal.statements import Message, Signature
from escrow.journal.strict_json import canonical
from escrow.payment import Payment

_ENTRIES = "SELECT hash, record FROM entries WHERE payment_id = ? ORDER BY position"
_RECORDS = "SELECT kind, record FROM entries WHERE payment_id = ? ORDER BY position"
_LAST = "SELECT position, hash FROM entries WHERE payment_id = ? ORDER BY position DESC LIMIT 1"
_FIRST = "SELECT record FROM entries WHERE payment_id = ? AND position = 0"
_KNOWN = "SELECT 1 FROM entries WHERE payment_id = ? AND hash = ?"
_ADD = "INSERT INTO entries VALUES (?, ?, ?, ?, ?)"
_PAYMENTS = "SELECT payment_id FROM entries WHERE position = 0 ORDER BY payment_id"


class JournalFile:
    """Shared by any number of processes and threads; ":memory:" ends with the process.

    Every method raises `JournalUnreadable`, `JournalBusy`, `JournalFailed`.
    """

    def __init__(self, path: str | Path) -> None:
        self._database = Database(path)

    def open(self, payment: Payment, condition: Condition | None = None) -> "OpenJournal":
        """The payment's journal; a new one begins with the agreement. `condition` is the one that the terms fix.

        Raises `NotEvidence` for another condition.
        """
        agreement = Agreement.of(payment.terms, payment.domain, condition)
        if not agreement.condition_fits:
            raise NotEvidence("condition-differs", "the terms fix another condition")
        with self._database.transaction():
            if not self._database.rows(_LAST, payment.payment_id):
                entry = Entry.after(payment.payment_id, agreement)
                self._database.rows(_ADD, payment.payment_id, 0, *_columns(entry))
        return self.find(payment.payment_id)

    def find(self, payment_id: Hash32) -> "OpenJournal":
        """A journal that was begun before. Raises `UnknownJournal`."""
        for (first,) in self._database.rows(_FIRST, payment_id):
            members = json.loads(first)
            del members["kind"]
            return OpenJournal(self._database, Agreement.from_json(members))
        raise UnknownJournal(self._database.path, payment_id)

    def payments(self) -> list[Hash32]:
        """The ids of all payments that have one."""
        return [Hash32(payment_id) for (payment_id,) in self._database.rows(_PAYMENTS)]

    def close(self) -> None:
        """Ends the connection."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()


class OpenJournal:
    """One payment's journal in a file; made by `JournalFile`."""

    def __init__(self, database: Database, agreement: Agreement) -> None:
        self._database = database
        self.payment_id = agreement.payment_id
        self.agreement = agreement

    @property
    def head(self) -> Hash32:
        """The hash of everything in it: what a dispute puts on the chain."""
        ((_, head),) = self._database.rows(_LAST, self.payment_id)
        return Hash32(head)

    def add(self, *records: Record) -> list[Entry]:
        """All of them in one piece, after whatever others have added. Raises `NotEvidence` for what would break it."""
        with self.writing():
            return [self._append(record) for record in records]

    def say(self, text: str, author: Signer) -> list[Entry]:
        """A text with its author's signature under it. Raises `Malformed`."""
        message = Message(author=author.address, text=text)
        with self.writing():
            entry = self._append(message)
            return [entry, self._append(self._signature(entry.hash, author))]

    def sign(self, signer: Signer) -> Entry:
        """Signs the head: the signer has seen everything in the journal."""
        with self.writing():
            return self._append(self._signature(self.head, signer))

    def records(self, *kinds: type[Record]) -> list[Record]:
        """Those of these kinds, or all, in order."""
        names = {kind.kind for kind in kinds}
        rows = self._database.rows(_RECORDS, self.payment_id)
        return [record_from_json(json.loads(record)) for kind, record in rows if not names or kind in names]

    def read(self) -> Journal:
        """All of it, as a value to be exported or verified."""
        rows = self._database.rows(_ENTRIES, self.payment_id)
        entries = tuple(Entry(Hash32(found), record_from_json(json.loads(record))) for found, record in rows)
        return Journal(payment_id=self.payment_id, entries=entries, head=entries[-1].hash)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Until it ends nobody else writes; what was added is durable then, all of it or nothing."""
        with self._database.transaction():
            yield

    def __contains__(self, entry: object) -> bool:
        return bool(self._database.rows(_KNOWN, self.payment_id, entry))

    def _append(self, record: Record) -> Entry:
        for flaw, why in faults(record, self.agreement, self):
            raise NotEvidence(flaw, why)
        ((position, head),) = self._database.rows(_LAST, self.payment_id)
        entry = Entry.after(Hash32(head), record)
        self._database.rows(_ADD, self.payment_id, position + 1, *_columns(entry))
        return entry

    def _signature(self, entry: Hash32, signer: Signer) -> Signature:
        return Signature.under(entry, self.payment_id, self.agreement.domain, signer)


def _columns(entry: Entry) -> tuple[str, bytes, str]:
    return entry.record.kind, entry.hash, canonical(record_to_json(entry.record))
