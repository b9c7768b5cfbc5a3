"""The escrow contract, as one account uses it."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from chain.aio.chain import AsOf, AsyncChain
from chain.money import Money, Token
from chain.receipt import Receipt
from chain.signer import Signer
from chain.units import NOBODY, Address, Amount, Hash32, Seconds, address
from escrow.actions import Action, Authorize, Refund
from escrow.conditions.condition import Proof
from escrow.errors import OtherEscrow
from escrow.holding import Holding
from escrow.levels import held_after_paying, held_after_returning, refundable_after_returning
from escrow.machine import transition
from escrow.payment import Payment
from escrow.terms import Terms

CONTRACT = "Escrow"


class AsyncEscrow:
    """A verb waits until a block includes it and answers the newer `Payment`, with the step's receipt.

    What the rules forbid is an `IllegalAction` before any gas is spent. A total (`up_to`) that has been reached raises
    `NothingToMove` or `NothingToRefund`: a retry moves nothing. Verbs raise `NotSent` and `NotIncluded`, too.
    """

    def __init__(self, chain: AsyncChain, signer: Signer) -> None:
        self.chain = chain
        self.signer = signer
        self.domain = chain.domain(CONTRACT)
        self._funding = asyncio.Lock()

    async def authorize(self, terms: Terms) -> Payment:
        """The signer, who is the payer, puts the money in; a missing allowance is approved first, exactly.

        Raises `AlreadyUsed`, `InsufficientBalance`, `UnknownToken` or what `require_fundable` raises, nothing sent.
        """
        payment = self._payment(terms)
        value = terms.amount if terms.token == NOBODY else 0
        await self._allowed(payment, Authorize(caller=self.signer.address, value=value))
        async with self._funding:
            await self._provide(terms.token, terms.amount)
            return await self._do("authorize", payment, value=value)

    async def capture(self, payment: Payment, up_to: Money | None = None) -> Payment:
        """The operator pays the payee, until `up_to` of the amount has left the hold in all, or all of it.

        What went back to the payer before counts as gone.
        """
        return await self._do("capture", payment, held_after_paying(payment, up_to))

    async def release(self, payment: Payment, up_to: Money | None = None) -> Payment:
        """The payer pays the payee, until `up_to` of the amount has left the hold in all, or all of it.

        What went back to the payer before counts as gone.
        """
        return await self._do("release", payment, held_after_paying(payment, up_to))

    async def void(self, payment: Payment, up_to: Money | None = None) -> Payment:
        """The payee or the operator gives held money back, until `up_to` is with the payer in all, or all that is held.

        Refunds and earlier voids count.
        """
        known = await self.show(payment, as_of="latest")
        return await self._do("void", payment, held_after_returning(known, up_to))

    async def resolve(self, payment: Payment, proof: Proof) -> Payment:
        """Shows the condition its proof, whoever the signer is; what it releases goes to the payee."""
        return await self._do("resolve", payment, proof.condition.data, proof.shown)

    async def refund(self, payment: Payment, up_to: Money | None = None) -> Payment:
        """The payee or the operator gives own money back, until `up_to` is with the payer in all, or all it was paid.

        Voids and earlier refunds count. `payment` is what the signer decides by: if the hold has changed since, this
        raises `HeldChanged`. Raises `InsufficientBalance` with nothing sent.
        """
        held, token = payment.holding.held, payment.terms.token
        level = refundable_after_returning(payment, up_to)
        amount = Amount(max(payment.holding.refundable - level, 0))
        value = amount if token == NOBODY else 0
        action = Refund(caller=self.signer.address, held=held, refundable_after=level, value=value)
        await self._allowed(payment, action)
        async with self._funding:
            await self._provide(token, amount)
            return await self._do("refund", payment, held, level, value=value)

    async def expire(self, payment: Payment) -> Payment:
        """Ends the hold by the split that was agreed for silence, whoever the signer is."""
        return await self._do("expire", payment)

    async def cancel(self, terms: Terms) -> Payment:
        """The payer makes terms that were never funded unusable."""
        return await self._do("cancel", self._payment(terms))

    async def show(self, what: Terms | Payment, *, as_of: AsOf = "final") -> Payment:
        """The payment as the chain has it; the latest block may still be undone."""
        payment = self._payment(what)
        return replace(payment, holding=await self.holding(payment.payment_id, as_of=as_of), receipt=None)

    async def holding(self, payment_id: Hash32, *, as_of: AsOf = "final") -> Holding:
        """What the chain keeps under an id: all that can be known without the terms."""
        held, refundable, disputed_at, used = await self.chain.call(CONTRACT, "holdingOf", payment_id, as_of=as_of)
        return Holding(held=held, refundable=refundable, disputed_at=Seconds(disputed_at), used=used)

    async def credits(
        self, owner: str | None = None, *, tokens: Iterable[Token] | None = None, as_of: AsOf = "final"
    ) -> tuple[Money, ...]:
        """What could not be pushed to `owner`, by default the signer, in the tokens of the network or those given."""
        if tokens is None:
            tokens = [self.chain.native, *[await self.chain.token(symbol) for symbol in self.chain.network.tokens]]
        who = address(owner or self.signer.address)
        waiting = [
            token.units(await self.chain.call(CONTRACT, "credits", token.address, who, as_of=as_of)) for token in tokens
        ]
        return tuple(money for money in waiting if money)

    async def withdraw_credit(self, token: Token, to: str) -> Receipt:
        """Sends the signer's whole credit in `token` to `to`. Raises `NoCredit`, `PushFailed`, `InvalidRecipient`."""
        return await self.chain.send(self.signer, CONTRACT, "withdrawCredit", token.address, address(to))

    async def push_credit(self, token: Token, owner: str) -> Receipt:
        """Sends `owner` its whole credit in `token`, whoever the signer is. Raises `NoCredit`, `PushFailed`."""
        return await self.chain.send(self.signer, CONTRACT, "pushCredit", token.address, address(owner))

    async def _do(self, verb: str, payment: Payment, *args: Any, value: int = 0) -> Payment:
        self._payment(payment)
        receipt = await self.chain.send(self.signer, CONTRACT, verb, payment.terms, *args, value=value)
        return replace(payment, holding=_left_by(receipt, payment.payment_id), receipt=receipt)

    async def _allowed(self, payment: Payment, action: Action) -> None:
        """The rules' answer before an allowance is given that would stay open after a refusal."""
        transition(await self.show(payment, as_of="latest"), action, await self.chain.now())

    def _payment(self, what: Terms | Payment) -> Payment:
        if isinstance(what, Terms):
            return Payment(terms=what, domain=self.domain)
        if what.domain != self.domain:
            raise OtherEscrow(self.domain.contract, self.domain.chain_id, what.domain.contract, what.chain_id)
        return what

    async def _provide(self, token: Address, amount: Amount) -> None:
        money = (await self.chain.token(token)).units(amount)
        await self.chain.provide(self.signer, money, self.domain.contract)


def _left_by(receipt: Receipt, payment_id: Hash32) -> Holding:
    """What the step left, by its own event: a node that lags could still answer an older state."""
    *_, event = (event.args for event in receipt.events if event.args.get("paymentId") == payment_id)
    return Holding.from_word(event["holding"]) if "holding" in event else Holding(used=True)
