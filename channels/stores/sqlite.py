"""A store's file, and its law, which the database keeps whoever writes:

    durable before the answer   WAL and synchronous=FULL: what returned survives a power cut
    newest wins                 within an epoch amounts only rise, and epochs only rise
    one winner                  a change is one compare-and-set statement, or one transaction that began IMMEDIATE
    once                        no amount is signed twice, no key is delivered twice

Any number of processes and threads may share the file; there are no lock files to go stale. Amounts are 12 bytes, big
end first: they order as numbers do, and SQLite's integers stop at 2**63.
"""

import os
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from chain.typed_data import Domain
from channels.errors import (
    StoreBusy,
    StoreFailed,
    StoreOfAnotherChain,
    StoreOfAnotherProcess,
    StoreUnreadable,
    StoreVersion,
)

VERSION = 1
PATIENCE = 30.0
"""Seconds to wait for another process's transaction."""
_DAMAGED = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_CANTOPEN)


class Database:
    """One SQLite file of one kind, bound to one contract on one chain; ":memory:" keeps nothing.

    Raises `StoreUnreadable`, `StoreVersion`, `StoreOfAnotherChain` at birth, then `StoreBusy` and `StoreFailed`.
    """

    def __init__(self, path: str | Path, *, kind: str, tables: Sequence[str], domain: Domain) -> None:
        self.path = str(path)
        self._lock = threading.RLock()
        self._process = os.getpid()
        with self._typed():
            self._connection = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
        try:
            self._prepare(int.from_bytes(kind.encode(), "big"), tables, domain)
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
        """All or nothing, and nobody else writes meanwhile."""
        with self._lock:
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
        with self._lock:
            self._connection.close()

    def _run(self, statement: str, values: Sequence[Any]) -> sqlite3.Cursor:
        if os.getpid() != self._process:
            raise StoreOfAnotherProcess(self.path)
        with self._typed(), self._lock:
            return self._connection.execute(statement, values)

    def _prepare(self, kind: int, tables: Sequence[str], domain: Domain) -> None:
        with self.transaction():
            self._require_ours(kind)
            if not self._pragma("user_version"):
                self._create(kind, tables, domain)
            if self.rows("SELECT domain FROM belongs_to") != [(domain.separator,)]:
                raise StoreOfAnotherChain(self.path)
        if self._write_ahead() not in ("wal", "memory"):
            raise StoreUnreadable(self.path, "its file system can't do write-ahead logging")
        self.change("PRAGMA synchronous = FULL")
        self.change("PRAGMA fullfsync = ON")  # Where fsync leaves data in the drive's cache (macOS).

    def _require_ours(self, kind: int) -> None:
        found = self._pragma("application_id")
        if found != kind and (found or self.rows("SELECT 1 FROM sqlite_master")):
            raise StoreUnreadable(self.path, "it is another program's file, or a store of another kind")
        version = self._pragma("user_version")
        if version not in (0, VERSION):
            raise StoreVersion(self.path, version, VERSION)

    def _create(self, kind: int, tables: Sequence[str], domain: Domain) -> None:
        for table in tables:
            self.change(table)
        self.change("CREATE TABLE belongs_to (domain BLOB PRIMARY KEY) WITHOUT ROWID")
        self.change("INSERT INTO belongs_to VALUES (?)", domain.separator)
        self.change(f"PRAGMA application_id = {kind}")
        self.change(f"PRAGMA user_version = {VERSION}")

    def _write_ahead(self) -> Any:
        """The journal's mode; SQLite itself doesn't wait where several processes set it at once."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return self._pragma("journal_mode = WAL")
            except StoreBusy:
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
                raise StoreBusy(self.path, PATIENCE) from error
            leaf = StoreUnreadable if code & 0xFF in _DAMAGED else StoreFailed
            raise leaf(self.path, str(error)) from error
