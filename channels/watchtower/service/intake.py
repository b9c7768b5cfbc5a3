"""How a job comes in: what costs nothing to refuse first, the signatures next, the chain and the disk last."""

import asyncio
import time
from collections.abc import Callable, Container, Sequence

from chain.errors import EarnestError
from chain.typed_data import Domain
from chain.units import Address
from channels.errors import WrongEpoch
from channels.intake.batching import AsyncBatcher
from channels.stores.watchtower import TowerStore
from channels.watchtower.job import Job, Kind
from channels.watchtower.policy import TowerPolicy
from channels.watchtower.quota import Quota
from channels.watchtower.rates import Rates
from channels.watchtower.reading import read_job
from channels.watchtower.service.looking import Looking


class Intake:
    """Nobody is counted, looked up or written before the keys of a channel and its client have signed."""

    def __init__(
        self,
        store: TowerStore,
        looking: Looking,
        domains: dict[Kind, Domain],
        *,
        quota: Quota,
        policy: TowerPolicy,
        known: Container[Address],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Tokens that are `known` need not be named in the quota."""
        self._store, self._looking, self._domains = store, looking, domains
        self._quota, self._policy, self._known, self._clock = quota, policy, known, clock
        self._rates = Rates("jobs", each=quota.rate, burst=quota.burst)
        self._looks = Rates("looks at unknown channels", each=quota.looks, burst=quota.looks)
        self._keeping: AsyncBatcher[Job, bool] = AsyncBatcher(self._keep)

    async def admit(self, body: bytes) -> tuple[Job, bool]:
        """The job, durable, and whether it is newer than what was held; one that is not is harmless.

        Raises `InvalidValue`, `InvalidMessage`, `IllegalAction`, `Refused`, `ChainError`, `StoreError`.
        """
        job = read_job(body)
        self._quota.require_client(job.client)
        self._quota.require_token(job.channel.token, self._known)
        self._policy.require_window(job.channel.window)
        job.verified(self._domains[job.kind])
        now = self._clock()
        self._rates.take(job.client.encode(), now)
        if not self._store.knows(job.place):
            self._looks.take(b"", now)
            await self._require_open(job)
        return job, await self._keeping.run(job)

    async def _require_open(self, job: Job) -> None:
        """In the final block: what a reorg can undo is nothing that anybody should count on yet."""
        epoch, deposit = await self._looking.deposit(job)
        if epoch != job.epoch:
            raise WrongEpoch(job.epoch, epoch)
        self._quota.require_deposit(job.channel.token, deposit)

    async def _keep(self, jobs: Sequence[Job]) -> list[bool | EarnestError]:
        """One write to disk, beside the event loop."""
        return await asyncio.to_thread(self._store.keep, jobs, self._quota, self._policy)
