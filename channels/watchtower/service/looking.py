"""What a tower asks the chain about one job."""

import asyncio
from collections.abc import Awaitable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chain.errors import IllegalAction, InvalidMessage, InvalidValue, Reverted
from chain.money import Money
from chain.units import Amount, Hash32, Seconds
from channels.aio.base import AsyncChannelsClient
from channels.aio.duplexes import AsyncDuplexes
from channels.aio.lanes import AsyncLanes
from channels.duplex.fight import Fight
from channels.duplex.reserve import DuplexReserve
from channels.duplex.signed_state import SignedState
from channels.reserve import Reserve
from channels.voucher import SignedVoucher
from channels.watchtower.job import Job
from channels.watchtower.lanes import LaneLook
from channels.watchtower.two_way import DuplexLook, owed_to

if TYPE_CHECKING:
    from chain.aio.chain import AsyncChain

Look = LaneLook | DuplexLook
_REFUSALS = (IllegalAction, InvalidMessage, InvalidValue, Reverted)
_CONDITION_WITHIN = 5.0
"""Seconds for what one condition answers: less than a look has for all."""


@dataclass(slots=True)
class _Promises:
    """What is recorded of each, and what a proof would have released now; `is_partial` where one did not answer."""

    recorded: dict[Hash32, Amount] = field(default_factory=dict)
    provable: dict[Hash32, Amount] = field(default_factory=dict)
    is_partial: bool = False


class Looking:
    """By the latest block, so that nothing is noticed late; what ends a job is asked of the final one, too."""

    def __init__(self, chain: "AsyncChain", lanes: AsyncLanes, duplexes: AsyncDuplexes) -> None:
        self._chain, self._lanes, self._duplexes = chain, lanes, duplexes

    async def look(self, job: Job, now: Seconds) -> Look:
        """Raises `ChainError`, and `EarnestError` where a hostile token answers nonsense. Of a promise whose condition
        does anything but answer, nothing is released now; the claim and the answer need none of it.
        """
        if isinstance(job.message, SignedVoucher):
            return await self._lane(job, job.message, now)
        return await self._duplex(job, job.message, now)

    async def deposit(self, job: Job) -> tuple[int, int]:
        """The final block's epoch of the channel, and the deposits in it, in base units."""
        if job.kind == "lane":
            lane = await self._lanes.lane(job.channel.id)
            return lane.epoch, lane.deposit
        duplex = await self._duplexes.duplex(job.channel.id)
        return duplex.epoch, duplex.total

    async def _lane(self, job: Job, voucher: SignedVoucher, now: Seconds) -> LaneLook:
        lane = await self._lanes.lane(job.channel.id, as_of="latest")
        promises = await self._promises(self._lanes, job, voucher.promises, now)
        is_ending = lane.epoch != job.epoch or lane.closes_at
        return LaneLook(
            voucher=voucher,
            now=now,
            lane=lane,
            reserve=await self._lanes.kept(job.channel.id, job.epoch, "latest") if is_ending else Reserve(),
            recorded=promises.recorded,
            provable=promises.provable,
            is_partial=promises.is_partial,
            ended=await self._has_ended(job, lane.epoch),
        )

    async def _duplex(self, job: Job, state: SignedState, now: Seconds) -> DuplexLook:
        duplex = await self._duplexes.duplex(job.channel.id, as_of="latest")
        promises = await self._promises(self._duplexes, job, owed_to(state, by_a=job.by_a), now)
        return DuplexLook(
            state=state,
            by_a=job.by_a,
            now=now,
            duplex=duplex,
            fight=await self._fight(job),
            reserve=await self._reserve(job),
            recorded=promises.recorded,
            provable=promises.provable,
            is_partial=promises.is_partial,
            ended=await self._has_ended(job, duplex.epoch),
        )

    async def _has_ended(self, job: Job, latest: int) -> bool:
        return latest > job.epoch and (await self.deposit(job))[0] > job.epoch

    async def _promises(
        self, contract: AsyncChannelsClient[Any, Any], job: Job, promises: Iterable[Any], now: Seconds
    ) -> _Promises:
        """All conditions are asked at once: none takes another's time."""
        found = _Promises()

        async def ask(promise: Any) -> None:
            leaf, at = promise.struct_hash(), (job.channel, job.epoch, promise)
            found.recorded[leaf] = (await contract.recorded(*at, as_of="latest")).units
            proof = job.proof_of(leaf)
            if proof and now < promise.expiry and found.recorded[leaf] < promise.amount:
                released = await _released(contract.released(*at, proof.data, proof.proof))
                found.provable[leaf] = released or Amount(0)
                found.is_partial |= released is None

        await asyncio.gather(*map(ask, promises))
        return found

    async def _fight(self, job: Job) -> Fight:
        net, version, deadline, promises = await self._chain.call(
            "DuplexChannels", "fightOf", job.channel.id, job.epoch, as_of="latest"
        )
        return Fight(net=net, version=version, deadline=deadline, promises=promises)

    async def _reserve(self, job: Job) -> DuplexReserve:
        from_a, paid_from_a, from_b, paid_from_b, until, promises = await self._chain.call(
            "DuplexChannels", "reserveOf", job.channel.id, job.epoch, as_of="latest"
        )
        return DuplexReserve(
            from_a=from_a,
            paid_from_a=paid_from_a,
            from_b=from_b,
            paid_from_b=paid_from_b,
            until=until,
            promises=promises,
        )


async def _released(asked: Awaitable[Money]) -> Amount | None:
    """Nothing where the condition refuses, or answers nonsense: the client may have sent anything as a proof. None
    where there was no answer, whoever's fault that is: a condition that burns its gas looks like a node that fails.
    """
    try:
        async with asyncio.timeout(_CONDITION_WITHIN):
            return (await asked).units
    except _REFUSALS:
        return Amount(0)
    except Exception:  # noqa: BLE001  # a stranger's code has been run: whatever comes of it is about this promise
        return None
