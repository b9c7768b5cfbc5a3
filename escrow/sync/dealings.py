# Generated from escrow/aio/dealings.py by make fix; edit that one.
"""The escrow's events as a payer's memory of its payees."""

from typing import TYPE_CHECKING

from chain.preflight.past import Past
from chain.units import Address
from escrow.dealings import FUNDED, JUDGED, past_of
from escrow.sync.base import CONTRACT

if TYPE_CHECKING:
    from chain.receipt import Event
    from chain.sync.chain import Chain


class Dealings:
    """A preflight's history, from the block `since` on: what happened before is not known, and not asked for.

    Disputes are looked for among the newest `at_most` payments to the payee.
    """

    def __init__(self, chain: "Chain", *, since: int, at_most: int = 20) -> None:
        self._chain, self._since, self._at_most = chain, since, at_most

    def past(self, payer: Address, payee: Address) -> Past:
        """Two readings of logs, and three for each of those payments. Raises `ChainError`."""
        events = [event for name in FUNDED for event in self._told(name, payer=payer)]
        mine = sorted((event for event in events if event.args["payee"] == payee), key=lambda event: event.block)
        newest = dict.fromkeys(event.args["paymentId"] for event in mine[-self._at_most :])
        for payment_id in newest:
            for name in ("Disputed", *JUDGED):
                events += self._told(name, paymentId=payment_id)
        return past_of(events, payer, payee)

    def _told(self, name: str, **where: object) -> "tuple[Event, ...]":
        return self._chain.events(CONTRACT, name, where=where, from_block=self._since)
