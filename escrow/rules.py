"""Which terms may be funded now: the twin of TermsRules.sol, its guards in the same order."""

from typing import TYPE_CHECKING

from chain.refusals import InvalidAmount, InvalidPayee
from chain.units import ALL_BPS, NOBODY, Address, Seconds
from escrow.errors import (
    FundingTooLate,
    InvalidFee,
    InvalidFlags,
    InvalidRulingPeriod,
    InvalidShare,
    TimesOutOfOrder,
    TooFarAhead,
)
from escrow.flags import ALL_FLAGS, PAYEE_MAY_DISPUTE, PAYER_MAY_DISPUTE

if TYPE_CHECKING:
    from escrow.terms import Terms

HOUR = 60 * 60
DAY = 24 * HOUR
FUNDING_MARGIN = HOUR
"""Between the last funding and the first capture, and before the expiry: time to see the funding and to dispute."""
SHORTEST_RULING = HOUR
LONGEST_RULING = 180 * DAY
HORIZON = 3650 * DAY


def require_fundable(terms: "Terms", now: Seconds, contract: Address) -> None:
    """`contract` is the escrow that would hold the money. Raises the `IllegalAction` by which it refuses at `now`."""
    _require_money(terms, contract)
    _require_times(terms, now)
    _require_arbiter(terms)


def _require_money(terms: "Terms", contract: Address) -> None:
    if terms.amount == 0:
        raise InvalidAmount
    if terms.payee in {NOBODY, terms.payer, contract, terms.token}:
        raise InvalidPayee(terms.payee)
    if terms.fee_bps != 0 and (terms.fee_bps > ALL_BPS or terms.fee_recipient in {NOBODY, contract, terms.token}):
        raise InvalidFee(terms.fee_bps, terms.fee_recipient)
    for share in (terms.payee_share_on_expiry_bps, terms.payee_share_on_silence_bps):
        if share > ALL_BPS:
            raise InvalidShare(share)


def _require_times(terms: "Terms", now: Seconds) -> None:
    if now >= terms.fund_by:
        raise FundingTooLate(now, terms.fund_by)
    _require_order(terms.fund_by + FUNDING_MARGIN, terms.authorization_expiry)
    _require_order(terms.authorization_expiry, terms.refund_expiry)
    for time in (terms.refund_expiry, terms.capture_from):
        if time > now + HORIZON:
            raise TooFarAhead(time, now + HORIZON)


def _require_arbiter(terms: "Terms") -> None:
    if terms.arbiter == NOBODY:
        if terms.flags != 0:
            raise InvalidFlags(terms.flags)
        if terms.ruling_period != 0:
            raise InvalidRulingPeriod(terms.ruling_period)
        return
    if terms.flags > ALL_FLAGS:
        raise InvalidFlags(terms.flags)
    if not SHORTEST_RULING <= terms.ruling_period <= LONGEST_RULING:
        raise InvalidRulingPeriod(terms.ruling_period)
    if terms.allows(PAYER_MAY_DISPUTE | PAYEE_MAY_DISPUTE):
        _require_order(terms.fund_by + FUNDING_MARGIN, terms.capture_from)


def _require_order(earlier: int, later: int) -> None:
    if earlier > later:
        raise TimesOutOfOrder(earlier, later)
