"""A tower, as its clients see it."""

import asyncio
import time
from collections.abc import Callable
from typing import Protocol, Self
from urllib.parse import urlsplit

import msgspec

from channels.edge import LaneRef, id_of
from channels.watchtower.errors import TowerRefused, TowerUnreachable
from channels.watchtower.job import Job
from channels.watchtower.reading import write_job
from channels.watchtower.transport.aio import AsyncPost
from channels.watchtower.transport.unanswered import Unanswered


class _Refusal(msgspec.Struct):
    error: str
    why: str


class _Kept(msgspec.Struct):
    newer: bool


_ANSWERED = {200, 201}
_BUSY = {429, 503}
_AT_ONCE = 64
"""Jobs that may be made at once; a channel always has the same turn, and what is kept does not grow with channels."""


class AsyncGuarded(Protocol):
    """A payee, or a party of two-way channels."""

    async def job(self, channel: LaneRef, at: int) -> Job | None:
        """What a tower must know of it by now, signed at this millisecond; None where there is nothing to guard."""


class _Turn:
    """Its holder makes a job: the next one has a later time, and is read after this one was."""

    def __init__(self) -> None:
        self.lock, self.last = asyncio.Lock(), 0


class AsyncTowerClient:
    """Hands the newest messages over. To guard a channel once more, or late, is harmless; several towers are better.

    `clock` orders the jobs of one client, in seconds; it must not go back from one run to the next.
    """

    def __init__(self, url: str, *, answer_within: float = 10.0, clock: Callable[[], float] = time.time) -> None:
        self._url, self._host = url.rstrip("/") + "/jobs", urlsplit(url).hostname or ""
        self._post, self._clock = AsyncPost(answer_within), clock
        self._turns = [_Turn() for _ in range(_AT_ONCE)]

    async def guard(self, party: AsyncGuarded, channel: LaneRef) -> bool:
        """Whether the tower has now something newer than before, durably: after each batch that was accepted.

        Of several at once for one channel the one that the tower keeps knows no less than any other.
        Raises `TowerRefused`, `TowerUnreachable`.
        """
        turn = self._turns[hash(id_of(channel)) % _AT_ONCE]
        async with turn.lock:
            turn.last = max(int(self._clock() * 1_000), turn.last + 1)
            job = await party.job(channel, turn.last)
        return job is not None and await self.send(job)

    async def send(self, job: Job) -> bool:
        """As `guard`, of a job that is signed already."""
        try:
            status, body = await self._post.post(self._url, write_job(job))
        except Unanswered as error:
            raise TowerUnreachable(self._host, str(error)) from None
        try:
            if status in _ANSWERED:
                return msgspec.json.decode(body, type=_Kept).newer
            refusal = msgspec.json.decode(body, type=_Refusal)
        except msgspec.MsgspecError:
            raise TowerUnreachable(self._host, f"HTTP {status}, which is no tower's answer") from None
        if status in _BUSY:
            raise TowerUnreachable(self._host, f"{refusal.error}: {refusal.why}")
        raise TowerRefused(self._host, refusal.error, refusal.why)

    async def close(self) -> None:
        """Ends the connections."""
        await self._post.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *failure: object) -> None:
        await self.close()
