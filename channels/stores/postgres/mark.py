"""How an old backup of the database is noticed: by a count of its changes that lies elsewhere."""

import os
import tempfile
from pathlib import Path
from typing import Any

from chain.stores.file_mark import raise_to
from channels.stores.errors import StoreRolledBack

_COUNT = "UPDATE marks SET changes = changes + 1 WHERE writer = $1 RETURNING changes"
_FIND = "SELECT changes FROM marks WHERE writer = $1"
_ADD = "INSERT INTO marks VALUES ($1, 0) ON CONFLICT DO NOTHING"
_ID, _SIZE = 16, 24


class Mark:
    """A file with a writer's id and the count of its last change, which the database counts in a row of its own.

    The count is written when the change is durable, so it is never ahead of the database unless that was replaced by
    an older one. Several processes may share the file; with a file each they don't wait for each other.
    """

    def __init__(self, path: str | Path, store: str) -> None:
        self._path, self._store = Path(path), store
        self._file = -1
        self._writer, self._last = "", 0

    async def check(self, connection: Any, *, restored: bool) -> None:
        """Raises `StoreRolledBack`, unless it was `restored`: then the count begins anew."""
        self._open(anew=restored)
        if not self._last:
            await connection.execute(_ADD, self._writer)
        found = await connection.fetchval(_FIND, self._writer)
        if found is None or found < self._last:
            raise StoreRolledBack(self._store, found or 0, self._last)

    async def count(self, transaction: Any) -> int:
        """The number of this transaction, the last thing that it does. Raises `StoreRolledBack`."""
        for (changes,) in await transaction.rows(_COUNT, self._writer):
            if changes > self._last:
                return int(changes)
            raise StoreRolledBack(self._store, changes, self._last)
        raise StoreRolledBack(self._store, 0, self._last)

    def note(self, changes: int) -> None:
        """The change of this number is durable."""
        self._last = max(self._last, changes)
        raise_to(self._file, changes, _ID)

    def close(self) -> None:
        """Leaves the file as it is."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _open(self, *, anew: bool) -> None:
        self.close()
        if anew or not self._path.exists():
            self._create(anew=anew)
        self._file = os.open(self._path, os.O_RDWR)
        content = os.pread(self._file, _SIZE, 0)
        self._writer, self._last = content[:_ID].hex(), int.from_bytes(content[_ID:], "big")

    def _create(self, *, anew: bool) -> None:
        """Whole or not at all; of several at once one wins."""
        made, name = tempfile.mkstemp(dir=self._path.parent, prefix=self._path.name)
        try:
            os.write(made, os.urandom(_ID) + bytes(_SIZE - _ID))
            os.fsync(made)
            if anew:
                Path(name).replace(self._path)
            else:
                os.link(name, self._path)
        except FileExistsError:
            return
        finally:
            os.close(made)
            Path(name).unlink(missing_ok=True)
