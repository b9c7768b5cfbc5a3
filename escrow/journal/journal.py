"""A payment's entries, each bound to all before it."""

from dataclasses import dataclass, replace
from typing import Self

from chain.units import Hash32
from escrow.journal.agreement import Agreement
from escrow.journal.entry import Entry, link
from escrow.journal.record import Record


@dataclass(frozen=True, kw_only=True, slots=True)
class Journal:
    """Whoever knows `head` can check everything before it; the head of no entries is the payment id itself."""

    payment_id: Hash32
    entries: tuple[Entry, ...] = ()
    head: Hash32

    @classmethod
    def begin(cls, agreement: Agreement) -> Self:
        """The journal of the payment under these terms."""
        payment_id = agreement.payment_id
        return cls(payment_id=payment_id, head=payment_id).add(agreement)

    def add(self, record: Record) -> Self:
        """With one more entry."""
        entry = Entry.after(self.head, record)
        return replace(self, entries=(*self.entries, entry), head=entry.hash)

    @property
    def records(self) -> tuple[Record, ...]:
        """In order."""
        return tuple(entry.record for entry in self.entries)

    @property
    def agreement(self) -> Agreement | None:
        """The first record, which every sound journal has."""
        first = self.entries[0].record if self.entries else None
        return first if isinstance(first, Agreement) else None

    def breaks(self) -> list[int]:
        """The positions of entries whose hash is not the one that the entry before and the record make."""
        before = (self.payment_id, *(entry.hash for entry in self.entries))
        return [
            position
            for position, (previous, entry) in enumerate(zip(before, self.entries, strict=False))
            if entry.hash != link(previous, entry.record)
        ]
