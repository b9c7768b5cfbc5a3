"""What a follower has read, in one SQLite file: blocks since the final one, all logs, and who has read how far.

    gap-free        a step is one transaction, and only on top of the head from which it was counted
    never twice     no log stands twice that is not undone: an index of the database
    at least once   a cursor moves after what it shows; it never goes back
    fail closed     once a final block was found replaced nothing is written or told, until a person lets it go on

The whole file can be read from the chain again, except for the cursors.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal, NamedTuple, Self

from chain.follower.effects import BecameFinal, BlockUndone, Effect, PastTaken, Taken
from chain.follower.errors import (
    CursorOfAnotherLevel,
    FinalBlockUndone,
    FollowedBusy,
    FollowedFailed,
    FollowedMoved,
    FollowedOfAnotherChain,
    FollowedOfAnotherProcess,
    FollowedUnreadable,
)
from chain.follower.following import Following
from chain.follower.header import FollowedBlock, Header
from chain.follower.log import Log
from chain.keccak import keccak
from chain.stores.sqlite import SqliteFile
from chain.units import Address, Seconds

Level = Literal["final", "latest"]
_KIND, _VERSION = int.from_bytes(b"Flwd", "big"), 2
_HALTED = "CREATE TABLE halted (number INTEGER NOT NULL, ours TEXT NOT NULL, theirs TEXT NOT NULL)"
_TABLES = [
    "CREATE TABLE belongs_to (chain_id INTEGER NOT NULL, contracts BLOB NOT NULL, genesis TEXT, began INTEGER)",
    """CREATE TABLE blocks (
        number INTEGER PRIMARY KEY, hash TEXT NOT NULL, parent TEXT NOT NULL, time INTEGER NOT NULL)""",
    """CREATE TABLE logs (
        log INTEGER PRIMARY KEY, block INTEGER NOT NULL, block_hash TEXT NOT NULL, log_index INTEGER NOT NULL,
        transaction_hash TEXT NOT NULL, address TEXT NOT NULL, topics BLOB NOT NULL, data BLOB NOT NULL,
        undone INTEGER NOT NULL DEFAULT 0)""",
    "CREATE UNIQUE INDEX once ON logs (block, log_index) WHERE NOT undone",
    "CREATE INDEX by_subject ON logs (substr(topics, 33, 32))",
    "CREATE INDEX by_other_subject ON logs (substr(topics, 65, 32))",
    """CREATE TABLE news (
        position INTEGER PRIMARY KEY, undone INTEGER NOT NULL, log INTEGER NOT NULL REFERENCES logs,
        UNIQUE (log, undone))""",
    "CREATE TABLE cursors (name TEXT PRIMARY KEY, level TEXT NOT NULL, position INTEGER NOT NULL)",
    _HALTED,
]
_HEADERS = "SELECT number, hash, parent, time FROM blocks ORDER BY number"
_SINCE = "SELECT * FROM logs WHERE NOT undone AND block > ? ORDER BY block, log_index"
_FIRST = "SELECT number, hash, parent, time FROM blocks ORDER BY number LIMIT 1"
_LAST = "SELECT number, hash, parent, time FROM blocks ORDER BY number DESC LIMIT 1"
_ADD = "INSERT INTO logs VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, 0) RETURNING log"
_UNDO = "UPDATE logs SET undone = 1 WHERE block = ? AND log_index = ? AND NOT undone RETURNING log"
_TELL = "INSERT INTO news (undone, log) VALUES (?, ?)"
_NEWS = """
    SELECT position, news.undone, logs.* FROM news JOIN logs USING (log) WHERE position > ? ORDER BY position LIMIT 1
"""
_FINAL_NEWS = """
    SELECT position, news.undone, logs.* FROM news JOIN logs USING (log)
    WHERE position > ? AND NOT logs.undone AND block <= (SELECT min(number) FROM blocks) ORDER BY position LIMIT 1
