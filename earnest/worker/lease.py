"""Who works: at most one worker writes, and if it falls silent another takes over."""

from dataclasses import dataclass

from earnest.worker.errors import WorkerLeaseLost
from earnest.worker.file import WorkerFile

_BINDS = "until > ?1 AND until <= ?1 + 10 * ?2"
_TAKE = f"""
    UPDATE lease SET holder = ?3, until = ?1 + ?2, fence = fence + 1
    WHERE NOT ({_BINDS})
    RETURNING fence, until
"""  # noqa: S608  # no value comes from outside
_CURRENT = f"SELECT holder, until, fence FROM lease WHERE {_BINDS}"  # noqa: S608
_RENEW = "UPDATE lease SET until = ? WHERE fence = ? AND holder = ? AND until > ?"
_RELEASE = "UPDATE lease SET until = 0 WHERE fence = ? AND holder = ?"


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """A turn at work until the Unix second `until`; `fence` is higher in each turn than in all before."""

    holder: str
    fence: int
    until: float


class Lease:
    """One row, changed by compare-and-set. The clock only decides who works; the fence, who may write.

    `holder` is another name in every process. A clock that jumps may let two work at once, never let both write. A turn
    that ends later than ten would last was taken by a clock that was wrong, and binds nobody.
    """

    def __init__(self, file: WorkerFile, holder: str, length: float) -> None:
        self.length = length
        self._file, self._holder = file, holder

    def take(self, now: float) -> Held | None:
        """Begins a turn, unless another's is running."""
        with self._file.transaction():
            taken = self._file.rows(_TAKE, now, self.length, self._holder)
        return next((Held(holder=self._holder, fence=fence, until=until) for fence, until in taken), None)

    def renew(self, held: Held, now: float) -> Held:
        """The same turn, longer. Raises `WorkerLeaseLost` from the second `until` on, even if nobody has taken it."""
        until = now + self.length
        if not self._file.change(_RENEW, until, held.fence, held.holder, now):
            raise WorkerLeaseLost(held.holder, held.fence)
        return Held(holder=held.holder, fence=held.fence, until=until)

    def release(self, held: Held) -> None:
        """Ends the turn, so that another need not wait."""
        self._file.change(_RELEASE, held.fence, held.holder)

    def current(self, now: float) -> Held | None:
        """Whose turn it is, if anybody's."""
        found = self._file.rows(_CURRENT, now, self.length)
        return next((Held(holder=holder, fence=fence, until=until) for holder, until, fence in found), None)


def require_held(file: WorkerFile, held: Held) -> None:
    """Within a transaction: whoever has lost its turn writes nothing. Raises `WorkerLeaseLost`."""
    if file.rows("SELECT fence FROM lease") != [(held.fence,)]:
        raise WorkerLeaseLost(held.holder, held.fence)
