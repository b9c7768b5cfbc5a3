"""Files on the disk, by their hash."""

import hashlib
from pathlib import Path

from chain.units import Hash32
from escrow.journal.statements import File


def measure(path: str | Path) -> File:
    """Name, size and SHA-256 of a file; however big, it is read in pieces. Raises `OSError`, `Malformed`."""
    place = Path(path)
    with place.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").digest()
        size = file.tell()
    return File(name=place.name, size=size, sha256=Hash32(digest))
