"""A merchant's life: it opens its till, says what is in it, and accepts, delivers and refunds until it is killed."""

import time
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from chain.errors import StoreError
from channels import Payee
from channels.errors import DeliveryRefunded
from tests.crash.life import Say
from tests.crash.market import Market, Request
from tests.crash.opening import PAUSE, using

LONG = timedelta(days=1000)
"""A look at the chain lasts longer than any run: the chain is the parent's."""


def till_in(store: Any, market: Market) -> Payee:
    """The market's payee, over this store."""
    return Payee(market.chain, market.shop, store, refresh=LONG)


def serving(market: Market, store: Any, requests: Iterable[Request]) -> Callable[[Say], None]:
    """Accepts, delivers and refunds one after the other; where the store fails, nobody is answered, and it goes on.

    An iterator that never ends makes a life that somebody else must end.
    """

    def work(till: Payee, say: Say) -> None:
        say(**_standing(market, till))
        for request in requests:
            try:
                _serve(market, till, request, say)
            except StoreError as failed:
                say(failed=request.key, error=type(failed).__name__)
                time.sleep(PAUSE)
        say(**_standing(market, till))

    return using(lambda: till_in(store, market), work)


def _serve(market: Market, till: Payee, request: Request, say: Say) -> None:
    credit = till.accept(request.sent)
    say(channel=request.channel, accepted=credit.accepted.units)
    lane = market.lanes[request.channel]
    try:
        done = till.deliver(lane, market.usdc.units(request.price), key=request.key)
        say(key=request.key, delivered=done.delivered.units)
    except DeliveryRefunded:
        say(key=request.key, delivered=None)
    if request.back:
        till.refund(lane, request.key, market.usdc.units((request.back + 1) // 2))
        refund = till.refund(lane, request.key, market.usdc.units(request.back))
        say(key=request.key, refunded=refund.refunded.units)


def _standing(market: Market, till: Payee) -> dict[str, object]:
    found = {lane.id: (lane.accepted.units, lane.delivered.units) for lane in till.lanes()}
    books = till.books().get(market.usdc)
    return {
        "standing": [found.get(lane.id, (0, 0)) for lane in market.lanes],
        "balance": books is None or books.balance,
    }
