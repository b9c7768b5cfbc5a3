"""A tower in a test's own loop, over a chain that is served: step by step, or killed and started again."""

import asyncio
from collections.abc import Awaitable
from pathlib import Path
from typing import Any, TypeVar

from chain import AsyncChain, LocalChain, Signer
from chain.units import Seconds
from channels.watchtower import Job, Quota, TowerPolicy, write_job
from channels.watchtower.service.tower import AsyncTower, Done
from channels.watchtower.steps import Step

T = TypeVar("T")
_ROUNDS = 200
POLICY = TowerPolicy(margin=Seconds(600), refresh=Seconds(900))


class Wire:
    """A chain that counts what is read of contracts."""

    def __init__(self, chain: AsyncChain) -> None:
        self._chain, self.asked = chain, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._chain, name)

    async def call(self, *args: Any, **named: Any) -> Any:
        self.asked += 1
        return await self._chain.call(*args, **named)


class Host:
    """One machine: a tower and its disk."""

    def __init__(self, chain: LocalChain, url: str, store: Path, **changes: Any) -> None:
        self._chain, self._url, self._store, self._changes = chain, url, store, changes
        self.signer = Signer.generate()
        chain.fund(self.signer.address, native="10", usdc="0")
        self.loop = asyncio.new_event_loop()
        self.tower, self.wire = self.wait(self._started())

    def wait(self, work: Awaitable[T]) -> T:
        return self.loop.run_until_complete(work)

    def take(self, job: Job) -> bool:
        """As it comes in over HTTP: whether it is newer."""
        return self.wait(self.tower.intake.admit(write_job(job)))[1]

    def step(self) -> list[Done]:
        return self.wait(self.tower.step())

    async def carry_out(self, steps: list[Step]) -> list[Done]:
        """What was planned a while ago."""
        return [await task for task in self.tower.start(steps)]

    def live(self, until: int) -> list[Done]:
        """Rounds whenever one is due, up to this second of the chain; after everything that it does the tower dies."""
        found = list[Done]()
        for _ in range(_ROUNDS):
            now, done = self._chain.now(), self.step()
            found += done
            if done:
                self.restart()
            else:
                if now >= until:
                    return found
                due = self.tower.store.totals()[1] or until
                self._chain.travel(to=Seconds(min(max(due, now + 1), until)))
        raise AssertionError(f"it never comes to an end: {found}")

    def restart(self) -> None:
        """What was not on disk is gone."""
        self.wait(self._stopped())
        self.tower, self.wire = self.wait(self._started())

    def end(self) -> None:
        self.wait(self._stopped())
        self.loop.close()

    async def _started(self) -> tuple[AsyncTower, Wire]:
        settings: dict[str, Any] = {"policy": POLICY, "quota": Quota()} | self._changes
        outbox, patience = settings.pop("outbox", None), settings.pop("patience", 5)
        network = settings.pop("network", "local")
        wire: Any = Wire(await AsyncChain.connect(network, [self._url], outbox=outbox, patience=patience))
        return AsyncTower(wire, self.signer, self._store, **settings), wire

    async def _stopped(self) -> None:
        await self.tower.close()
        await self.wire.close()


def actions(done: list[Done]) -> list[str]:
    return [type(one.action).__name__ for one in done]
