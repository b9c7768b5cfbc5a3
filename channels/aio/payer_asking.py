"""What a payer asks of the payee, signed: the payee decides."""

from chain.money import Money
from chain.units import Seconds
from channels.aio.payer_base import AsyncPayerBase
from channels.edge import LaneRef, units_of
from channels.requests import CloseRequest, R, RefundRequest, SignedRequest, key_hash_of

DAY = 86_400


class AsyncPayerAsking(AsyncPayerBase):
    """Requests count for a day of the chain's time, unless `deadline` says otherwise."""

    async def ask_close(self, lane: LaneRef, *, deadline: Seconds | None = None) -> SignedRequest[CloseRequest]:
        """Asks to end the epoch now, which the payee can do without the window that a `request_close` starts."""
        session, until = await self._session(lane), await self._until(deadline)
        message = CloseRequest(channel_id=session.channel.id, epoch=session.lane.epoch, deadline=until)
        return await self._asked(lane, message)

    async def ask_refund(
        self, lane: LaneRef, key: str, up_to: Money, *, deadline: Seconds | None = None
    ) -> SignedRequest[RefundRequest]:
        """Asks to have so much in all of the delivery with this key refunded. Raises `TokenMismatch`."""
        session, until = await self._session(lane), await self._until(deadline)
        message = RefundRequest(
            channel_id=session.channel.id,
            epoch=session.lane.epoch,
            key_hash=key_hash_of(key),
            up_to=units_of(up_to, session.channel.token, self.chain.chain_id),
            deadline=until,
        )
        return await self._asked(lane, message)

    async def _asked(self, lane: LaneRef, message: R) -> SignedRequest[R]:
        channel = (await self._session(lane)).channel
        signature = self.signer.sign(self._lanes.domain, message).signature
        return SignedRequest(channel=channel, message=message, signature=signature)

    async def _until(self, deadline: Seconds | None) -> Seconds:
        return Seconds(await self.chain.now() + DAY) if deadline is None else deadline
