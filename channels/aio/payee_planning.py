"""What to do next about what is owed, as values; and doing it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction

from chain.errors import IllegalAction, InvalidMessage, Reverted
from chain.money import Token
from chain.units import Hash32, Seconds
from channels.aio.payee_promises import AsyncPayeePromises
from channels.aio.payee_settling import AsyncPayeeSettling
from channels.claims import Claims, Skipped
from channels.lane import NOTHING
from channels.payee_session import PayeeSession
from channels.promise import Promise
from channels.promise_errors import UnknownPromise
from channels.reserve import Reserve
from channels.settlement import (
    UNHURRIED,
    ClaimPromised,
    ClaimTogether,
    CollectReserve,
    Policy,
    Position,
    PromiseStanding,
    Record,
    Step,
    Submit,
    World,
    next_steps,
)
from channels.stores.book import Book


class AsyncPayeePlanning(AsyncPayeeSettling, AsyncPayeePromises):
    """Any number of processes may plan and submit the same: the chain pays once, the rest costs some gas."""

    async def next_steps(
        self, policy: Policy = UNHURRIED, gas_prices: Mapping[Token, Fraction] | None = None
    ) -> list[Step]:
        """The most urgent first, by what was last seen; `gas_prices` are what a unit of gas costs in base units of a
        token. Without any, only risk, age and deadlines count. How old money is the payee's clock says.
        What the node shows may be `max_lag` old, so everything is begun that much before the policy's two margins.
        """
        policy = replace(policy, margin=Seconds(policy.margin + -(-self._reader.max_lag // 2)))
        prices = {token.address: price for token, price in (gas_prices or {}).items()}
        books = await self._till.books()
        newest = {book.session.channel.id: book.session.lane.epoch for book in books}
        now = await self.chain.now()
        positions = [
            await self._position(book, now)
            for book in books
            if book.session.lane.epoch == newest[book.session.channel.id] or _may_be_reserved(book.session, now)
        ]
        return next_steps(positions, World(now=now, gas_prices=prices), policy)

    async def submit(self, steps: Iterable[Step]) -> Claims:
        """Sends what is to be sent, in the plan's order; `skipped` tells what could not be done, and why."""
        done = Claims()
        for step in steps:
            if isinstance(step, Submit):
                done = done.joined(await self._submitted(step))
        return done

    async def _submitted(self, step: Submit) -> Claims:
        at = self._second
        match step.action:
            case ClaimTogether(lane_ids):
                return await self._claim([await self._till.book(lane_id) for lane_id in lane_ids], at)
            case ClaimPromised(lane_id):
                return await self._claim([await self._till.book(lane_id)], at)
            case CollectReserve(lane_id, epoch):
                return await self._claim([await self._till.epoch(lane_id, epoch)], at)
            case Record(lane_id, epoch, promise_hash):
                return await self._record_promise(await self._till.epoch(lane_id, epoch), promise_hash)

    async def _record_promise(self, book: Book, promise_hash: Hash32) -> Claims:
        """A promise may have been folded since it was planned; and what a condition calls may revert."""
        try:
            known = next((known for known in book.session.proven if known.hash == promise_hash), None)
            if known is None:
                raise UnknownPromise(promise_hash)
            recorded = await self._record_proven(book.session, known)
        except (IllegalAction, InvalidMessage, Reverted, UnknownPromise) as why:
            lane_id = book.session.channel.id
            return Claims(skipped=(Skipped(lane_id=lane_id, why=f"{type(why).__name__}: {why}"),))
        return Claims(receipts=(recorded.receipt,) if recorded.receipt else ())

    async def _position(self, book: Book, now: Seconds) -> Position:
        """Where promises are open, the chain is asked what it keeps for them, and what is recorded."""
        session, epoch, seen_at = book.session, book.session.lane.epoch, Seconds(book.seen_at // 1000)
        lane, reserve = session.lane, Reserve()
        if session.promises:
            lane, seen_at = await self._lanes.lane(session.channel.id, as_of="latest"), now
            reserve = await self._lanes.kept(session.channel.id, epoch, "latest")
        return Position(
            channel=session.channel,
            lane=lane,
            epoch=epoch,
            accepted=session.newest.message.cumulative_amount if session.newest else lane.settled,
            seen_at=seen_at,
            promises=tuple([await self._standing(session, promise) for promise in session.promises]),
            reserve=reserve,
            since=book.unsettled_since,
        )

    async def _standing(self, session: PayeeSession, promise: Promise) -> PromiseStanding:
        recorded = await self._lanes.recorded(session.channel, session.lane.epoch, promise, as_of="latest")
        provable = max((known.released for known in session.proven if known.promise == promise), default=NOTHING)
        return PromiseStanding(promise=promise, provable=provable, recorded=recorded.units)


def _may_be_reserved(session: PayeeSession, now: Seconds) -> bool:
    """Whether an ended epoch may still have a reserve: one made before the last expiry, for a close a window later."""
    channel, last = session.channel, max((promise.expiry for promise in session.promises), default=None)
    return last is not None and now < last + 2 * channel.window
