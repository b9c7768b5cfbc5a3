"""Whether disputes and an operator fit the condition."""

from chain.units import NOBODY
from escrow.dates import date
from escrow.finding import Gains
from escrow.linter.case import Case
from escrow.linter.reach import begins_before
from escrow.linter.rule import refuse, risk


@refuse(Gains.PAYER)
def dispute_before_secret(case: Case) -> str | None:
    """Flag 4 with a condition whose proof holds a secret: whoever sees the proof coming disputes in front of it."""
    if not _reveals(case) or not case.freezes:
        return None
    return "a dispute stops the condition (flag 4): who sees its secret in the mempool can still keep the money back"


@risk(Gains.PAYER)
def operator_beside_secret(case: Case) -> str | None:
    """An operator with a condition whose proof holds a secret: it may give back the money in front of the proof."""
    if not _reveals(case) or not case.operator_acts or case.terms.operator == case.terms.payee:
        return None
    return f"the operator {case.terms.operator}, who sees the secret in the mempool, may give the money back before it"


@risk(Gains.OPERATOR)
def operator_beside_condition(case: Case) -> str | None:
    """An operator may capture or void whatever the condition says."""
    terms = case.terms
    if terms.condition == NOBODY or not case.operator_acts or _reveals(case):
        return None
    return f"the operator {terms.operator} may capture or give back whatever the condition says"


@risk(Gains.PAYEE)
def clock_outruns_dispute(case: Case) -> str | None:
    """The condition releases by itself, and without flag 4 a dispute does not stop it: the arbiter is decoration."""
    condition = case.condition
    if condition is None or case.freezes or not case.payer_disputes:
        return None
    if not begins_before(condition, case.terms.authorization_expiry):
        return None
    return f"from {date(condition.begins or 0)} on the condition releases by itself, and no dispute stops it (flag 4)"


@risk(Gains.PAYER)
def dispute_stops_proof(case: Case) -> str | None:
    """With flag 4 the payer's dispute stops a proof that others give, and that was agreed to be enough."""
    condition = case.condition
    if condition is None or not case.freezes or not case.payer_disputes or condition.reveals:
        return None
    if begins_before(condition, case.terms.authorization_expiry):
        return None
    return f"the payer may stop by a dispute (flag 4) what was agreed to be enough: {condition.explain()}"


@refuse(Gains.PAYER)
def condition_is_never_asked(case: Case) -> str | None:
    """With flag 4 the condition waits for `captureFrom`, which is not before the expiry."""
    terms = case.terms
    if terms.condition == NOBODY or not case.freezes or terms.capture_from < terms.authorization_expiry:
        return None
    return (
        f"the condition may be asked from {date(terms.capture_from)} on (flag 4), but the hold is over at {case.expiry}"
    )


def _reveals(case: Case) -> bool:
    return case.condition is not None and case.condition.reveals
