"""Which second belongs to which side: each boundary of the terms has one function here, as in the contract."""

from enum import Enum
from typing import TYPE_CHECKING

from chain.units import Seconds
from escrow.flags import DISPUTE_FREEZES_RESOLVE
from escrow.terms import Terms

if TYPE_CHECKING:
    from escrow.payment import Payment


class Phase(Enum):
    """Of a hold. While open, operator and condition may let it go; once disputed, the arbiter; when over, the clock."""

    OPEN = "open"
    DISPUTED = "disputed"
    OVER = "over"


def phase_of(payment: "Payment", now: Seconds) -> Phase:
    """Of the hold, at the Unix second `now`."""
    if hold_over(payment, now):
        return Phase.OVER
    return Phase.DISPUTED if payment.holding.is_disputed else Phase.OPEN


def end_of(payment: "Payment") -> Seconds:
    """From this second on anybody may end the hold.

    A dispute gives the arbiter its whole period, counted from where it may begin to rule: an early dispute never brings
    the default for silence forward.
    """
    terms, holding = payment.terms, payment.holding
    if not holding.is_disputed:
        return terms.authorization_expiry
    if not terms.allows(DISPUTE_FREEZES_RESOLVE):
        return Seconds(terms.authorization_expiry + terms.ruling_period)
    return max(terms.authorization_expiry, Seconds(holding.disputed_at + terms.ruling_period))


def hold_over(payment: "Payment", now: Seconds) -> bool:
    """True from the second `end_of` on."""
    return now >= end_of(payment)


def expired(terms: Terms, now: Seconds) -> bool:
    """True from the second `authorization_expiry` on, where the hold is over unless there is a dispute."""
    return now >= terms.authorization_expiry


def capture_begun(terms: Terms, now: Seconds) -> bool:
    """True from the second `capture_from` on."""
    return now >= terms.capture_from


def refund_over(terms: Terms, now: Seconds) -> bool:
    """True from the second `refund_expiry` on."""
    return now >= terms.refund_expiry


def passed(deadline: Seconds, now: Seconds) -> bool:
    """Of a consent: true from the second `deadline` on."""
    return now >= deadline
