"""How a payment begins: the twin of Authorizations.sol and of SignedFunding.sol."""

from collections.abc import Sequence
from typing import assert_never

from chain.permit2 import Method
from chain.refusals import InvalidAmount, TokenHasNoCode, WrongValue
from chain.units import NOBODY, Address, Amount, Seconds
from escrow import messages
from escrow.actions.amendments import Amend
from escrow.actions.authorizations import (
    Authorize,
    AuthorizeBySig,
    AuthorizeERC3009,
    Authorizing,
    Cancel,
    Charge,
)
from escrow.effects import Effect, Pull
from escrow.errors import AlreadyUsed, OtherToken
from escrow.holding import Holding
from escrow.machine.guards import (
    require_capture_begun,
    require_consent,
    require_not_expired,
    require_operator,
    require_payer,
    require_undisputed,
    require_unused,
    require_value,
)
from escrow.machine.holds import Step, earn, holding
from escrow.payment import Payment
from escrow.rules import require_fundable


def step(payment: Payment, action: Authorizing, now: Seconds) -> Step:
    """What `transition` says of these verbs."""
    match action:
        case Charge():
            return _charge(payment, action, now)
        case Authorize():
            return _authorize(payment, action, now)
        case AuthorizeBySig():
            return begun(payment, now), _fund(payment, action)
        case AuthorizeERC3009():
            return begun(payment, now), _take_by_key(payment)
        case Cancel():
            return _cancel(payment, action)
        case _:
            assert_never(action)


def authorize_many(
    payments: Sequence[Payment], action: Authorize, now: Seconds
) -> tuple[tuple[Payment, ...], tuple[Effect, ...]]:
    """The payer funds them all, or none, with one transfer. Raises as `transition`, and `OtherToken`."""
    if not payments:
        raise InvalidAmount
    token = payments[0].terms.token
    newer: dict[bytes, Payment] = {}
    for payment in payments:
        if payment.terms.token != token:
            raise OtherToken(payment.terms.token, token)
        require_payer(payment.terms, action.caller)
        newer[payment.payment_id] = begun(newer.get(payment.payment_id, payment), now)
    total = sum(payment.terms.amount for payment in payments)
    require_value(token, action.value, total)

    return tuple(newer.values()), (Pull(action.caller, Amount(total)),)


def begun(payment: Payment, now: Seconds) -> Payment:
    """With its whole amount held. Raises what `require_fundable` raises, and `AlreadyUsed`."""
    require_fundable(payment.terms, now, payment.domain.contract)
    require_unused(payment)
    return holding(payment, Holding(held=payment.terms.amount, used=True))


def take(token: Address, payer: Address, amount: Amount, action: AuthorizeBySig | Amend) -> tuple[Effect, ...]:
    """Native money is the caller's. Raises `WrongValue`, and `TokenHasNoCode` where only a token could be asked."""
    if action.method is Method.ALLOWANCE:
        require_value(token, action.value, amount)
        return (Pull(action.caller if token == NOBODY else payer, amount),)
    if action.value != 0:
        raise WrongValue(action.value, 0)
    _require_token(token)
    return (Pull(payer, amount),)


def _authorize(payment: Payment, action: Authorize, now: Seconds) -> Step:
    terms = payment.terms
    require_payer(terms, action.caller)
    newer = begun(payment, now)
    require_value(terms.token, action.value, terms.amount)

    return newer, (Pull(terms.payer, terms.amount),)


def _charge(payment: Payment, action: Charge, now: Seconds) -> Step:
    terms = payment.terms
    require_operator(terms, action.caller)
    require_capture_begun(terms, now)
    require_not_expired(terms, now)
    if payment.holding.used:
        require_undisputed(payment)
        if payment.holding.held != terms.amount or not terms.amount:
            raise AlreadyUsed(payment.payment_id)
        if action.value != 0:
            raise WrongValue(action.value, 0)
        return earn(payment, terms.amount)

    funded, pulled = begun(payment, now), _fund(payment, action)
    charged, paid = earn(funded, terms.amount)
    return charged, pulled + paid


def _cancel(payment: Payment, action: Cancel) -> Step:
    require_payer(payment.terms, action.caller)
    require_unused(payment)

    return holding(payment, Holding(used=True)), ()


def _take_by_key(payment: Payment) -> tuple[Effect, ...]:
    _require_token(payment.terms.token)
    return (Pull(payment.terms.payer, payment.terms.amount),)


def _require_token(token: Address) -> None:
    """Native money can't be taken by an authorization."""
    if token == NOBODY:
        raise TokenHasNoCode(token)


def _fund(payment: Payment, action: AuthorizeBySig) -> tuple[Effect, ...]:
    terms = payment.terms
    if action.method is Method.ALLOWANCE:
        require_consent(payment, terms.payer, messages.Authorize(terms=terms), action.authorization, action)
    return take(terms.token, terms.payer, terms.amount, action)
