# Generated from escrow/aio/verbs.py by make fix; edit that one.
"""The escrow's verbs by call: the signer is the party that each asks for."""

from chain.money import Money
from chain.units import NO_HASH, NOBODY, Amount, Hash32
from escrow.actions import Refund, Void
from escrow.conditions.condition import Proof
from escrow.conditions.facts import Facts
from escrow.evidence.evidence import Evidence
from escrow.evidence_errors import HoldNotFinal
from escrow.levels import held_after_paying, held_after_returning, payee_bps, refundable_after_returning
from escrow.payment import Payment
from escrow.split import PayeeShare
from escrow.sync.authorizing import Authorizing
from escrow.terms import Terms


class Verbs(Authorizing):
    """A verb waits until a block includes it and answers the newer `Payment`, with the step's receipt.

    What the rules forbid is an `IllegalAction` before any gas is spent. A total (`up_to`) that has been reached raises
    `NothingToMove` or `NothingToRefund`: a retry moves nothing. Verbs raise `NotSent` and `NotIncluded`, too.
    """

    def capture(self, payment: Payment, up_to: Money | None = None) -> Payment:
        """The operator pays the payee, until `up_to` of the amount has left the hold in all, or all of it.

        What went back to the payer before counts as gone.
        """
        return self._do("capture", payment, held_after_paying(payment, up_to))

    def release(self, payment: Payment, up_to: Money | None = None) -> Payment:
        """The payer pays the payee, until `up_to` of the amount has left the hold in all, or all of it.

        What went back to the payer before counts as gone.
        """
        return self._do("release", payment, held_after_paying(payment, up_to))

    def void(self, payment: Payment, up_to: Money | None = None) -> Payment:
        """The payee or the operator gives held money back, until `up_to` is with the payer in all, or all that is held.

        Refunds and earlier voids count. Raises `ConsentOutstanding` while a settlement that the payee signed is open.
        """
        known = self.show(payment, as_of="latest")
        level = held_after_returning(known, up_to)
        self._lawful(payment, Void(caller=self.signer.address, held_after=level))
        return self._do("void", payment, level)

    def resolve(self, payment: Payment, proof: Proof) -> Payment:
        """Shows the condition its proof, whoever the signer is; what it releases goes to the payee."""
        return self._do("resolve", payment, proof.condition.data, proof.shown)

    def released(self, payment: Payment, proof: Proof) -> Money:
        """What the condition would release in all for this proof in the next block, by its twin: before any gas."""
        facts = Facts(chain_id=payment.chain_id, now=self.chain.now())
        token = self.chain.token(payment.terms.token)
        return token.units(proof.released(payment.payment_id, payment.terms.amount, facts))

    def refund(self, payment: Payment, up_to: Money | None = None) -> Payment:
        """The payee or the operator gives own money back, until `up_to` is with the payer in all, or all it was paid.

        Voids and earlier refunds count. `payment` is what the signer decides by: if the hold has changed since, this
        raises `HeldChanged`. Raises `InsufficientBalance` and `ConsentOutstanding` with nothing sent.
        """
        held, token = payment.holding.held, payment.terms.token
        known = self.holding(payment.payment_id, as_of="latest")
        level = refundable_after_returning(payment, up_to)
        amount = Amount(max(known.refundable - level, 0))
        value = amount if token == NOBODY else 0
        action = Refund(caller=self.signer.address, held=held, refundable_after=level, value=value)
        self._allowed(payment, action)
        with self._funding:
            self._provide(token, amount)
            self._lawful(payment, action)
            return self._do("refund", payment, held, level, value=value)

    def dispute(self, payment: Payment, evidence: Evidence | Hash32 | None = None) -> Payment:
        """A party that the terms name asks the arbiter, once; the event carries the evidence's hash."""
        return self._do("dispute", payment, hash_of(evidence))

    def rule(self, payment: Payment, to_payee: Money | PayeeShare) -> Payment:
        """The arbiter splits what is held: the payee gets `to_payee` of it, the payer the rest.

        An amount that no share in hundredths of a percent gives exactly raises `NotAShare`, and one of a hold that may
        still be undone `HoldNotFinal`.
        """
        known = self.show(payment, as_of="latest")
        final = self.show(payment)
        if isinstance(to_payee, Money) and final.holding.held != known.holding.held:
            raise HoldNotFinal(known.holding.held, final.holding.held)
        return self._do("rule", payment, payee_bps(known, to_payee))

    def expire(self, payment: Payment) -> Payment:
        """Ends the hold by the split that was agreed for silence, whoever the signer is."""
        return self._do("expire", payment)

    def cancel(self, terms: Terms) -> Payment:
        """The payer makes terms that were never funded unusable."""
        return self._do("cancel", self._payment(terms))


def hash_of(evidence: Evidence | Hash32 | None) -> Hash32:
    """What a dispute puts on the chain; nothing is the zero hash."""
    if evidence is None:
        return NO_HASH
    return evidence.hash if isinstance(evidence, Evidence) else evidence
