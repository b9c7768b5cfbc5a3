"""Whether an arbiter can be asked, has time to answer, and who gains from when."""

from chain.units import NOBODY
from escrow.finding import Gains
from escrow.linter.case import Case, gains_by
from escrow.linter.rule import note, risk
from escrow.phrases import length, percent
from escrow.rules import DAY


def _the_one_who_disputes(case: Case) -> Gains:
    return Gains.PAYER if case.payer_disputes else Gains.PAYEE


def _whom_silence_favours(case: Case) -> Gains:
    terms = case.terms
    return Gains.PAYER if terms.payee_share_on_silence_bps < terms.payee_share_on_expiry_bps else Gains.PAYEE


@risk(Gains.NOBODY)
def arbiter_is_never_asked(case: Case) -> str | None:
    """There is an arbiter, but nobody may dispute."""
    terms = case.terms
    if terms.arbiter == NOBODY or case.disputable:
        return None
    return f"the arbiter {terms.arbiter} can never be asked: the terms let nobody dispute"


@note(_the_one_who_disputes)
def one_party_disputes(case: Case) -> str | None:
    """One party may ask the arbiter, the other may not."""
    if case.payer_disputes == case.payee_disputes:
        return None
    may, not_ = ("payer", "payee") if case.payer_disputes else ("payee", "payer")
    return f"the {may} may ask the arbiter, the {not_} may not"


@note(_whom_silence_favours)
def last_second_dispute(case: Case) -> str | None:
    """The clock splits otherwise after a dispute than without one: whoever gains disputes at the last second."""
    terms = case.terms
    gainer = _whom_silence_favours(case)
    disputes = case.payer_disputes if gainer is Gains.PAYER else case.payee_disputes
    if terms.payee_share_on_expiry_bps == terms.payee_share_on_silence_bps or not disputes:
        return None
    return (
        f"a dispute a second before {case.expiry} and a silent arbiter change the payee's share from "
        f"{percent(terms.payee_share_on_expiry_bps)} to {percent(terms.payee_share_on_silence_bps)}"
    )


@risk(lambda case: gains_by(case.terms.payee_share_on_silence_bps))
def short_ruling_period(case: Case) -> str | None:
    """The arbiter has less than a day for its ruling."""
    terms = case.terms
    if not case.disputable or terms.ruling_period >= DAY:
        return None
    return f"the arbiter has {length(terms.ruling_period)} to rule; then {case.on_silence.removesuffix('.')}"
