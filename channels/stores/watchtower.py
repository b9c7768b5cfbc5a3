"""What a tower keeps: one row for a client and an epoch of a channel, the newest job that it has sent.

durable before the answer   a job is in the file before its client is told so
newest wins                 a row's rank only rises; of one version the first state stays, another is kept beside it
bounded                     rows are only added within the quota, and end only by the final chain's word
fair                        of what is due, that is looked at first which was not looked at for longest
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from chain.errors import EarnestError
from chain.stores.sqlite import SqliteFile
from chain.units import Address, Hash32, Seconds
from channels.channel import ChannelId
from channels.shown import Shown
from channels.stores.columns import amount, blob
from channels.stores.errors import (
    StoreBusy,
    StoreFailed,
    StoreOfAnotherChain,
    StoreOfAnotherProcess,
    StoreUnreadable,
    StoreVersion,
)
from channels.stores.watchtower_schema import APPLICATION, TABLES, VERSION
from channels.watchtower.errors import Contradiction, OverQuota
from channels.watchtower.job import Job, Kind
from channels.watchtower.policy import TowerPolicy
from channels.watchtower.quota import Quota
from channels.watchtower.reading import read_job, write_job

Place = tuple[ChannelId, Address, int]
_AT = "channel_id = ? AND client = ? AND epoch = ?"
_LAST = "(SELECT COALESCE(MAX(turn), 0) + 1 FROM jobs)"
_ADD = f"INSERT INTO jobs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, 0, 0, ?, {_LAST}, 0, '')"  # noqa: S608
_SINCE = "since = CASE WHEN look_at = 0 THEN since ELSE MIN(look_at, ?) END"
_REPLACE = f"""
    UPDATE jobs SET worth = ?, rank = ?, said = ?, content = ?, body = ?, {_SINCE},
        look_at = CASE WHEN look_at > ? THEN 0 ELSE look_at END
    WHERE {_AT} AND rank < ?
"""  # noqa: S608
_BESIDE = f"UPDATE jobs SET other = ? WHERE {_AT} AND other IS NULL"  # noqa: S608
_TOUCH = f"UPDATE jobs SET {_SINCE}, look_at = 0 WHERE channel_id = ?"  # noqa: S608
_LOOKED = f"UPDATE jobs SET seen_at = ?, look_at = ?, failure = ?, turn = {_LAST} WHERE {_AT}"  # noqa: S608
_FAILED = f"UPDATE jobs SET failure = ?, look_at = MIN(look_at, seen_at + ?) WHERE {_AT}"  # noqa: S608
_DUE = """
    WITH due AS (
        SELECT channel_id, client, epoch, turn FROM jobs INDEXED BY by_turn WHERE look_at <= ? ORDER BY turn LIMIT ?
    )
    SELECT body, acts FROM due CROSS JOIN jobs USING (channel_id, client, epoch) ORDER BY due.turn
