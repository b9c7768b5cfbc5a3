"""Whether there is time enough, and not too much."""

from escrow.dates import date
from escrow.finding import Gains
from escrow.linter.case import Case
from escrow.linter.rule import note, risk
from escrow.phrases import length
from escrow.rules import DAY

LITTLE_TIME_TO_FUND = 15 * 60
LONG_HOLD = 365 * DAY


@note(Gains.NOBODY)
def little_time_to_fund(case: Case) -> str | None:
    """Less than 15 minutes are left for the funding, which is refused afterwards."""
    if case.now is None:
        return None
    left = case.terms.fund_by - case.now
    if left >= LITTLE_TIME_TO_FUND:
        return None
    return f"it must be funded before {date(case.terms.fund_by)}, in {length(left)}"


@note(Gains.NOBODY)
def little_time_after_funding(case: Case) -> str | None:
    """If it is funded late, less than a day is left until the expiry, to deliver, to prove or to dispute."""
    terms = case.terms
    left = terms.authorization_expiry - terms.fund_by
    if left >= DAY:
        return None
    return f"the last funding is only {length(left)} before the expiry, {case.expiry}"


@risk(Gains.NOBODY)
def long_hold(case: Case) -> str | None:
    """More than a year may pass until anybody may end the hold."""
    held = case.latest_end - (case.terms.fund_by if case.now is None else case.now)
    if held <= LONG_HOLD:
        return None
    return f"the money may be held for {length(held)}, until {date(case.latest_end)}"


@note(Gains.PAYEE)
def no_time_to_refund(case: Case) -> str | None:
    """What the payee is paid at the end can't be refunded any more."""
    terms = case.terms
    if terms.refund_expiry > case.latest_end:
        return None
    over = date(terms.refund_expiry)
    return f"what is paid at the end, {date(case.latest_end)}, can't be refunded: that is over at {over}"
