"""A party asks the arbiter, who can only split what is held: the twin of Disputes.sol."""

from typing import assert_never

from chain.units import ALL_BPS, Address, Bps, Seconds
from escrow import messages
from escrow.actions.disputes import Dispute, DisputeBySig, Disputing, Rule, RuleBySig
from escrow.errors import InvalidShare, MayNotDispute, NotArbiter, NotDisputed, RulingExpired, TooEarly
from escrow.flags import DISPUTE_FREEZES_RESOLVE, PAYEE_MAY_DISPUTE, PAYER_MAY_DISPUTE
from escrow.machine.guards import (
    require_before,
    require_consent,
    require_held,
    require_not_expired,
    require_undisputed,
)
from escrow.machine.holds import Step, holding, split_by
from escrow.payment import Payment
from escrow.phase import end_of, expired, hold_over


def step(payment: Payment, action: Disputing, now: Seconds) -> Step:
    """What `transition` says of these verbs."""
    match action:
        case Dispute():
            return _dispute(payment, action.caller, now)
        case DisputeBySig():
            return _dispute_by_sig(payment, action, now)
        case Rule():
            if action.caller != payment.terms.arbiter:
                raise NotArbiter(action.caller, payment.terms.arbiter)
            return _rule(payment, action.payee_bps, now)
        case RuleBySig():
            return _rule_by_sig(payment, action, now)
        case _:
            assert_never(action)


def _dispute_by_sig(payment: Payment, action: DisputeBySig, now: Seconds) -> Step:
    require_before(action.deadline, now)
    said = messages.Dispute(payment_id=payment.payment_id, evidence=action.evidence, deadline=action.deadline)
    require_consent(payment, action.party, said, action.signature, action)

    return _dispute(payment, action.party, now)


def _rule_by_sig(payment: Payment, action: RuleBySig, now: Seconds) -> Step:
    disputed_at = payment.holding.disputed_at
    said = messages.Ruling(payment_id=payment.payment_id, disputed_at=disputed_at, payee_bps=action.payee_bps)
    require_consent(payment, payment.terms.arbiter, said, action.signature, action)

    return _rule(payment, action.payee_bps, now)


def _dispute(payment: Payment, party: Address, now: Seconds) -> Step:
    terms = payment.terms
    as_payer = party == terms.payer and terms.allows(PAYER_MAY_DISPUTE)
    as_payee = party == terms.payee and terms.allows(PAYEE_MAY_DISPUTE)
    if not (as_payer or as_payee):
        raise MayNotDispute(party)
    require_not_expired(terms, now)
    require_held(payment)
    require_undisputed(payment)

    return holding(payment, payment.holding.dispute(now)), ()


def _rule(payment: Payment, payee_bps: Bps, now: Seconds) -> Step:
    terms = payment.terms
    if not payment.holding.is_disputed:
        raise NotDisputed(payment.payment_id)
    if not terms.allows(DISPUTE_FREEZES_RESOLVE) and not expired(terms, now):
        raise TooEarly(now, terms.authorization_expiry)
    if hold_over(payment, now):
        raise RulingExpired(now, end_of(payment))
    require_held(payment)
    if payee_bps > ALL_BPS:
        raise InvalidShare(payee_bps)

    return split_by(payment, payee_bps)
