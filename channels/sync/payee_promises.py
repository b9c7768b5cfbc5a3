# Generated from channels/aio/payee_promises.py by make fix; edit that one.
"""Promises on the payee's side: what is shown for them becomes money by a newer voucher, or on chain."""

import dataclasses

from msgspec.structs import replace

from chain.errors import Malformed
from channels.condition import Condition
from channels.edge import LaneRef, id_of
from channels.fold_request import FoldRequest
from channels.payee_session import PayeeSession
from channels.promise import Promise
from channels.promise_errors import UnknownPromise
from channels.proven import Proven
from channels.recorded import Recorded
from channels.sync.payee_base import PayeeBase


class PayeePromises(PayeeBase):
    """A promise gives no credit before it is folded into a voucher's amount, or recorded and claimed."""

    def promises(self, lane: LaneRef) -> tuple[Promise, ...]:
        """Those of the newest voucher."""
        return (self._session(id_of(lane))).promises

    def prove(
        self, lane: LaneRef, promise: Promise, condition: Condition, proof: bytes, *, is_last: bool = True
    ) -> FoldRequest:
        """Asks the condition, and keeps the proof, durably; the answer is for the payer, who folds the promise.

        With `is_last` what more the promise could come to is given up once it is folded, and the answer is signed:
        without that no payer folds for less than all of it. Raises `UnknownPromise`,
        `PromiseExpired`, `WrongConditionData`, and `Malformed` where nothing is released.
        """
        session, now = self._session(id_of(lane)), self.chain.now()
        epoch, data = session.lane.epoch, condition.data
        released = self._lanes.released(session.channel, epoch, promise, condition, proof)
        if not released:
            raise Malformed("proof", "the condition releases nothing for it")
        recorded = self._lanes.recorded(session.channel, epoch, promise, as_of="latest")
        proven = Proven(promise=promise, data=data, proof=proof, released=released.units, is_last=is_last)
        proven = replace(proven, recorded=recorded.units)
        book = self._till.alter(session.channel.id, lambda known: known.prove(proven, now), self._second)
        self._reader.remember(book)
        return self._fold_request(book.session, next(one for one in book.session.proven if one.promise == promise))

    def _fold_request(self, session: PayeeSession, known: Proven) -> FoldRequest:
        """By the best proof that is kept, for what the session lets the promise go for."""
        request = FoldRequest(
            channel_id=session.channel.id,
            epoch=session.lane.epoch,
            promise_hash=known.hash,
            data=known.data,
            proof=known.proof,
            amount=max(known.released, known.recorded),
        )
        if not known.is_last:
            return request
        signed = self.signer.sign(self._lanes.domain, request.let_go)
        return dataclasses.replace(request, signature=signed.signature)

    def record(self, lane: LaneRef, promise: Promise) -> Recorded:
        """Shows on chain what was proven, for a payer that doesn't fold it, before the promise expires.

        Raises `UnknownPromise` where nothing was proven, and what `Lanes.record` raises.
        """
        session = self._session(id_of(lane))
        known = next((known for known in session.proven if known.promise == promise), None)
        if known is None:
            raise UnknownPromise(promise.struct_hash())
        return self._record_proven(session, known)

    def _record_proven(self, session: PayeeSession, known: Proven) -> Recorded:
        """Of the session's own epoch, which may have ended: then the chain alone remembers it."""
        epoch, lane_id = session.lane.epoch, session.channel.id
        recorded = self._lanes.record(session.channel, epoch, known.promise, known.data, known.proof)
        if (self._till.book(lane_id)).session.lane.epoch == epoch:
            stands, now = replace(known, recorded=recorded.released.units), self.chain.now()
            book = self._till.alter(lane_id, lambda session: session.prove(stands, now), self._second)
            self._reader.remember(book)
        return recorded
