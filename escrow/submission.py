"""Which call of the contract brings a signed message to the chain."""

from dataclasses import dataclass, replace
from typing import Any

from chain.units import NOBODY, Address, Amount
from escrow import actions, messages
from escrow.errors import NotSignedBy
from escrow.payment import Payment
from escrow.signed_consent import SignedConsent

_NOTHING = Amount(0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Submission:
    """`value` wei go with the call; `paid_in` is what an amendment takes from the new payer.

    `result` is the payment that the call leaves, an amendment's new one; `action` is what could add up with something
    that the caller has signed before.
    """

    function: str
    arguments: tuple[Any, ...]
    result: Payment
    value: int = 0
    paid_in: Amount = _NOTHING
    action: actions.Void | actions.Settle | None = None


def submission(consent: SignedConsent, caller: Address) -> Submission:
    """The call by which `caller` brings it. Raises `NotSignedBy` for a party that neither signed nor calls."""
    for party in consent.missing(caller):
        raise NotSignedBy(party, consent.digest)
    payment, message, signatures = consent.payment, consent.message, consent.signatures
    terms = payment.terms

    match message:
        case messages.Release(held_after=level, deadline=deadline):
            return _call("releaseBySig", payment, level, deadline, signatures.get(terms.payer, b""))
        case messages.Void(held_after=level, deadline=deadline):
            void = _call("voidBySig", payment, level, deadline, signatures.get(terms.payee, b""))
            return replace(void, action=actions.Void(caller=caller, held_after=level))
        case messages.Dispute(evidence=evidence, deadline=deadline):
            party = consent.disputant(caller) or caller
            return _call("disputeBySig", payment, party, evidence, deadline, signatures.get(party, b""))
        case messages.Ruling(payee_bps=bps):
            return _call("ruleBySig", payment, bps, signatures.get(terms.arbiter, b""))
        case messages.Settle():
            return _settle(consent, message, caller)
        case messages.Amend():
            return _amend(consent, message)


def _settle(consent: SignedConsent, message: messages.Settle, caller: Address) -> Submission:
    terms, both = consent.payment.terms, (message.to_payer, message.deadline)
    words = (consent.signatures.get(party, b"") for party in (terms.payer, terms.payee))
    action = actions.Settle(caller=caller, to_payer=message.to_payer, deadline=message.deadline)
    return replace(_call("settle", consent.payment, *both, *words), action=action)


def _amend(consent: SignedConsent, message: messages.Amend) -> Submission:
    terms, to = consent.payment.terms, message.to
    sums = (message.held, message.paid_in, message.paid_out, message.deadline)
    signatures = [consent.signatures.get(party, b"") for party in (terms.payer, terms.payee, to.payer, to.payee)]
    return Submission(
        function="amend",
        arguments=(terms, to, sums, signatures, consent.method, consent.authorization),
        result=Payment(terms=to, domain=consent.payment.domain),
        value=message.paid_in if terms.token == NOBODY else 0,
        paid_in=message.paid_in,
    )


def _call(function: str, payment: Payment, *arguments: Any) -> Submission:
    return Submission(function=function, arguments=(payment.terms, *arguments), result=payment)
