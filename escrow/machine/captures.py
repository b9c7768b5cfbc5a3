"""How held money leaves without a dispute, and comes back: the twin of Captures.sol."""

from typing import assert_never

from chain.refusals import InexactTransfer, WrongConditionData
from chain.units import NOBODY, Amount, Seconds
from escrow import messages
from escrow.actions.captures import (
    Capture,
    Capturing,
    Expire,
    Refund,
    Release,
    ReleaseBySig,
    Resolve,
    Void,
    VoidBySig,
)
from escrow.conditions.facts import Facts
from escrow.effects import Pay, Pull
from escrow.errors import (
    HeldChanged,
    NoCondition,
    NotExpired,
    NothingReleased,
    NothingToRefund,
    NotPayeeOrOperator,
    RefundExpired,
)
from escrow.flags import DISPUTE_FREEZES_RESOLVE
from escrow.machine.guards import (
    require_before,
    require_capture_begun,
    require_consent,
    require_held,
    require_not_expired,
    require_operator,
    require_payer,
    require_undisputed,
    require_value,
)
from escrow.machine.holds import Step, above, earn, give_back, holding, split_by
from escrow.payment import Payment
from escrow.phase import end_of, hold_over, refund_over


def step(payment: Payment, action: Capturing, now: Seconds) -> Step:  # noqa: C901 -- one case a verb
    """What `transition` says of these verbs."""
    match action:
        case Capture():
            return _capture(payment, action, now)
        case Release():
            return _release(payment, action)
        case ReleaseBySig():
            return _release_by_sig(payment, action, now)
        case Void():
            return _void(payment, action, now)
        case VoidBySig():
            return _void_by_sig(payment, action, now)
        case Resolve():
            return _resolve(payment, action, now)
        case Refund():
            return _refund(payment, action, now)
        case Expire():
            return _expire(payment, now)
        case _:
            assert_never(action)


def _capture(payment: Payment, action: Capture, now: Seconds) -> Step:
    require_operator(payment.terms, action.caller)
    _require_operators_time(payment, now)

    return earn(payment, above(payment, action.held_after))


def _release(payment: Payment, action: Release) -> Step:
    require_payer(payment.terms, action.caller)

    return earn(payment, above(payment, action.held_after))


def _release_by_sig(payment: Payment, action: ReleaseBySig, now: Seconds) -> Step:
    require_before(action.deadline, now)
    said = messages.Release(payment_id=payment.payment_id, held_after=action.held_after, deadline=action.deadline)
    require_consent(payment, payment.terms.payer, said, action.signature, action)

    return earn(payment, above(payment, action.held_after))


def _void(payment: Payment, action: Void, now: Seconds) -> Step:
    if action.caller != payment.terms.payee:
        if action.caller != payment.terms.operator:
            raise NotPayeeOrOperator(action.caller)
        _require_operators_time(payment, now)

    return give_back(payment, above(payment, action.held_after))


def _void_by_sig(payment: Payment, action: VoidBySig, now: Seconds) -> Step:
    require_before(action.deadline, now)
    said = messages.Void(payment_id=payment.payment_id, held_after=action.held_after, deadline=action.deadline)
    require_consent(payment, payment.terms.payee, said, action.signature, action)

    return give_back(payment, above(payment, action.held_after))


def _resolve(payment: Payment, action: Resolve, now: Seconds) -> Step:
    terms, condition = payment.terms, action.proof.condition
    require_not_expired(terms, now)
    require_held(payment)
    if terms.allows(DISPUTE_FREEZES_RESOLVE):
        require_capture_begun(terms, now)
        require_undisputed(payment)
    if terms.condition == NOBODY:
        raise NoCondition(payment.payment_id)
    if condition.data_hash != terms.condition_hash:
        raise WrongConditionData(condition.data_hash, terms.condition_hash)
    gone = terms.amount - payment.holding.held
    facts = Facts(chain_id=payment.chain_id, now=now, wallets=action.wallets)
    released = action.proof.released(payment.payment_id, terms.amount, facts)
    if released <= gone:
        raise NothingReleased(payment.payment_id, released, gone)

    return earn(payment, Amount(released - gone))


def _refund(payment: Payment, action: Refund, now: Seconds) -> Step:
    terms, known = payment.terms, payment.holding
    if action.caller not in {terms.payee, terms.operator}:
        raise NotPayeeOrOperator(action.caller)
    if refund_over(terms, now):
        raise RefundExpired(now, terms.refund_expiry)
    if action.held != known.held:
        raise HeldChanged(payment.payment_id, known.held, action.held)
    if action.refundable_after >= known.refundable:
        raise NothingToRefund(payment.payment_id, known.refundable, action.refundable_after)
    amount = Amount(known.refundable - action.refundable_after)
    require_value(terms.token, action.value, amount)
    if action.caller == terms.payer and terms.token != NOBODY:
        raise InexactTransfer(terms.token, 0, amount)

    return holding(payment, known.refund(amount)), (Pull(action.caller, amount), Pay(terms.payer, amount))


def _expire(payment: Payment, now: Seconds) -> Step:
    terms = payment.terms
    if not hold_over(payment, now):
        raise NotExpired(now, end_of(payment))
    require_held(payment)

    disputed = payment.holding.is_disputed
    return split_by(payment, terms.payee_share_on_silence_bps if disputed else terms.payee_share_on_expiry_bps)


def _require_operators_time(payment: Payment, now: Seconds) -> None:
    require_capture_begun(payment.terms, now)
    require_not_expired(payment.terms, now)
    require_undisputed(payment)
