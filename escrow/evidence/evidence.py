"""What a party shows an arbiter, and the hash of it that a dispute puts on the chain."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from chain.errors import Malformed
from chain.keccak import keccak
from chain.units import Hash32, hash32
from escrow.evidence.files import measure
from escrow.journal.statements import File
from escrow.journal.strict_json import canonical

if TYPE_CHECKING:
    from escrow.evidence.journal_file import OpenJournal


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """`hash` is a journal's head or, without a journal, keccak256 of the files' canonical JSON list, in their order."""

    hash: Hash32
    shown: tuple[File, ...] = ()

    def __post_init__(self) -> None:
        hash32("evidence", self.hash)

    @classmethod
    def files(cls, *paths: str | Path, journal: "OpenJournal | None" = None) -> "Evidence":
        """Measures the files; with a journal they are written there first. Raises `OSError`, `Malformed`."""
        if not paths:
            raise Malformed("evidence", "it has no files")
        shown = tuple(map(measure, paths))
        if journal is not None:
            journal.add(*shown)
            return cls(hash=journal.head, shown=shown)
        return cls(hash=keccak(canonical([file.to_json() for file in shown]).encode()), shown=shown)
