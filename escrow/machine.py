"""What a verb does to a payment: the twin of Escrow.sol, its guards in the same order."""

from dataclasses import replace
from typing import assert_never

from chain.refusals import InexactTransfer, NotPayer, WrongValue
from chain.units import NOBODY, Address, Amount, Seconds
from escrow.actions import Action, Authorize, Cancel, Capture, Expire, Refund, Release, Resolve, Void
from escrow.effects import Effect, Pay, Pull
from escrow.errors import (
    AlreadyUsed,
    AuthorizationExpired,
    HeldChanged,
    NoCondition,
    NotExpired,
    NothingHeld,
    NothingReleased,
    NothingToMove,
    NothingToRefund,
    NotOperator,
    NotPayeeOrOperator,
    RefundExpired,
    TooEarly,
    WrongConditionData,
)
from escrow.flags import DISPUTE_FREEZES_RESOLVE
from escrow.holding import Holding
from escrow.payment import Payment
from escrow.phase import Phase, capture_begun, refund_over
from escrow.rules import require_fundable
from escrow.shares import fee_of, share
from escrow.terms import Terms

Step = tuple[Payment, tuple[Effect, ...]]


def transition(payment: Payment, action: Action, now: Seconds) -> Step:  # noqa: C901 -- one case a verb
    """The payment after `action` in a block of time `now`, and what moves, in order.

    Raises the `IllegalAction` by which the contract refuses; a token's own refusals are not known here.
    """
    match action:
        case Authorize():
            return _authorize(payment, action, now)
        case Capture():
            return _capture(payment, action, now)
        case Release():
            return _release(payment, action)
        case Void():
            return _void(payment, action, now)
        case Resolve():
            return _resolve(payment, action, now)
        case Refund():
            return _refund(payment, action, now)
        case Expire():
            return _expire(payment, now)
        case Cancel():
            return _cancel(payment, action)
        case _:
            assert_never(action)


def _authorize(payment: Payment, action: Authorize, now: Seconds) -> Step:
    terms = payment.terms
    _require_payer(terms, action.caller)
    require_fundable(terms, now, payment.domain.contract)
    _require_unused(payment)
    _require_value(terms, action.value, terms.amount)

    return _held(payment, Holding(held=terms.amount, used=True)), (Pull(terms.payer, terms.amount),)


def _capture(payment: Payment, action: Capture, now: Seconds) -> Step:
    if action.caller != payment.terms.operator:
        raise NotOperator(action.caller, payment.terms.operator)
    _require_operators_time(payment, now)

    return _earn(payment, _above(payment, action.held_after))


def _release(payment: Payment, action: Release) -> Step:
    _require_payer(payment.terms, action.caller)

    return _earn(payment, _above(payment, action.held_after))


def _void(payment: Payment, action: Void, now: Seconds) -> Step:
    if action.caller != payment.terms.payee:
        if action.caller != payment.terms.operator:
            raise NotPayeeOrOperator(action.caller)
        _require_operators_time(payment, now)
    amount = _above(payment, action.held_after)

    newer = replace(payment.holding, held=action.held_after)
    return _held(payment, newer), (Pay(payment.terms.payer, amount),)


def _resolve(payment: Payment, action: Resolve, now: Seconds) -> Step:
    terms, condition = payment.terms, action.proof.condition
    _require_open(payment, now)
    if terms.allows(DISPUTE_FREEZES_RESOLVE):
        _require_capture_begun(terms, now)
    if terms.condition == NOBODY:
        raise NoCondition(payment.payment_id)
    if condition.data_hash != terms.condition_hash:
        raise WrongConditionData(condition.data_hash, terms.condition_hash)
    _require_held(payment)
    gone = terms.amount - payment.holding.held
    released = action.proof.released(payment.payment_id, terms.amount, now)
    if released <= gone:
        raise NothingReleased(payment.payment_id, released, gone)

    return _earn(payment, Amount(released - gone))


