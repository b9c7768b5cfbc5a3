"""How a tower does what was planned. The chain simulates first: whoever comes second has sent nothing."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from chain.signer import Signer
from chain.units import Hash32
from channels.channel import ChannelId
from channels.claims import Claims
from channels.duplex.signed_state import SignedState
from channels.settlement import ClaimPromised, ClaimTogether, CollectReserve, Record
from channels.stores.watchtower import TowerStore
from channels.voucher import SignedVoucher
from channels.watchtower.job import Job
from channels.watchtower.quota import Quota
from channels.watchtower.service.rejoining import GuardedDuplexes, GuardedLanes
from channels.watchtower.service.spending import Spending
from channels.watchtower.steps import Action, Answer, Collect, PayOut, RecordDuplex

if TYPE_CHECKING:
    from chain.aio.chain import AsyncChain
    from chain.receipt import Receipt


class Acting:
    """Raises what the contracts' verbs raise, and `OverQuota`."""

    def __init__(self, store: TowerStore, chain: "AsyncChain", signer: Signer, quota: Quota) -> None:
        self._store, self._chain, self._signer, self._quota = store, chain, signer, quota

    def jobs(self, action: Action) -> list[Job]:
        """Those that it is for, as they are now; a claim is for a lane's present epoch."""
        match action:
            case ClaimTogether(lane_ids):
                return [job for lane_id in lane_ids for job in self._of(lane_id)[:1]]
            case ClaimPromised(lane_id):
                return self._of(lane_id)[:1]
            case CollectReserve(lane_id, epoch) | Record(lane_id, epoch):
                return [job for job in self._of(lane_id) if job.epoch == epoch]
            case Answer() | PayOut() | Collect() | RecordDuplex():
                place = action.channel_id, action.client, action.epoch
                return [job for job in self._of(action.channel_id) if job.place == place]
            case _:
                assert_never(action)

    async def perform(self, action: Action, jobs: Sequence[Job]) -> Claims:
        """The receipts of what was included, and what the contract would refuse now, nothing sent."""
        is_record = isinstance(action, Record | RecordDuplex)
        spending = Spending(self._store, jobs, self._quota.records if is_record else self._quota.acts)
        lanes = GuardedLanes(self._chain, self._signer, spending)
        duplexes = GuardedDuplexes(self._chain, self._signer, spending)
        match action:
            case ClaimTogether() | ClaimPromised() | CollectReserve():
                able, over = spending.split(jobs)
                claims = await lanes.claim_many([job.message for job in able if isinstance(job.message, SignedVoucher)])
                return replace(claims, skipped=(*claims.skipped, *over))
            case Record() | RecordDuplex():
                sent = [await _record(job, action.promise_hash, lanes, duplexes) for job in jobs]
            case Answer() | PayOut() | Collect():
                states = [job.message for job in jobs if isinstance(job.message, SignedState)]
                sent = [await _fight(action, state, duplexes) for state in states]
            case _:
                assert_never(action)
        return Claims(receipts=tuple(receipt for receipt in sent if receipt))

    def _of(self, channel_id: ChannelId) -> list[Job]:
        """The newest epoch first."""
        return sorted(self._store.jobs(channel_id), key=lambda job: job.epoch, reverse=True)


async def _record(job: Job, promise_hash: Hash32, lanes: GuardedLanes, duplexes: GuardedDuplexes) -> "Receipt | None":
    """Nothing where a newer job has left the promise out, or what proves it."""
    proof, message, epoch = job.proof_of(promise_hash), job.message, job.epoch
    if proof is None:
        return None
    if isinstance(message, SignedVoucher):
        (promise,) = (one for one in message.promises if one.struct_hash() == promise_hash)
        return (await lanes.record(message.channel, epoch, promise, proof.data, proof.proof)).receipt
    (other,) = (one for one in message.promises if one.struct_hash() == promise_hash)
    return (await duplexes.record(message.channel, epoch, other, proof.data, proof.proof)).receipt


async def _fight(action: Answer | PayOut | Collect, state: SignedState, duplexes: GuardedDuplexes) -> "Receipt | None":
    match action:
        case Answer():
            return (await duplexes.answer(state)).receipt
        case PayOut():
            return (await duplexes.pay_out(state.channel, state.promises)).receipt
        case Collect():
            return (await duplexes.collect(state.channel, action.epoch, state.promises)).receipt
        case _:
            assert_never(action)
