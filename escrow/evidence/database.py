"""The journals' file, and its law, which the database keeps whoever writes:

    durable before the answer   WAL and synchronous=FULL: what returned survives a power cut, a torn write is cut off
    one winner                  a change is a transaction that began IMMEDIATE
    only longer                 no entry is ever changed or removed

Any number of processes and threads may share the file.
"""

import os
import sqlite3
import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from escrow.evidence_errors import JournalBusy, JournalFailed, JournalOfAnotherProcess, JournalUnreadable

PATIENCE = 30.0
"""Seconds to wait for another process's transaction."""
_KIND, _VERSION = int.from_bytes(b"Jrnl", "big"), 1
_DAMAGED = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_CANTOPEN)
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


class Database:
    """ ":memory:" keeps nothing. Raises `JournalUnreadable` at birth, then `JournalBusy` and `JournalFailed`."""

    def __init__(self, path: str | Path) -> None:
        self.path = str(path)
        self._lock = threading.RLock()
        self._process = os.getpid()
        with self._typed():
            self._connection = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
        # A client's own book in memory has nobody to close it; from 3.13 on that would be a warning.
        self._end = weakref.finalize(self, self._connection.close)
        try:
            self._prepare()
        except BaseException:
            self._end()
            raise

    def rows(self, statement: str, *values: Any) -> list[Any]:
        """What a statement answers."""
        if os.getpid() != self._process:
            raise JournalOfAnotherProcess(self.path)
        with self._typed(), self._lock:
            return self._connection.execute(statement, values).fetchall()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, and nobody else writes meanwhile; durable when it ends."""
        with self._lock:
            if self._connection.in_transaction:  # Ours, since we hold the lock: it ends where it began.
                yield
                return
            self.rows("BEGIN IMMEDIATE")
            try:
                yield
                self.rows("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.rollback()
                raise

    def close(self) -> None:
        """Ends the connection."""
        with self._lock:
            self._end()

    def _prepare(self) -> None:
        with self.transaction():
            kind, version = self._pragma("application_id"), self._pragma("user_version")
            if (kind, version) != (_KIND, _VERSION):
                self._create(empty=not (kind or version or self.rows("SELECT 1 FROM sqlite_master")))
        if self._write_ahead() not in {"wal", "memory"}:
            raise JournalUnreadable(self.path, "its file system can't do write-ahead logging")
        self.rows("PRAGMA synchronous = FULL")
        self.rows("PRAGMA fullfsync = ON")  # Where fsync leaves data in the drive's cache (macOS).

    def _create(self, *, empty: bool) -> None:
        if not empty:
            raise JournalUnreadable(self.path, "it is another program's file, or of another version")
        for statement in _TABLES:
            self.rows(statement)
        self.rows(f"PRAGMA application_id = {_KIND}")
        self.rows(f"PRAGMA user_version = {_VERSION}")

    def _write_ahead(self) -> Any:
        """The file's mode; SQLite itself doesn't wait where several processes set it at once."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return self._pragma("journal_mode = WAL")
            except JournalBusy:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.01)

    def _pragma(self, text: str) -> Any:
        return self.rows(f"PRAGMA {text}")[0][0]

    @contextmanager
    def _typed(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            code = getattr(error, "sqlite_errorcode", None)
            if code is None:
                raise
            if code & 0xFF == sqlite3.SQLITE_BUSY:
                raise JournalBusy(self.path, PATIENCE) from error
            leaf = JournalUnreadable if code & 0xFF in _DAMAGED else JournalFailed
            raise leaf(self.path, str(error)) from error
