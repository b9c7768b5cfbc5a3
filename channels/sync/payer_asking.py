# Generated from channels/aio/payer_asking.py by make fix; edit that one.
"""What a payer asks of the payee, signed: the payee decides."""

from chain.money import Money
from chain.units import Seconds
from channels.edge import LaneRef, units_of
from channels.requests import CloseRequest, R, RefundRequest, SignedRequest, key_hash_of
from channels.sync.payer_base import PayerBase

DAY = 86_400


class PayerAsking(PayerBase):
    """Requests count for a day of the chain's time, unless `deadline` says otherwise."""

    def ask_close(self, lane: LaneRef, *, deadline: Seconds | None = None) -> SignedRequest[CloseRequest]:
        """Asks to end the epoch now, which the payee can do without the window that a `request_close` starts."""
        session, until = self._session(lane), self._until(deadline)
        message = CloseRequest(channel_id=session.channel.id, epoch=session.lane.epoch, deadline=until)
        return self._asked(lane, message)

    def ask_refund(
        self, lane: LaneRef, key: str, up_to: Money, *, deadline: Seconds | None = None
    ) -> SignedRequest[RefundRequest]:
        """Asks to have so much in all of the delivery with this key refunded. Raises `TokenMismatch`."""
        session, until = self._session(lane), self._until(deadline)
        message = RefundRequest(
            channel_id=session.channel.id,
            epoch=session.lane.epoch,
            key_hash=key_hash_of(key),
            up_to=units_of(up_to, session.channel.token, self.chain.chain_id),
            deadline=until,
        )
        return self._asked(lane, message)

    def _asked(self, lane: LaneRef, message: R) -> SignedRequest[R]:
        channel = (self._session(lane)).channel
        signature = self.signer.sign(self._lanes.domain, message).signature
        return SignedRequest(channel=channel, message=message, signature=signature)

    def _until(self, deadline: Seconds | None) -> Seconds:
        return Seconds(self.chain.now() + DAY) if deadline is None else deadline