def _refund(payment: Payment, action: Refund, now: Seconds) -> Step:
    terms, holding = payment.terms, payment.holding
    if action.caller not in {terms.payee, terms.operator}:
        raise NotPayeeOrOperator(action.caller)
    if refund_over(terms, now):
        raise RefundExpired(now, terms.refund_expiry)
    if action.held != holding.held:
        raise HeldChanged(payment.payment_id, holding.held, action.held)
    if action.refundable_after >= holding.refundable:
        raise NothingToRefund(payment.payment_id, holding.refundable, action.refundable_after)
    amount = Amount(holding.refundable - action.refundable_after)
    _require_value(terms, action.value, amount)
    if action.caller == terms.payer and terms.token != NOBODY:
        raise InexactTransfer(terms.token, 0, amount)

    newer = replace(holding, refundable=action.refundable_after)
    return _held(payment, newer), (Pull(action.caller, amount), Pay(terms.payer, amount))


def _expire(payment: Payment, now: Seconds) -> Step:
    terms, held = payment.terms, payment.holding.held
    if payment.phase(now) is not Phase.OVER:
        raise NotExpired(now, terms.authorization_expiry)
    _require_held(payment)

    to_payee = share(held, terms.payee_share_on_expiry_bps)
    to_payer = Amount(held - to_payee)
    fee = fee_of(payment.holding.refundable, to_payee, terms.fee_bps)
    newer = replace(payment.holding, held=Amount(0), refundable=Amount(payment.holding.refundable + to_payee))
    return _held(payment, newer), _nonzero(
        Pay(terms.payer, to_payer), Pay(terms.payee, Amount(to_payee - fee)), Pay(terms.fee_recipient, fee)
    )


def _cancel(payment: Payment, action: Cancel) -> Step:
    _require_payer(payment.terms, action.caller)
    _require_unused(payment)

    return _held(payment, Holding(used=True)), ()


def _earn(payment: Payment, amount: Amount) -> Step:
    """Moves `amount` of what is held to the payee; the fee goes out first."""
    terms, holding = payment.terms, payment.holding
    fee = fee_of(holding.refundable, amount, terms.fee_bps)
    newer = replace(holding, held=Amount(holding.held - amount), refundable=Amount(holding.refundable + amount))
    paid = _nonzero(Pay(terms.fee_recipient, fee), Pay(terms.payee, Amount(amount - fee)))
    return _held(payment, newer), paid


def _above(payment: Payment, held_after: Amount) -> Amount:
    """What is held above the level."""
    held = payment.holding.held
    if held_after >= held:
        raise NothingToMove(payment.payment_id, held, held_after)
    return Amount(held - held_after)


def _held(payment: Payment, holding: Holding) -> Payment:
    return replace(payment, holding=holding, receipt=None)


def _nonzero(*payouts: Effect) -> tuple[Effect, ...]:
    return tuple(payout for payout in payouts if payout.amount)


def _require_payer(terms: Terms, caller: Address) -> None:
    if caller != terms.payer:
        raise NotPayer(caller, terms.payer)


def _require_unused(payment: Payment) -> None:
    if payment.holding.used:
        raise AlreadyUsed(payment.payment_id)


def _require_held(payment: Payment) -> None:
    if payment.holding.held == 0:
        raise NothingHeld(payment.payment_id)


def _require_value(terms: Terms, sent: int, amount: Amount) -> None:
    expected = amount if terms.token == NOBODY else 0
    if sent != expected:
        raise WrongValue(sent, expected)


def _require_operators_time(payment: Payment, now: Seconds) -> None:
    _require_capture_begun(payment.terms, now)
    _require_open(payment, now)


def _require_capture_begun(terms: Terms, now: Seconds) -> None:
    if not capture_begun(terms, now):
        raise TooEarly(now, terms.capture_from)


def _require_open(payment: Payment, now: Seconds) -> None:
    if payment.phase(now) is Phase.OVER:
        raise AuthorizationExpired(now, payment.terms.authorization_expiry)
