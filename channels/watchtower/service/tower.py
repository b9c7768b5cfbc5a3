"""A watchtower: it guards channels for clients that are not there."""

import asyncio
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeVar

from chain.errors import EarnestError
from chain.signer import Signer
from chain.typed_data import Domain
from chain.units import NOBODY, Seconds
from channels.aio.duplexes import AsyncDuplexes
from channels.aio.lanes import AsyncLanes
from channels.channel import ChannelId
from channels.stores.watchtower import TowerStore
from channels.watchtower.job import Job, Kind
from channels.watchtower.lanes import LaneLook, plan_lanes
from channels.watchtower.policy import TowerPolicy
from channels.watchtower.quota import Quota
from channels.watchtower.service.acting import Acting
from channels.watchtower.service.health import Health
from channels.watchtower.service.intake import Intake
from channels.watchtower.service.looking import Look, Looking
from channels.watchtower.service.under_way import UnderWay
from channels.watchtower.steps import Act, Action, Step, keys_of, most_urgent_first, without
from channels.watchtower.two_way import plan_duplex

if TYPE_CHECKING:
    from chain.aio.chain import AsyncChain
    from chain.aio.outbox import AsyncOutbox
    from chain.receipt import Receipt

_LOOKS = 1_000
"""Rows in one round: each takes two requests at least."""
_NONE = Seconds(0)
_TOGETHER = 16
"""Looks at once."""
_LOOK_WITHIN = 30.0
"""Seconds for one look."""
_PART = 100
"""Rows that are planned together: what must be done for them waits for no look at the others."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Done:
    """What came of one action: `receipts` of what was included, or `why` nothing was sent for it."""

    action: Action
    receipts: "tuple[Receipt, ...]" = ()
    why: str = ""


class AsyncTower:
    """What it has accepted is on disk; everything else it asks the chain again, so it may be killed at any time.

    Its transactions pay gas from `signer`, who needs no right in any channel. `chain` should have an outbox, which
    bumps fees and outlives a crash; without one it should give a transaction up within the policy's margin. Several
    towers may guard one channel, each with a store of its own. Raises `StoreError` at birth.
    """

    def __init__(
        self,
        chain: "AsyncChain",
        signer: Signer,
        store: str | Path = "tower.db",
        *,
        policy: TowerPolicy,
        quota: Quota | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.chain, self.policy, self.quota = chain, policy, quota or Quota()
        self._time, self._signer = clock, signer
        self.store = TowerStore(store, chain.chain_id, clock=clock)
        lanes, duplexes = AsyncLanes(chain, signer), AsyncDuplexes(chain, signer)
        self._looking = Looking(chain, lanes, duplexes)
        self._acting = Acting(self.store, chain, signer, self.quota)
        domains: dict[Kind, Domain] = {"lane": lanes.domain, "duplex": duplexes.domain}
        known = {NOBODY, *chain.network.tokens.values()}
        self.intake = Intake(self.store, self._looking, domains, quota=self.quota, policy=policy, known=known)
        self.under_way: UnderWay[Done] = UnderWay(policy.margin)
        self._pushing: asyncio.Task[None] | None = None

    async def step(self) -> list[Done]:
        """One round, and what came of all that it has begun."""
        begun = await self.begin()
        if self.chain.outbox:
            await _pushed(self.chain.outbox)
        return list(await asyncio.gather(*begun))

    async def run(self, every: float = 5.0) -> None:
        """Rounds for ever; none waits for another's transactions. Whatever fails is tried again, and what is due then
        makes the tower late, as its health says.
        """
        while True:
            with suppress(Exception):  # Nothing is forgotten, and jobs are still taken: rounds must go on.
                await self.begin()
            await asyncio.sleep(every)

    async def begin(self) -> "list[asyncio.Task[Done]]":
        """One round: looks at what is due, and begins what must be done. Raises `ChainError`, `StoreError`, and begins
        whatever they leave possible.
        """
        self._push()
        return await self._in_parts(await self.chain.now(), self.start)

    def _push(self) -> None:
        """What an earlier life has sent goes on until it is final; with much on its way that takes long, and nobody's
        channel waits for it.
        """
        outbox = self.chain.outbox
        if outbox and (self._pushing is None or self._pushing.done()):
            outbox.use(self._signer)
            self._pushing = asyncio.create_task(_pushed(outbox))

    def start(self, steps: Iterable[Step]) -> "list[asyncio.Task[Done]]":
        """Begins what a plan says, and is not on its way already, or for longer than a margin."""
        now, tasks = self._time(), list[asyncio.Task[Done]]()
        self.under_way.give_up(now)
        keys = set(self.under_way.keys)
        for step in steps:
            action = without(step.action, keys) if isinstance(step, Act) else None
            if action:
                keys |= keys_of(action)
                tasks.append(self.under_way.begin(keys_of(action), self._act(action), now))
        return tasks

    async def plan(self, now: Seconds) -> list[Step]:
        """What must be done about all that is due, the chain asked; and when each is due again."""
        return most_urgent_first(await self._in_parts(now, list))

    async def _in_parts(self, now: Seconds, use: Callable[[list[Step]], list[T]]) -> list[T]:
        """Each part's plan is used as soon as its own rows have been looked at."""
        due, gate = self.store.due(now, _LOOKS), asyncio.Semaphore(_TOGETHER)

        async def part(rows: Sequence[tuple[Job, int]]) -> list[T]:
            return use(await self._planned(rows, now, gate))

        parts = [due[first : first + _PART] for first in range(0, len(due), _PART)]
        found = await asyncio.gather(*map(part, parts), return_exceptions=True)
        for failed in found:
            if isinstance(failed, BaseException):
                raise failed
        return [each for used in found if not isinstance(used, BaseException) for each in used]

    async def _planned(self, due: Sequence[tuple[Job, int]], now: Seconds, gate: asyncio.Semaphore) -> list[Step]:
        looks = await asyncio.gather(*(self._look(job, now, gate) for job, _ in due))
        paired = zip(looks, due, strict=True)
        willing = [self._without_records(look, acts) for look, (_, acts) in paired if look and acts < self.quota.acts]
        steps = plan_lanes([look for look in willing if isinstance(look, LaneLook)], now, self.policy)
        for look in willing:
            if not isinstance(look, LaneLook):
                steps += plan_duplex(look, self.policy)
        return most_urgent_first(steps)

    async def health(self) -> Health:
        """Raises `ChainError` where no node answers, which is no health either."""
        now = await self.chain.now()
        jobs, oldest = self.store.totals()
        lag = Seconds(max(now - oldest, 0)) if oldest is not None else _NONE
        behind = Seconds(max(int(self._time()) - now, 0))
        exhausted = self.store.exhausted(self.quota.acts)
        return Health(jobs=jobs, exhausted=exhausted, lag=lag, behind=behind, most=self.policy.margin)

    def touch(self, channels: Iterable[ChannelId]) -> None:
        """They are looked at in the next round: for whoever follows the contracts' events."""
        for channel_id in channels:
            self.store.touch(channel_id)

    async def close(self) -> None:
        """Stops what has not ended; the chain stays open."""
        await self.under_way.close()
        if self._pushing:
            self._pushing.cancel()
            await asyncio.gather(self._pushing, return_exceptions=True)
        self.store.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *failure: object) -> None:
        await self.close()

    async def _look(self, job: Job, now: Seconds, gate: asyncio.Semaphore) -> Look | None:
        """One channel that can't be looked at, whatever its token or condition does, must not blind the tower."""
        async with gate:
            try:
                async with asyncio.timeout(_LOOK_WITHIN):
                    look = await self._looking.look(job, now)
            except Exception as error:  # noqa: BLE001  # as said above; it is told in the status
                again = self.policy.soon(now)
                self.store.looked(job.place, seen_at=now, look_at=again, failure=f"{type(error).__name__}: {error}")
                return None
        if look.is_over:
            self.store.end(job.place)
            return None
        self.store.looked(job.place, seen_at=now, look_at=look.next_look(self.policy))
        return look

    def _without_records(self, look: Look, acts: int) -> Look:
        """Of what has cost so much that the rest is for its end, nothing more is proven."""
        return look if acts < self.quota.records else replace(look, provable={})

    async def _act(self, action: Action) -> Done:
        jobs = list[Job]()
        try:
            jobs = self._acting.jobs(action)
            done = await self._acting.perform(action, jobs)
        except Exception as error:  # noqa: BLE001  # no job may stop the others; it is told in the status
            why = f"{type(error).__name__}: {error}"
            for job in jobs:
                self.store.fail(job.place, why, again=self.policy.often)
            return Done(action, why=why)
        skipped = {one.lane_id: one.why for one in done.skipped}
        for job in jobs:
            if job.channel.id in skipped:
                self.store.fail(job.place, skipped[job.channel.id], again=self.policy.often)
            elif done.receipts:
                self.store.touch(job.channel.id)
        return Done(action, done.receipts, "; ".join(skipped.values()))


async def _pushed(outbox: "AsyncOutbox") -> None:
    with suppress(EarnestError):  # The next round tries again.
        await outbox.step()