"""
"""Two steps: the queue is read in its index alone, a job only when its turn has come."""
_COUNT = f"UPDATE jobs SET acts = acts + 1 WHERE {_AT} AND acts < ?"  # noqa: S608
_UNCOUNT = f"UPDATE jobs SET acts = acts - 1 WHERE {_AT}"  # noqa: S608
_NEVER = 2**62
_SUMS = "SELECT kind, token, worth FROM jobs"
_SHOWN = "SELECT channel_id, client, epoch, kind, content, acts, seen_at, failure, other IS NOT NULL FROM jobs"


@dataclass(frozen=True, kw_only=True, slots=True)
class Guarded(Shown):
    """One row as it may be shown: never the message itself."""

    channel_id: ChannelId
    client: Address
    epoch: int
    kind: Kind
    content: Hash32
    acts: int
    seen_at: Seconds
    failure: str
    contradicted: bool


class TowerStore(SqliteFile):
    """Raises `StoreUnreadable`, `StoreVersion`, `StoreOfAnotherChain` at birth, then `StoreBusy` and `StoreFailed`.

    Any number of processes may share the file; a tower elsewhere has one of its own.
    """

    unreadable, failed, busy, of_another_process = StoreUnreadable, StoreFailed, StoreBusy, StoreOfAnotherProcess

    def __init__(
        self, path: str | Path, chain_id: int | None = None, *, clock: Callable[[], float] = time.time
    ) -> None:
        """None opens what is there already, of whichever chain."""
        self._chain_id, self._clock = chain_id, clock
        super().__init__(path)

    def knows(self, place: Place) -> bool:
        """Whether this epoch is guarded for this client."""
        return bool(self.rows(f"SELECT 1 FROM jobs WHERE {_AT}", *place))  # noqa: S608

    def keep(self, jobs: Sequence[Job], quota: Quota, policy: TowerPolicy) -> list[bool | EarnestError]:
        """Durable on return, all with one write: whether each is newer than what was kept, or why it is not kept.

        Raises nothing but `StoreError`; an answer may be `Contradiction` or `OverQuota`.
        """
        with self.transaction():
            return [self._kept(job, quota, policy) for job in jobs]

    def jobs(self, channel_id: ChannelId) -> list[Job]:
        """All that is held of one channel."""
        found = self.rows("SELECT body FROM jobs WHERE channel_id = ?", channel_id)
        return [read_job(body) for (body,) in found]

    def due(self, now: Seconds, limit: int) -> list[tuple[Job, int]]:
        """What has to be looked at by now, with the transactions that it has cost: the longest not looked at first."""
        return [(read_job(body), acts) for body, acts in self.rows(_DUE, now, limit)]

    def looked(self, place: Place, *, seen_at: Seconds, look_at: Seconds, failure: str = "") -> None:
        """What the last look has come to, and when the next one is."""
        self.change(_LOOKED, seen_at, look_at, failure, *place)

    def fail(self, place: Place, why: str, *, again: Seconds) -> None:
        """What was tried for it, and failed; it is looked at `again` so many seconds after the last look, or before."""
        self.change(_FAILED, why, again, *place)

    def touch(self, channel_id: ChannelId) -> None:
        """It is due: something has happened to it on chain."""
        self.change(_TOUCH, self._now(), channel_id)

    def count(self, places: Iterable[Place], most: int) -> None:
        """One transaction more for each, durable; none where one of them has had `most` already (`OverQuota`)."""
        with self.transaction():
            for place in places:
                if not self.change(_COUNT, *place, most):
                    raise OverQuota("transactions for an epoch", most)

    def acts(self, place: Place) -> int:
        """Transactions that it has cost."""
        return sum(acts for (acts,) in self.rows(f"SELECT acts FROM jobs WHERE {_AT}", *place))  # noqa: S608

    def uncount(self, places: Iterable[Place]) -> None:
        """What was counted last for each was never signed."""
        with self.transaction():
            for place in places:
                self.change(_UNCOUNT, *place)

    def end(self, place: Place) -> None:
        """The final chain has nothing left to guard."""
        self.change(f"DELETE FROM jobs WHERE {_AT}", *place)  # noqa: S608

    def shown(self, channel_id: ChannelId | None = None) -> list[Guarded]:
        """Of one channel, or of all."""
        where = "" if channel_id is None else " WHERE channel_id = ?"
        found = self.rows(_SHOWN + where, *([] if channel_id is None else [channel_id]))
        return [
            Guarded(
                channel_id=channel,
                client=client,
                epoch=epoch,
                kind=kind,
                content=Hash32(content),
                acts=acts,
                seen_at=Seconds(seen_at),
                failure=failure,
                contradicted=bool(contradicted),
            )
            for channel, client, epoch, kind, content, acts, seen_at, failure, contradicted in found
        ]

    def worth(self) -> dict[Address, int]:
        """What the guarded messages are worth to their clients at least, by token, in base units."""
        sums = dict[Address, int]()
        for _, token, worth in self.rows(_SUMS):
            sums[token] = sums.get(token, 0) + amount(worth)
        return sums

    def totals(self) -> tuple[int, Seconds | None]:
        """How many rows, and when the one that waits for the longest should have been looked at: what is new or touched
        since then.
        """
        ((rows, oldest),) = self.rows("SELECT COUNT(*), MIN(CASE look_at WHEN 0 THEN since ELSE look_at END) FROM jobs")
        return rows, oldest

    def exhausted(self, acts: int) -> int:
        """Rows for which so many transactions have been sent: nothing more is done for them."""
        ((rows,),) = self.rows("SELECT COUNT(*) FROM jobs WHERE acts >= ?", acts)
        return int(rows)

    def _kept(self, job: Job, quota: Quota, policy: TowerPolicy) -> bool | EarnestError:
        found = self.rows(f"SELECT rank, said, acts FROM jobs WHERE {_AT}", *job.place)  # noqa: S608
        if not found:
            return self._added(job, quota)
        ((rank, said, acts),) = found
        if job.kind == "duplex" and rank[:12] == job.rank[:12] and said != job.said.struct_hash():
            self.change(_BESIDE, write_job(job), *job.place)
            return Contradiction(job.number)
        if job.rank <= rank:
            return False
        try:
            quota.require_acts(acts, proofs=bool(job.proofs))
        except EarnestError as why:
            return why
        look_by = min(policy.begins(job.provable), default=_NEVER)
        return self.change(_REPLACE, *_values(job), self._now(), look_by, *job.place, job.rank) == 1

    def _added(self, job: Job, quota: Quota) -> bool | EarnestError:
        ((rows, of_client),) = self.rows("SELECT COUNT(*), COALESCE(SUM(client = ?), 0) FROM jobs", job.client)
        try:
            quota.require_room(rows, of_client)
        except EarnestError as why:
            return why
        self.change(_ADD, *job.place, job.kind, job.channel.token, *_values(job), self._now())
        return True

    def _now(self) -> int:
        return int(self._clock())

    def _claim(self) -> None:
        found, version = self._pragma("application_id"), self._pragma("user_version")
        if found != APPLICATION and (found or self.rows("SELECT 1 FROM sqlite_master")):
            raise StoreUnreadable(self.path, "it is another program's file, or a store of another kind")
        if version not in (0, VERSION):
            raise StoreVersion(self.path, version, VERSION)
        if self._chain_id is None:
            self._require_made(version)
            return
        if not version:
            self._create(TABLES, kind=APPLICATION, version=VERSION)
            self.change("INSERT INTO belongs_to VALUES (?)", self._chain_id)
        if self.rows("SELECT chain_id FROM belongs_to") != [(self._chain_id,)]:
            raise StoreOfAnotherChain(self.path)

    def _require_made(self, version: int) -> None:
        if not version:
            raise StoreUnreadable(self.path, "no tower has written it")


def _values(job: Job) -> tuple[bytes, ...]:
    return blob(job.owed), job.rank, job.said.struct_hash(), job.guard.content, write_job(job)