"""
_ABOUT = "SELECT * FROM logs WHERE substr(topics, 33, 32) = ? OR substr(topics, 65, 32) = ? ORDER BY log"
_MOVE = """
    INSERT INTO cursors VALUES (?, ?, ?)
    ON CONFLICT (name) DO UPDATE SET position = excluded.position WHERE excluded.position > position
"""
_STANDING = "SELECT 1 FROM logs WHERE block = ? AND log_index = ? AND block_hash = ? AND NOT undone"
_HALT = "INSERT INTO halted SELECT ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM halted)"
_TOPIC = 32


class News(NamedTuple):
    """A log, or that it is undone, at its place in the order in which they became known."""

    position: int
    undone: bool
    log: Log


class FollowedFile(SqliteFile):
    """Of one chain and one set of contracts; any number of processes may share it, one of them steps at a time.

    One of version 1 is migrated when it is opened.
    """

    unreadable, failed, busy = FollowedUnreadable, FollowedFailed, FollowedBusy
    of_another_process = FollowedOfAnotherProcess

    def __init__(self, path: str | Path, chain_id: int, contracts: Iterable[Address]) -> None:
        self._chain_id = chain_id
        self._contracts = keccak("".join(sorted(contracts)).encode())
        super().__init__(path)

    @property
    def final(self) -> Header | None:
        """The block up to which all is final; None in a new file."""
        return next(map(_header, self.rows(_FIRST)), None)

    @property
    def head(self) -> Header | None:
        """The newest block."""
        return next(map(_header, self.rows(_LAST)), None)

    def claim(self, genesis: str) -> None:
        """Binds a new file to the chain that begins with this block. Raises `FollowedOfAnotherChain`."""
        self.change("UPDATE belongs_to SET genesis = ? WHERE genesis IS NULL", genesis)
        if self.rows("SELECT genesis FROM belongs_to") != [(genesis,)]:
            raise FollowedOfAnotherChain(self.path, "chain")

    def load(self) -> Following | None:
        """How far it has got; nothing in a new file."""
        with self.transaction():
            headers = [_header(row) for row in self.rows(_HEADERS)]
            logs = [_log(row) for row in self.rows(_SINCE, headers[0].number)] if headers else []
        if not headers:
            return None
        return Following(final=headers[0], recent=tuple(_with_logs(headers[1:], logs)))

    def begin(self, final: Header) -> None:
        """In a new file: the block after which it begins to read."""
        with self.transaction():
            if not self.rows(_HEADERS):
                self._add_block(final)
                self.change("UPDATE belongs_to SET began = ?", final.number)

    def write(self, before: Following, effects: Iterable[Effect]) -> None:
        """One step, all or nothing. Raises `FinalBlockUndone`, `FollowedMoved` unless it still is where `before` is."""
        with self.transaction():
            self.require_going()
            if (self.final, self.head) != (before.final, before.head):
                raise FollowedMoved(self.path)
            for effect in effects:
                self._apply(effect)

    def next(self, position: int, level: Level) -> News | None:
        """The next one after a position, 0 for the first. Raises `FinalBlockUndone`."""
        self.require_going()
        for place, undone, *log in self.rows(_FINAL_NEWS if level == "final" else _NEWS, position):
            return News(place, bool(undone), _log(log))
        return None

    def lacks(self, block: int, block_hash: str, index: int) -> bool:
        """Whether a log is not in the branch that is followed; False for what is before the file's first block."""
        ((began,),) = self.rows("SELECT began FROM belongs_to")
        return block > (began or 0) and not self.rows(_STANDING, block, index, block_hash)

    def halt(self, undone: FinalBlockUndone) -> None:
        """Durable when it returns: nothing goes on, in any process, until `resume`."""
        self.change(_HALT, undone.number, undone.ours, undone.theirs)

    def require_going(self) -> None:
        """Raises `FinalBlockUndone`, as it was found first, until `resume`."""
        for facts in self.rows("SELECT number, ours, theirs FROM halted"):
            raise FinalBlockUndone(*facts)

    def resume(self) -> None:
        """A person has looked; idempotent."""
        self.change("DELETE FROM halted")

    def about(self, subject: bytes) -> list[Log]:
        """All logs, undone or not, whose first or second indexed argument is this, in 32 bytes."""
        return [_log(row) for row in self.rows(_ABOUT, subject, subject)]

    def position(self, cursor: str, level: Level) -> int:
        """How far it was read; 0 for a new cursor. Raises `CursorOfAnotherLevel`."""
        for found, position in self.rows("SELECT level, position FROM cursors WHERE name = ?", cursor):
            if found != level:
                raise CursorOfAnotherLevel(cursor, found, level)
            return int(position)
        return 0

    def move(self, cursor: str, level: Level, position: int) -> None:
        """Durable when it returns; never back."""
        self.change(_MOVE, cursor, level, position)

    def _apply(self, effect: Effect) -> None:
        match effect:
            case BlockUndone(block=block):
                self._undo(block)
            case Taken(block=block):
                self._add_block(block.header)
                self._add_logs(block.logs)
            case PastTaken(logs=logs):
                self._add_logs(logs)
            case BecameFinal(header=header):
                self.change("DELETE FROM blocks WHERE number < ?", header.number)
                self._add_block(header)

    def _undo(self, block: FollowedBlock) -> None:
        for log in reversed(block.logs):
            for (undone,) in self.rows(_UNDO, log.block, log.index):
                self.change(_TELL, 1, undone)
        self.change("DELETE FROM blocks WHERE number = ?", block.header.number)

    def _add_block(self, header: Header) -> None:
        row = header.number, header.hash, header.parent, header.time
        self.change("INSERT INTO blocks VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", *row)

    def _add_logs(self, logs: Iterable[Log]) -> None:
        for log in logs:
            place = log.block, log.block_hash, log.index, log.transaction, log.address
            for (added,) in self.rows(_ADD, *place, b"".join(log.topics), log.data):
                self.change(_TELL, 0, added)

    def _claim(self) -> None:
        found = self._pragma("application_id"), self._pragma("user_version")
        if found == (0, 0) and not self.rows("SELECT 1 FROM sqlite_master"):
            self._create(_TABLES, kind=_KIND, version=_VERSION)
            self.change("INSERT INTO belongs_to VALUES (?, ?, NULL, NULL)", self._chain_id, self._contracts)
        elif found == (_KIND, 1):
            self.change(_HALTED)
            self.change("ALTER TABLE belongs_to ADD COLUMN began INTEGER")
            self.change(f"PRAGMA user_version = {_VERSION}")
        elif found != (_KIND, _VERSION):
            raise FollowedUnreadable(self.path, "it is another program's file, or of another version")
        ((chain_id, contracts),) = self.rows("SELECT chain_id, contracts FROM belongs_to")
        if chain_id != self._chain_id:
            raise FollowedOfAnotherChain(self.path, "chain")
        if contracts != self._contracts:
            raise FollowedOfAnotherChain(self.path, "set of contracts")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()


def _with_logs(headers: Iterable[Header], logs: Iterable[Log]) -> Iterable[FollowedBlock]:
    of_block: dict[str, list[Log]] = {}
    for log in logs:
        of_block.setdefault(log.block_hash, []).append(log)
    return (FollowedBlock(header=header, logs=tuple(of_block.get(header.hash, ()))) for header in headers)


def _header(row: tuple[Any, ...]) -> Header:
    number, block_hash, parent, time = row
    return Header(number=number, hash=block_hash, parent=parent, time=Seconds(time))


def _log(row: Iterable[Any]) -> Log:
    _, block, block_hash, index, transaction, place, topics, data, _ = row
    cut = tuple(topics[start : start + _TOPIC] for start in range(0, len(topics), _TOPIC))
    return Log(
        address=place,
        topics=cut,
        data=data,
        transaction=transaction,
        block=block,
        block_hash=block_hash,
        index=index,
    )
