# Generated from escrow/evidence/aio/witness.py by make fix; edit that one.
"""What the chain says of a journal."""

from chain.sync.chain import Chain
from chain.typed_data import Domain
from chain.units import Hash32
from escrow.errors import OtherEscrow
from escrow.evidence.journal_file import OpenJournal
from escrow.journal.entry import Entry
from escrow.journal.events import ChainEvent, Undone, changes, standing
from escrow.journal.findings import Report
from escrow.journal.journal import Journal
from escrow.journal.verification import Given, verify

CONTRACT = "Escrow"


class Witness:
    """Reads the escrow's events up to the newest block; what is not final yet may still be undone.

    `since` is a block at or before the payment's first event, if it is known; a node may refuse to search them all.
    """

    def __init__(self, chain: Chain, *, since: int = 0) -> None:
        self.chain = chain
        self._since = since

    def events(self, payment_id: Hash32) -> list[ChainEvent]:
        """Everything that happened to the payment, oldest first."""
        found = self.chain.events(CONTRACT, from_block=self._since)
        return [event for event in map(ChainEvent.of, found) if event.speaks_of(payment_id)]

    def follow(self, journal: OpenJournal) -> list[Entry]:
        """Writes what is new, and what was undone since; the added entries. Raises `OtherEscrow`.

        Where a node lagged, so that this wrote too much or too little, the next call puts it right.
        """
        self._require_same(journal.agreement.domain)
        before = standing(journal.records(ChainEvent, Undone))  # What others write while the chain is asked stays.
        seen = self.events(journal.payment_id)
        with journal.writing():
            return journal.add(*changes(before, standing(journal.records(ChainEvent, Undone)), seen))

    def verify(self, journal: Journal, *, files: Given | None = None) -> Report:
        """As `escrow.journal.verify`, the events compared with the chain's. Raises `OtherEscrow`."""
        if journal.agreement is None:
            return verify(journal, files=files)
        self._require_same(journal.agreement.domain)
        return verify(journal, files=files, chain=self.events(journal.payment_id))

    def _require_same(self, domain: Domain) -> None:
        ours = self.chain.domain(CONTRACT)
        if domain != ours:
            raise OtherEscrow(ours.contract, ours.chain_id, domain.contract, domain.chain_id)
