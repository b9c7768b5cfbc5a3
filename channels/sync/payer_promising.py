# Generated from channels/aio/payer_promising.py by make fix; edit that one.
"""Promises on the payer's side: an escrow inside a voucher, paid for its proof."""

import secrets

from chain.money import Money
from chain.units import Hash32, Seconds
from channels.condition import Condition
from channels.edge import LaneRef
from channels.errors import WrongEpoch
from channels.fold_request import FoldRequest
from channels.payer_session import PayerSession
from channels.promise import Promise
from channels.promise_errors import PromiseNotExpired, UnknownPromise
from channels.sync.payer_base import PayerBase
from channels.voucher import SignedVoucher


class PayerPromising(PayerBase):
    """What is promised is set aside: it is owed for a proof that is shown here, or recorded on chain, in time."""

    def promise(self, lane: LaneRef, money: Money, condition: Condition, expiry: Seconds) -> SignedVoucher:
        """A voucher that promises what the condition releases of so much, before the second `expiry`.

        Raises as `pay`, and `TooManyPromises`, `PromiseExpired`, and `ExpiryTooLate` for what a payee refuses because a
        close could outrun it.
        """
        channel = (self._session(lane)).channel
        self._require_in_time(channel, expiry)
        promise = Promise(
            condition=condition.address,
            data_hash=condition.data_hash,
            amount=self._call(channel, money),
            expiry=expiry,
            salt=Hash32(secrets.token_bytes(32)),
        )
        return (self._keep(lane, lambda session: session.offer(promise)))[0]

    def promises(self, lane: LaneRef) -> tuple[Promise, ...]:
        """Those that are open."""
        return (self._session(lane)).promises

    def fold(self, request: FoldRequest) -> SignedVoucher:
        """A voucher with what the condition itself releases for the payee's proof, instead of the promise.

        For less than all of it only if the payee has signed that it lets the rest go: else it would refuse the voucher,
        and every later one. Raises `UnknownPromise`, `WrongEpoch`, `WrongConditionData`, `NotLetGo`,
        `InvalidSignature`, `InvalidAmount` where nothing is released, and what the condition reverts with.
        """
        session = self._session(request.channel_id)
        promise = _open(session, request.promise_hash)
        if request.epoch != session.lane.epoch:
            raise WrongEpoch(request.epoch, session.lane.epoch)
        request.require_data_of(promise)
        channel, epoch = session.channel, session.lane.epoch
        released = self._lanes.released(channel, epoch, promise, request.data, request.proof)
        recorded = self._lanes.recorded(channel, epoch, promise, as_of="latest")
        owed = recorded.units
        if self.chain.now() < promise.expiry:
            owed = max(released, recorded).units
            request.require_let_go(self._lanes.domain, channel.payee, promise, owed)
        return (self._keep(channel, lambda session: session.fold(request.promise_hash, owed)))[0]

    def fold_recorded(self, lane: LaneRef, promise: Promise) -> SignedVoucher:
        """A voucher with what stands on chain of a promise, instead of it: what the payee has shown there is owed.

        Before its expiry more may come, so only where it is all. Raises `UnknownPromise`, `PromiseNotExpired`,
        `InvalidAmount` where nothing stands there.
        """
        session, leaf = self._session(lane), promise.struct_hash()
        now = self.chain.now()
        recorded = self._lanes.recorded(session.channel, session.lane.epoch, promise, as_of="latest")
        if now < promise.expiry and recorded.units < promise.amount:
            raise PromiseNotExpired(now, promise.expiry)
        return (self._keep(lane, lambda session: session.fold(leaf, recorded.units)))[0]

    def drop(self, lane: LaneRef, promise: Promise) -> SignedVoucher:
        """A voucher without a promise that has expired in the final block with nothing on record.

        Raises `UnknownPromise`, `PromiseNotExpired`, `PromiseRecorded` (then fold what is recorded).
        """
        session, leaf = self._session(lane), promise.struct_hash()
        now = self.chain.now(as_of="final")
        recorded = self._lanes.recorded(session.channel, session.lane.epoch, promise)
        return (self._keep(lane, lambda session: session.drop(leaf, now, recorded.units)))[0]


def _open(session: PayerSession, promise_hash: Hash32) -> Promise:
    for promise in session.promises:
        if promise.struct_hash() == promise_hash:
            return promise
    raise UnknownPromise(promise_hash)
