"""The journals' file, and its law, which the database keeps whoever writes: no entry is ever changed or removed."""

import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chain.stores.sqlite import SqliteFile
from escrow.evidence_errors import JournalBusy, JournalFailed, JournalOfAnotherProcess, JournalUnreadable

_KIND, _VERSION = int.from_bytes(b"Jrnl", "big"), 1
_TABLES = (
    """
    CREATE TABLE entries (
        payment_id BLOB NOT NULL, position INTEGER NOT NULL,
        kind TEXT NOT NULL, hash BLOB NOT NULL, record TEXT NOT NULL,
        PRIMARY KEY (payment_id, position), UNIQUE (payment_id, hash)
    ) WITHOUT ROWID
    """,
    "CREATE TRIGGER unchanged BEFORE UPDATE ON entries BEGIN SELECT raise(ABORT, 'entries stay'); END",
    "CREATE TRIGGER kept BEFORE DELETE ON entries BEGIN SELECT raise(ABORT, 'entries stay'); END",
)


class Database(SqliteFile):
    """ ":memory:" keeps nothing. Raises `JournalUnreadable` at birth, then `JournalBusy` and `JournalFailed`."""

    unreadable, failed, busy, of_another_process = (
        JournalUnreadable,
        JournalFailed,
        JournalBusy,
        JournalOfAnotherProcess,
    )

    def __init__(self, path: str | Path) -> None:
        super().__init__(path)
        # A client's own book in memory has nobody to close it; from 3.13 on that would be a warning.
        weakref.finalize(self, self._connection.close)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, and nobody else writes meanwhile; within another it is a part of that."""
        with self.lock:
            if self._connection.in_transaction:  # Ours, since we hold the lock: it ends where it began.
                yield
                return
            with super().transaction():
                yield

    def _claim(self) -> None:
        kind, version = self._pragma("application_id"), self._pragma("user_version")
        if (kind, version) == (_KIND, _VERSION):
            return
        if kind or version or self.rows("SELECT 1 FROM sqlite_master"):
            raise JournalUnreadable(self.path, "it is another program's file, or of another version")
        self._create(_TABLES, kind=_KIND, version=_VERSION)
