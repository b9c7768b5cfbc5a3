"""The one file that workers share: who works, what was read of the chain, and what is still to be delivered."""

from pathlib import Path

from chain.stores.sqlite import SqliteFile
from channels.stores.errors import (
    StoreBusy,
    StoreFailed,
    StoreOfAnotherChain,
    StoreOfAnotherProcess,
    StoreUnreadable,
    StoreVersion,
)

VERSION = 2
_KIND = int.from_bytes(b"Wrkr", "big")
_TOLD = """
    CREATE TABLE told (
        block_hash TEXT NOT NULL, log_index INTEGER NOT NULL, block INTEGER NOT NULL, body TEXT NOT NULL,
        reading INTEGER NOT NULL, PRIMARY KEY (block_hash, log_index)
    )
"""
_TABLES = (
    "CREATE TABLE belongs_to (chain_id TEXT NOT NULL)",
    "CREATE TABLE lease (holder TEXT NOT NULL, until REAL NOT NULL, fence INTEGER NOT NULL)",
    """
    CREATE TABLE cursor (
        latest INTEGER NOT NULL, final INTEGER NOT NULL, mark TEXT NOT NULL, reading INTEGER NOT NULL
    )
    """,
    "CREATE TABLE subjects (subject TEXT PRIMARY KEY)",
    # AUTOINCREMENT: a position is never given twice, so that order survives the removal of what was delivered.
    """
    CREATE TABLE messages (
        position INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE, subject TEXT NOT NULL, body TEXT NOT NULL, made_at REAL NOT NULL
    )
    """,
    """
    CREATE TABLE deliveries (
        endpoint TEXT NOT NULL, subject TEXT NOT NULL, position INTEGER NOT NULL REFERENCES messages,
        attempts INTEGER NOT NULL, failing_since REAL, next_at REAL NOT NULL,
        PRIMARY KEY (endpoint, subject, position)
    )
    """,
    "CREATE INDEX deliveries_of_a_message ON deliveries (position)",
    "CREATE TABLE disabled (endpoint TEXT PRIMARY KEY, at REAL NOT NULL, why TEXT NOT NULL)",
    _TOLD,
)
_FROM_VERSION_1 = ("ALTER TABLE cursor ADD COLUMN reading INTEGER NOT NULL DEFAULT 0", _TOLD)


class WorkerFile(SqliteFile):
    """Of one chain; seconds in it are Unix seconds. One of version 1 is migrated when it is opened.

    Raises `StoreUnreadable`, `StoreVersion`, `StoreOfAnotherChain` at birth, then `StoreBusy` and `StoreFailed`.
    """

    unreadable, failed, busy, of_another_process = StoreUnreadable, StoreFailed, StoreBusy, StoreOfAnotherProcess

    def __init__(self, path: str | Path, chain_id: int) -> None:
        self._chain_id = str(chain_id)
        super().__init__(path)

    def _claim(self) -> None:
        found = self._pragma("application_id")
        if found != _KIND and (found or self.rows("SELECT 1 FROM sqlite_master")):
            raise StoreUnreadable(self.path, "it is another program's file, or a store of another kind")
        if not found:
            self._create(_TABLES, kind=_KIND, version=VERSION)
            self.change("INSERT INTO belongs_to VALUES (?)", self._chain_id)
            self.change("INSERT INTO lease VALUES ('', 0, 0)")
            self.change("INSERT INTO cursor VALUES (0, 0, '', 0)")
        self._migrate(self._pragma("user_version"))
        if self.rows("SELECT chain_id FROM belongs_to") != [(self._chain_id,)]:
            raise StoreOfAnotherChain(self.path)

    def _migrate(self, version: int) -> None:
        """All of it or nothing."""
        if version not in (1, VERSION):
            raise StoreVersion(self.path, version, VERSION)
        if version == 1:
            for statement in _FROM_VERSION_1:
                self.change(statement)
            self.change(f"PRAGMA user_version = {VERSION}")
