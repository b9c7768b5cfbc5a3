"""What happens if somebody never does anything again: every hold ends, and each end is named."""

from chain.units import NOBODY
from escrow.dates import date
from escrow.finding import Gains
from escrow.linter.case import Case, gains_by
from escrow.linter.rule import note


def _by_expiry(case: Case) -> Gains:
    return gains_by(case.terms.payee_share_on_expiry_bps)


def _by_silence(case: Case) -> Gains:
    return gains_by(case.terms.payee_share_on_silence_bps)


@note(_by_expiry)
def everybody_silent(case: Case) -> str | None:
    """Who gets what if nobody does anything; anybody may then end the hold."""
    return f"if nobody does anything, from {case.expiry} on {case.on_expiry}"


@note(_by_expiry)
def payer_silent(case: Case) -> str | None:
    """What the others may do without the payer, and what is left if they don't."""
    return _without("payer", case, "the payee may give it back", "payee" if case.payee_disputes else None)


@note(_by_expiry)
def payee_silent(case: Case) -> str | None:
    """What the others may do without the payee, and what is left if they don't."""
    return _without("payee", case, "the payer may release it", "payer" if case.payer_disputes else None)


@note(_by_expiry)
def operator_silent(case: Case) -> str | None:
    """What is left if the operator neither captures nor gives back."""
    return f"if the operator does nothing, from {case.expiry} on {case.on_expiry}" if case.operator_acts else None


@note(_by_expiry)
def condition_silent(case: Case) -> str | None:
    """What is left if the condition's proof is never shown, or the condition never answers."""
    if case.terms.condition == NOBODY:
        return None
    return f"if the condition releases nothing before {case.expiry}, from then on {case.on_expiry}"


@note(_by_silence)
def arbiter_silent(case: Case) -> str | None:
    """Who gets what if the arbiter is asked and never answers."""
    if not case.disputable:
        return None
    return f"if the arbiter is asked and does not rule, at the latest from {date(case.latest_end)} on {case.on_silence}"


@note(Gains.NOBODY)
def ends_by(case: Case) -> str | None:
    """The second from which anybody may end the hold, whatever was done before; only an amendment by both moves it."""
    return f"from {date(case.latest_end)} on anybody may end the hold, whatever was done or not done before"


def _without(party: str, case: Case, other: str, disputant: str | None) -> str:
    others = [other]
    if case.operator_acts:
        others.append("the operator may capture it or give it back")
    if case.terms.condition != NOBODY:
        others.append("anybody may show the condition its proof")
    if disputant is None:
        return f"without the {party}, {', '.join(others)}; else from {case.expiry} on {case.on_expiry}"
    asked = f"the {disputant} may ask the arbiter, which ends it before {date(case.latest_end)}, or the clock then"
    return f"without the {party}, {', '.join(others)}, {asked}; else from {case.expiry} on {case.on_expiry}"
