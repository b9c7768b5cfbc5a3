"""What several verbs require: the twin of the guards in Holds.sol."""

from chain.refusals import DeadlinePassed, NotPayer, WrongValue
from chain.typed_data import TypedData
from chain.units import NOBODY, Address, Seconds
from escrow.actions.consenting import Consenting
from escrow.conditions.signed import signer_of
from escrow.errors import (
    AlreadyUsed,
    AuthorizationExpired,
    NothingHeld,
    NotOperator,
    NotSignedBy,
    TooEarly,
    UnderDispute,
)
from escrow.payment import Payment
from escrow.phase import capture_begun, expired, passed
from escrow.terms import Terms


def require_operator(terms: Terms, caller: Address) -> None:
    """Raises `NotOperator`."""
    if caller != terms.operator:
        raise NotOperator(caller, terms.operator)


def require_payer(terms: Terms, caller: Address) -> None:
    """Raises `NotPayer`."""
    if caller != terms.payer:
        raise NotPayer(caller, terms.payer)


def require_consent(payment: Payment, party: Address, message: TypedData, signature: bytes, action: Consenting) -> None:
    """By calling, by the signature of a key, or by a wallet's word; nobody signs nothing. Raises `NotSignedBy`."""
    if action.caller == party:
        return
    digest = payment.domain.digest(message)
    signed = signer_of(digest, signature) == party or party in action.wallets
    if party == NOBODY or not signed:
        raise NotSignedBy(party, digest)


def require_before(deadline: Seconds, now: Seconds) -> None:
    """Raises `DeadlinePassed`."""
    if passed(deadline, now):
        raise DeadlinePassed(now, deadline)


def require_capture_begun(terms: Terms, now: Seconds) -> None:
    """Raises `TooEarly`."""
    if not capture_begun(terms, now):
        raise TooEarly(now, terms.capture_from)


def require_not_expired(terms: Terms, now: Seconds) -> None:
    """Raises `AuthorizationExpired`."""
    if expired(terms, now):
        raise AuthorizationExpired(now, terms.authorization_expiry)


def require_undisputed(payment: Payment) -> None:
    """Raises `UnderDispute`."""
    if payment.holding.is_disputed:
        raise UnderDispute(payment.payment_id, payment.holding.disputed_at)


def require_unused(payment: Payment) -> None:
    """Raises `AlreadyUsed`."""
    if payment.holding.used:
        raise AlreadyUsed(payment.payment_id)


def require_held(payment: Payment) -> None:
    """Raises `NothingHeld`."""
    if payment.holding.held == 0:
        raise NothingHeld(payment.payment_id)


def require_value(token: Address, sent: int, amount: int) -> None:
    """Raises `WrongValue`."""
    expected = amount if token == NOBODY else 0
    if sent != expected:
        raise WrongValue(sent, expected)
