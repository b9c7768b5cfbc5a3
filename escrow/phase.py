"""Which second belongs to which side: each boundary of the terms has one function here, as in the contract."""

from enum import Enum

from chain.units import Seconds
from escrow.terms import Terms


class Phase(Enum):
    """Of a hold. While open, operator and condition may let it go; when over, the clock may end it."""

    OPEN = "open"
    OVER = "over"


def phase_of(terms: Terms, now: Seconds) -> Phase:
    """At `authorization_expiry` itself the hold is over."""
    return Phase.OVER if now >= terms.authorization_expiry else Phase.OPEN


def capture_begun(terms: Terms, now: Seconds) -> bool:
    """True from the second `capture_from` on."""
    return now >= terms.capture_from


def refund_over(terms: Terms, now: Seconds) -> bool:
    """True from the second `refund_expiry` on."""
    return now >= terms.refund_expiry
