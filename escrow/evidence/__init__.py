"""Evidence in the world: files and the journal on the disk, and what the chain says of it."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from escrow.evidence.consent_book import ConsentBook
from escrow.evidence.evidence import Evidence
from escrow.evidence.files import measure
from escrow.evidence.journal_file import JournalFile, OpenJournal

if TYPE_CHECKING:
    from escrow.evidence.aio.witness import AsyncWitness
    from escrow.evidence.sync.witness import Witness

__all__ = ["AsyncWitness", "ConsentBook", "Evidence", "JournalFile", "OpenJournal", "Witness", "measure"]

_LAZY = {"AsyncWitness": "escrow.evidence.aio.witness", "Witness": "escrow.evidence.sync.witness"}


def __getattr__(name: str) -> Any:
    """What asks the chain brings web3."""
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_LAZY[name]), name)
