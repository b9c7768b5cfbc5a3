"""How an old copy of a file is noticed: the number of its last change, written beside it."""

import os
from contextlib import suppress
from pathlib import Path


class FileMark:
    """Written after a change is durable, so it is never ahead of the file, unless that was replaced by an older one.

    Raises `OSError` at birth.
    """

    def __init__(self, path: str) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)

    @staticmethod
    def read(path: str) -> int | None:
        """The number, if there is one. Raises `OSError`."""
        try:
            return int.from_bytes(Path(path).read_bytes(), "big")
        except FileNotFoundError:
            return None

    def note(self, changes: int) -> None:
        """A mark that can't be written stays behind, which accuses nobody; the change itself is durable."""
        if self._file >= 0:
            with suppress(OSError):
                os.pwrite(self._file, changes.to_bytes(8, "big"), 0)

    def close(self) -> None:
        """A second time it does nothing."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
