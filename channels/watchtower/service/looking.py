"""What a tower asks the chain about one job."""

from collections.abc import Awaitable, Iterable
from typing import TYPE_CHECKING, Any

from chain.errors import ChainError, IllegalAction, InvalidMessage, Reverted
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
Amounts = dict[Hash32, Amount]


class Looking:
    """By the latest block, so that nothing is noticed late; what ends a job is asked of the final one, too."""

    def __init__(self, chain: "AsyncChain", lanes: AsyncLanes, duplexes: AsyncDuplexes) -> None:
        self._chain, self._lanes, self._duplexes = chain, lanes, duplexes

    async def look(self, job: Job, now: Seconds) -> Look:
        """Raises `ChainError`, and `EarnestError` where a hostile token or condition answers nonsense."""
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
        recorded, provable = await self._promises(self._lanes, job, voucher.promises, now)
        is_ending = lane.epoch != job.epoch or lane.closes_at
        return LaneLook(
            voucher=voucher,
            now=now,
            lane=lane,
            reserve=await self._lanes.kept(job.channel.id, job.epoch, "latest") if is_ending else Reserve(),
            recorded=recorded,
            provable=provable,
            ended=await self._has_ended(job, lane.epoch),
        )

    async def _duplex(self, job: Job, state: SignedState, now: Seconds) -> DuplexLook:
        duplex = await self._duplexes.duplex(job.channel.id, as_of="latest")
        owed = owed_to(state, by_a=job.by_a)
        recorded, provable = await self._promises(self._duplexes, job, owed, now)
        return DuplexLook(
            state=state,
            by_a=job.by_a,
            now=now,
            duplex=duplex,
            fight=await self._fight(job),
            reserve=await self._reserve(job),
            recorded=recorded,
            provable=provable,
            ended=await self._has_ended(job, duplex.epoch),
        )

    async def _has_ended(self, job: Job, latest: int) -> bool:
        return latest > job.epoch and (await self.deposit(job))[0] > job.epoch

    async def _promises(
        self, contract: AsyncChannelsClient[Any, Any], job: Job, promises: Iterable[Any], now: Seconds
    ) -> tuple[Amounts, Amounts]:
        """What is recorded of each, and what a proof would have released now."""
        recorded, provable = Amounts(), Amounts()
        for promise in promises:
            leaf, at = promise.struct_hash(), (job.channel, job.epoch, promise)
            recorded[leaf] = (await contract.recorded(*at, as_of="latest")).units
            proof = job.proof_of(leaf)
            if proof and now < promise.expiry and recorded[leaf] < promise.amount:
                provable[leaf] = await _released(contract.released(*at, proof.data, proof.proof))
        return recorded, provable

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


async def _released(asked: Awaitable[Money]) -> Amount:
    """Nothing where the condition refuses: the client may have sent anything as a proof."""
    try:
        return (await asked).units
    except ChainError as error:
        if not isinstance(error, Reverted):
            raise
    except (IllegalAction, InvalidMessage):
        pass
    return Amount(0)
