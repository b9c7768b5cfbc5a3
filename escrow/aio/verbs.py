"""The escrow's verbs by call: the signer is the party that each asks for."""

from chain.money import Money
from chain.units import NO_HASH, NOBODY, Amount, Hash32
from escrow.actions import Refund, Void
from escrow.aio.authorizing import AsyncAuthorizing
from escrow.conditions.condition import Proof
from escrow.conditions.facts import Facts
from escrow.evidence.evidence import Evidence
from escrow.evidence_errors import HoldNotFinal
from escrow.levels import held_after_paying, held_after_returning, payee_bps, refundable_after_returning
from escrow.payment import Payment
from escrow.split import PayeeShare
from escrow.terms import Terms


class AsyncVerbs(AsyncAuthorizing):
    """A verb waits until a block includes it and answers the newer `Payment`, with the step's receipt.

    What the rules forbid is an `IllegalAction` before any gas is spent. A total (`up_to`) that has been reached raises
    `NothingToMove` or `NothingToRefund`: a retry moves nothing. Verbs raise `NotSent` and `NotIncluded`, too.
    """

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

        Refunds and earlier voids count. Raises `ConsentOutstanding` while a settlement that the payee signed is open.
        """
        known = await self.show(payment, as_of="latest")
        level = held_after_returning(known, up_to)
        await self._lawful(payment, Void(caller=self.signer.address, held_after=level))
        return await self._do("void", payment, level)

    async def resolve(self, payment: Payment, proof: Proof) -> Payment:
        """Shows the condition its proof, whoever the signer is; what it releases goes to the payee."""
        return await self._do("resolve", payment, proof.condition.data, proof.shown)

    async def released(self, payment: Payment, proof: Proof) -> Money:
        """What the condition would release in all for this proof in the next block, by its twin: before any gas."""
        facts = Facts(chain_id=payment.chain_id, now=await self.chain.now())
        token = await self.chain.token(payment.terms.token)
        return token.units(proof.released(payment.payment_id, payment.terms.amount, facts))

    async def refund(self, payment: Payment, up_to: Money | None = None) -> Payment:
        """The payee or the operator gives own money back, until `up_to` is with the payer in all, or all it was paid.

        Voids and earlier refunds count. `payment` is what the signer decides by: if the hold has changed since, this
        raises `HeldChanged`. Raises `InsufficientBalance` and `ConsentOutstanding` with nothing sent.
        """
        held, token = payment.holding.held, payment.terms.token
        known = await self.holding(payment.payment_id, as_of="latest")
        level = refundable_after_returning(payment, up_to)
        amount = Amount(max(known.refundable - level, 0))
        value = amount if token == NOBODY else 0
        action = Refund(caller=self.signer.address, held=held, refundable_after=level, value=value)
        await self._allowed(payment, action)
        async with self._funding:
            await self._provide(token, amount)
            await self._lawful(payment, action)
            return await self._do("refund", payment, held, level, value=value)

    async def dispute(self, payment: Payment, evidence: Evidence | Hash32 | None = None) -> Payment:
        """A party that the terms name asks the arbiter, once; the event carries the evidence's hash."""
        return await self._do("dispute", payment, hash_of(evidence))

    async def rule(self, payment: Payment, to_payee: Money | PayeeShare) -> Payment:
        """The arbiter splits what is held: the payee gets `to_payee` of it, the payer the rest.

        An amount that no share in hundredths of a percent gives exactly raises `NotAShare`, and one of a hold that may
        still be undone `HoldNotFinal`.
        """
        known = await self.show(payment, as_of="latest")
        final = await self.show(payment)
        if isinstance(to_payee, Money) and final.holding.held != known.holding.held:
            raise HoldNotFinal(known.holding.held, final.holding.held)
        return await self._do("rule", payment, payee_bps(known, to_payee))

    async def expire(self, payment: Payment) -> Payment:
        """Ends the hold by the split that was agreed for silence, whoever the signer is."""
        return await self._do("expire", payment)

    async def cancel(self, terms: Terms) -> Payment:
        """The payer makes terms that were never funded unusable."""
        return await self._do("cancel", self._payment(terms))


def hash_of(evidence: Evidence | Hash32 | None) -> Hash32:
    """What a dispute puts on the chain; nothing is the zero hash."""
    if evidence is None:
        return NO_HASH
    return evidence.hash if isinstance(evidence, Evidence) else evidence
