"""Paying without the chain."""

from collections.abc import Sequence

from chain.money import Money
from chain.units import Seconds
from channels.aio.payer_base import AsyncPayerBase
from channels.edge import LaneRef
from channels.errors import WrongChannel
from channels.payer_session import Effects, PayerSession
from channels.voucher import SignedVoucher


class AsyncPayerPaying(AsyncPayerBase):
    """Whoever shares the store, no version is signed twice."""

    async def pay(self, lane: LaneRef, money: Money) -> SignedVoucher:
        """A voucher for so much more, on disk before it is signed.

        Raises `AmountExceedsDeposit`, `ChannelClosing`, `NotOpen`, `PromisesOpen`, `OnlyGuessed`, `InvalidAmount`,
        `TokenMismatch`, `OverLimit`.
        """
        return (await self.pay_many(lane, [money]))[0]

    async def pay_many(self, lane: LaneRef, moneys: Sequence[Money]) -> list[SignedVoucher]:
        """A voucher for each payment, in order: all of them, or none, and one write to disk before the first is signed.

        Raises as `pay`; each payment must be within `per_call`, and all of them within the other limits.
        """

        def step(session: PayerSession) -> tuple[PayerSession, Effects]:
            effects: Effects = []
            for money in moneys:
                session, made = session.pay(self._call(session.channel, money))
                effects += made
            return session, effects

        return await self._keep(lane, step) if moneys else []

    async def latest(self, lane: LaneRef) -> SignedVoucher | None:
        """The newest voucher again, for a payee that did not answer; None where this epoch has none."""
        session = await self._session(lane)
        newest = session.newest
        return self._signed(session.channel, newest, session.promises) if newest else None

    async def correct(self, lane: LaneRef, shown: SignedVoucher) -> None:
        """Goes on from a voucher of its own that this store has forgotten and the payee has kept; then pay again.

        The payee's refusal comes with it. Its signature is checked, and it must be newer than what is known here:
        raises `InvalidSignature`, `WrongChannel`, `WrongEpoch`, and `NothingToCorrect`, so nobody is corrected twice.
        What was forgotten is signed already: no limit refuses it, but from now on it counts as spent.
        """
        before = await self._session(lane)
        if shown.channel.id != before.channel.id:
            raise WrongChannel(shown.channel.id, before.channel.id)
        signed, now = shown.verified(self._lanes.domain), Seconds(int(self._clock()))
        while not await self._wallet.correct(before, before.correct(signed, shown.promises), now):
            before = await self._session(lane)
