# Generated from channels/aio/payee_asked.py by make fix; edit that one.
"""What payers ask for, read so that no stranger can ask for them."""

from collections.abc import Mapping
from typing import Any

from channels.errors import WrongEpoch
from channels.requests import CloseRequest, RefundRequest, SignedRequest
from channels.sync.payee_base import PayeeBase


class PayeeAsked(PayeeBase):
    """It does nothing by itself: `close` and `refund` are the payee's decisions."""

    def asked(self, request: Mapping[str, Any] | str | bytes) -> CloseRequest | RefundRequest:
        """The request, if the channel's own key has signed it for the present epoch and it still counts.

        Raises `InvalidValue`, `InvalidSignature`, `DeadlinePassed`, `WrongEpoch`, `NotPayee`.
        """
        sent = SignedRequest[Any].from_json(request)
        self._require_wanted(sent.channel)
        signed = sent.verified(self._lanes.domain, self.chain.now())
        session = self._session(sent.channel.id)
        if signed.message.epoch != session.lane.epoch:
            raise WrongEpoch(signed.message.epoch, session.lane.epoch)
        message: CloseRequest | RefundRequest = signed.message
        return message
