"""A store in one SQLite file: the embedded default; ":memory:" keeps nothing.

Durability and one winner are `SqliteFile`'s. Beside the file lies its mark: the number of its last change. The mark is
written after the change is durable and so is never ahead of the file, unless the file was replaced by an older one.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from chain.stores.file_mark import FileMark
from chain.stores.sqlite import SqliteFile
from chain.typed_data import Domain
from channels.stores.database import Transaction
from channels.stores.errors import (
    StoreBusy,
    StoreFailed,
    StoreOfAnotherChain,
    StoreOfAnotherProcess,
    StoreRolledBack,
    StoreUnreadable,
    StoreVersion,
)
from channels.stores.migrations import statements
from channels.stores.recount import recount
from channels.stores.schema import COMMON, RESTORED, TABLES, VERSION, Kind

T = TypeVar("T")
_KINDS: dict[Kind, bytes] = {"till": b"Till", "wallet": b"Wllt", "duplex": b"Dplx"}
_CHANGES = "SELECT changes FROM marks WHERE writer = ''"
_COUNT = "UPDATE marks SET changes = changes + 1 WHERE writer = '' RETURNING changes"
MEMORY = ":memory:"


class SqliteDatabase(SqliteFile):
    """One file of one kind, bound to one contract on one chain.

    Raises `StoreUnreadable`, `StoreVersion`, `StoreOfAnotherChain`, `StoreRolledBack` at birth (not where it is opened
    as `restored`), then `StoreBusy` and `StoreFailed`.
    """

    unreadable, failed, busy, of_another_process = StoreUnreadable, StoreFailed, StoreBusy, StoreOfAnotherProcess
    locking = ""

    def __init__(self, path: str | Path, kind: Kind, domain: Domain, *, restored: bool = False) -> None:
        self._kind, self._domain, self._restored = kind, domain, restored
        self._application = int.from_bytes(_KINDS[kind], "big")
        self._mark: FileMark | None = None
        super().__init__(path)
        if self.path != MEMORY:
            self._mark = self._open_mark()
            self._mark.note(self.rows(_CHANGES)[0][0], anew=restored)

    def run(self, step: Callable[[Transaction], T], calls: int = 1) -> T:  # one thread is all there is
        """What `step` answers, once all that it did is durable; if it raises, nothing of it comes to be."""
        with self.lock:
            with self.transaction():
                answer = step(self)
                changes = self.rows(_COUNT)[0][0]
            self._note(changes)
            return answer

    def close(self) -> None:
        """Ends the connection."""
        with self.lock:
            super().close()
            if self._mark:
                self._mark.close()

    @property
    def _mark_path(self) -> str:
        return self.path + "-mark"

    def _open_mark(self) -> FileMark:
        try:
            return FileMark(self._mark_path)
        except OSError as error:
            super().close()
            raise StoreFailed(self._mark_path, str(error)) from error

    def _note(self, changes: int) -> None:
        if self._mark:
            self._mark.note(changes)

    def _claim(self) -> None:
        self._require_ours()
        version = self._pragma("user_version")
        if not version:
            self._create(_without_rowid([*COMMON, *TABLES[self._kind]]), kind=self._application, version=VERSION)
            self._own()
        elif version < VERSION:
            self._migrate(version)
        if self.rows("SELECT domain FROM belongs_to") != [(self._domain.separator,)]:
            raise StoreOfAnotherChain(self.path)
        if self.path != MEMORY:
            self._require_mark()

    def _require_ours(self) -> None:
        found = self._pragma("application_id")
        if found != self._application and (found or self.rows("SELECT 1 FROM sqlite_master")):
            raise StoreUnreadable(self.path, "it is another program's file, or a store of another kind")
        version = self._pragma("user_version")
        if not 0 <= version <= VERSION:
            raise StoreVersion(self.path, version, VERSION)

    def _own(self) -> None:
        self.change("INSERT INTO belongs_to VALUES ($1, $2, $3)", self._kind, self._domain.separator, VERSION)
        self.change("INSERT INTO marks VALUES ('', 0)")

    def _migrate(self, version: int) -> None:
        """A version at a time; all of it or nothing."""
        (separator,) = self.rows("SELECT domain FROM belongs_to")[0]
        if separator != self._domain.separator:
            raise StoreOfAnotherChain(self.path)
        for passed in range(version, VERSION):
            for statement in _without_rowid(statements(self._kind, passed)):
                self.change(statement)
            if passed == 1:
                self._leave_version_1()
        self.change("UPDATE belongs_to SET version = $1", VERSION)
        self.change(f"PRAGMA user_version = {VERSION}")

    def _leave_version_1(self) -> None:
        """It had one table that said whose it is, and no sums."""
        self.change("DROP TABLE belongs_to")
        for statement in _without_rowid(COMMON):
            self.change(statement)
        if self._kind == "till":
            recount(self)
        self._own()

    def _require_mark(self) -> None:
        """A file that is new, or has just come from version 1, counts from 0: beside it no change may be marked."""
        found, expected = self.rows(_CHANGES)[0][0], FileMark.read(self._mark_path)
        if self._restored:
            for statement in RESTORED[self._kind]:
                self.change(statement)
        elif (found > 0) if expected is None else (found < expected):
            raise StoreRolledBack(self.path, found, expected)

    def _run(self, statement: str, values: Sequence[Any]) -> Any:
        return super()._run(statement.replace("$", "?"), values)


def _without_rowid(statements: Sequence[str]) -> list[str]:
    """A table that is its own index is found with one search, not two."""
    return [f"{text.rstrip()} WITHOUT ROWID" if "CREATE TABLE" in text else text for text in statements]
