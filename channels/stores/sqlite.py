"""A store's file, and its law, which the database keeps whoever writes:

    newest wins                 within an epoch amounts only rise, and epochs only rise
    once                        no amount is signed twice, no key is delivered twice

Durability and one winner are `SqliteFile`'s. Amounts are 12 bytes, big end first: they order as numbers do, and
SQLite's integers stop at 2**63.
"""

from collections.abc import Sequence
from pathlib import Path

from chain.stores.sqlite import SqliteFile
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


class Database(SqliteFile):
    """One SQLite file of one kind, bound to one contract on one chain; ":memory:" keeps nothing.

    Raises `StoreUnreadable`, `StoreVersion`, `StoreOfAnotherChain` at birth, then `StoreBusy` and `StoreFailed`.
    """

    unreadable, failed, busy, of_another_process = StoreUnreadable, StoreFailed, StoreBusy, StoreOfAnotherProcess

    def __init__(self, path: str | Path, *, kind: str, tables: Sequence[str], domain: Domain) -> None:
        self._kind, self._tables, self._domain = int.from_bytes(kind.encode(), "big"), tables, domain
        super().__init__(path)

    def _claim(self) -> None:
        self._require_ours()
        if not self._pragma("user_version"):
            self._create(self._tables, kind=self._kind, version=VERSION)
            self.change("CREATE TABLE belongs_to (domain BLOB PRIMARY KEY) WITHOUT ROWID")
            self.change("INSERT INTO belongs_to VALUES (?)", self._domain.separator)
        if self.rows("SELECT domain FROM belongs_to") != [(self._domain.separator,)]:
            raise StoreOfAnotherChain(self.path)

    def _require_ours(self) -> None:
        found = self._pragma("application_id")
        if found != self._kind and (found or self.rows("SELECT 1 FROM sqlite_master")):
            raise StoreUnreadable(self.path, "it is another program's file, or a store of another kind")
        version = self._pragma("user_version")
        if version not in (0, VERSION):
            raise StoreVersion(self.path, version, VERSION)
