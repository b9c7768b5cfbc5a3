"""An SQLite file that survives crashes and is shared; a subclass says what is in it, and by which errors it fails.

    durable before the answer   WAL and synchronous=FULL: what returned survives a power cut, a torn write is cut off
    one winner                  a change is one statement, or one transaction that began IMMEDIATE

Any number of processes and threads may share the file; there are no lock files to go stale.
"""

import os
import sqlite3
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar, NoReturn

PATIENCE = 30.0
"""Seconds to wait for another process's transaction."""
_DAMAGED = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_CANTOPEN)


class SqliteFile(ABC):
    """ ":memory:" keeps nothing. Raises `unreadable` and what `_claim` raises at birth, then `busy` and `failed`."""

    unreadable: ClassVar[type[Any]]
    failed: ClassVar[type[Any]]
    busy: ClassVar[type[Any]]
    of_another_process: ClassVar[type[Any]]
    """Errors with the path, and for the first three what is wrong, or the seconds waited, as their facts."""

    def __init__(self, path: str | Path) -> None:
        self.path = str(path)
        self.lock = threading.RLock()  # One connection: who holds it, has the file to itself within the process.
        self._process = os.getpid()
        try:
            self._connection = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
        except sqlite3.Error as error:
            self._refuse(error)
        try:
            self._prepare()
        except BaseException:
            self._connection.close()
            raise

    def rows(self, query: str, *values: Any) -> list[Any]:
        """What a query answers."""
        return self._run(query, values).fetchall()

    def change(self, statement: str, *values: Any) -> int:
        """How many rows the statement changed; they are durable, unless a transaction is still to end."""
        return self._run(statement, values).rowcount

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, and nobody else writes meanwhile; durable when it ends."""
        with self.lock:
            self.change("BEGIN IMMEDIATE")
            try:
                yield
                self.change("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.rollback()
                raise

    def close(self) -> None:
        """Ends the connection."""
        with self.lock:
            self._connection.close()

    @abstractmethod
    def _claim(self) -> None:
        """Sees, within a transaction, that the file is ours; a new one is made so."""

    def _prepare(self) -> None:
        with self.transaction():
            self._claim()
        if self._write_ahead() not in ("wal", "memory"):
            raise self.unreadable(self.path, "its file system can't do write-ahead logging")
        self.change("PRAGMA synchronous = FULL")
        self.change("PRAGMA fullfsync = ON")  # Where fsync leaves data in the drive's cache (macOS).
        with self.transaction():  # Syncs what a process that was killed had written to the log, and not synced.
            self.change(f"PRAGMA user_version = {self._pragma('user_version')}")

    def _create(self, tables: Sequence[str], *, kind: int, version: int) -> None:
        for table in tables:
            self.change(table)
        self.change(f"PRAGMA application_id = {kind}")
        self.change(f"PRAGMA user_version = {version}")

    def _write_ahead(self) -> Any:
        """The journal's mode; SQLite itself doesn't wait where several processes set it at once."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return self._pragma("journal_mode = WAL")
            except self.busy:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.01)

    def _pragma(self, text: str) -> Any:
        return self.rows(f"PRAGMA {text}")[0][0]

    def _run(self, statement: str, values: Sequence[Any]) -> sqlite3.Cursor:
        if os.getpid() != self._process:
            raise self.of_another_process(self.path)
        try:
            with self.lock:
                return self._connection.execute(statement, values)
        except sqlite3.Error as error:
            self._refuse(error)

    def _refuse(self, error: sqlite3.Error) -> NoReturn:
        """By its typed error; a mistake of ours stays as it is."""
        code = getattr(error, "sqlite_errorcode", None)
        if code is None:
            raise error
        if code & 0xFF == sqlite3.SQLITE_BUSY:
            raise self.busy(self.path, PATIENCE) from error
        leaf = self.unreadable if code & 0xFF in _DAMAGED else self.failed
        raise leaf(self.path, str(error)) from error
