"""How an old copy of a file is noticed: the number of its last change, written beside it."""

import os
from contextlib import suppress
from pathlib import Path

_SIZE = 8


class FileMark:
    """Written after a change is durable, so it is never ahead of the file, unless that was replaced by an older one.

    It never goes back, whoever shares it. Raises `OSError` at birth.
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

    def note(self, changes: int, *, anew: bool = False) -> None:
        """A mark that can't be written stays behind, which accuses nobody; the change itself is durable.

        With `anew` it is this number even if it was larger, for a file that was restored.
        """
        if self._file >= 0:
            with suppress(OSError):
                raise_to(self._file, changes, anew=anew)

    def close(self) -> None:
        """A second time it does nothing."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


def raise_to(file: int, number: int, place: int = 0, *, anew: bool = False) -> None:
    """The 8 bytes at `place` are the largest number that any process has given. Raises `OSError`.

    The lock is the mark's own, held for one read and one write: the database's would have to be taken once more after
    the commit, and every change would wait twice for other processes' syncs. The kernel takes it from the dead.
    """
    import fcntl  # Windows has none, as it has no pwrite: there only what keeps nothing works.

    fcntl.flock(file, fcntl.LOCK_EX)  # Of the opened file, and not of the process, as POSIX's record locks are.
    try:
        if anew or int.from_bytes(os.pread(file, _SIZE, place), "big") < number:
            os.pwrite(file, number.to_bytes(_SIZE, "big"), place)
    finally:
        fcntl.flock(file, fcntl.LOCK_UN)
