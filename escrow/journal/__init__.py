"""A payment's journal as a value: linked entries, their export, and whether they hold together. No disk, no chain."""

from escrow.journal.agreement import Agreement
from escrow.journal.consent import Consent, Intent
from escrow.journal.entry import Entry
from escrow.journal.events import ChainEvent, Undone
from escrow.journal.export import read_export, write_export
from escrow.journal.findings import Finding, Flaw, Report
from escrow.journal.journal import Journal
from escrow.journal.record import Record
from escrow.journal.statements import File, JournalEntry, Message, Signature
from escrow.journal.verification import verify

__all__ = [
    "Agreement",
    "ChainEvent",
    "Consent",
    "Entry",
    "File",
    "Finding",
    "Flaw",
    "Intent",
    "Journal",
    "JournalEntry",
    "Message",
    "Record",
    "Report",
    "Signature",
    "Undone",
    "read_export",
    "verify",
    "write_export",
]
