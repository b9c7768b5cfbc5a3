"""What becomes of payments on the chain: waiting until a step is final, and all that happens to them."""

from collections.abc import AsyncIterator, Collection
from typing import TYPE_CHECKING

from chain.errors import Malformed
from chain.follower.undone import Undone
from chain.receipt import Event
from chain.units import Hash32
from escrow.aio.base import CONTRACT, AsyncEscrowBase, left_by
from escrow.payment import Payment
from escrow.terms import Terms

if TYPE_CHECKING:
    from chain.aio.follower import AsyncFollower
    from chain.stores.followed import Level

_IDS = ("paymentId", "fromId", "toId")


class AsyncOutcomes(AsyncEscrowBase):
    """Goods go out after `wait_final`, or at an event that is final: what a block says may be undone before."""

    async def wait_final(self, payment: Payment, timeout: float = 1800.0) -> Payment:
        """The payment as its last step has left it, once that is final; `timeout` in seconds.

        Raises `NotFinal` (wait again), `TransactionUndone`, and `Malformed` for a payment without a receipt.
        """
        self._payment(payment)
        if payment.receipt is None:
            raise Malformed("payment", "it has no receipt, being read and not moved: `show` reads what is final")
        return left_by(await self.chain.wait_final(payment.receipt, timeout), payment)

    async def events(
        self,
        follower: "AsyncFollower",
        cursor: str | None = None,
        level: "Level" = "final",
        *,
        payments: Collection[Terms | Payment] | None = None,
    ) -> "AsyncIterator[Event | Undone]":
        """As `AsyncFollower.events`, those of `payments` alone; else of all that the signer pays or is paid by.

        Events don't name operators and arbiters: these say which payments are theirs.
        """
        theirs = None if payments is None else {self._payment(what).payment_id for what in payments}
        own: dict[Hash32, bool] = {}
        async for told in follower.events(cursor, level):
            event = told.event if isinstance(told, Undone) else told
            if event.contract == CONTRACT and self._is_wanted(follower, event, theirs, own):
                yield told

    def _is_wanted(
        self, follower: "AsyncFollower", event: Event, theirs: set[Hash32] | None, own: dict[Hash32, bool]
    ) -> bool:
        ids = [Hash32(event.args[name]) for name in _IDS if name in event.args]
        if theirs is not None:
            return not theirs.isdisjoint(ids)
        return event.args.get("owner") == self.signer.address or any(self._is_own(follower, one, own) for one in ids)

    def _is_own(self, follower: "AsyncFollower", payment_id: Hash32, known: dict[Hash32, bool]) -> bool:
        """By how the payment began; an amendment begins one, too."""
        if payment_id not in known:
            began = [event.args for event in follower.about(payment_id) if "payee" in event.args]
            known[payment_id] = any(self.signer.address in (args["payer"], args["payee"]) for args in began)
        return known[payment_id]
