"""One who plays two parts."""

from chain.units import NOBODY, Address
from escrow.finding import Gains
from escrow.linter.case import Case
from escrow.linter.rule import note, refuse, risk

BURNT = Address("0x000000000000000000000000000000000000dEaD")
LAST_RESERVED = 0xFFFF
"""Precompiles live below it, and nobody has found a key for such an address."""


@refuse(Gains.NOBODY)
def part_is_nobodys(case: Case) -> str | None:
    """A part is given to the token, or to an address behind which nobody stands: a precompile, a burn address."""
    terms = case.terms
    parts = {"payee": terms.payee, "operator": terms.operator, "arbiter": terms.arbiter, "fee": terms.fee_recipient}
    for part, address in parts.items():
        if address != NOBODY and (address in {terms.token, BURNT} or int(address, 16) <= LAST_RESERVED):
            return f"{address}, named as the {part}, is nobody's account"
    return None


@risk(Gains.PAYEE)
def operator_is_payee(case: Case) -> str | None:
    """The payee captures for itself, whatever it delivers: as with a card."""
    terms = case.terms
    if terms.operator != terms.payee or not case.operator_acts:
        return None
    return f"the payee {terms.payee} is the operator: before {case.expiry} it may capture all of it alone"


@risk(Gains.PAYER)
def operator_is_payer(case: Case) -> str | None:
    """The payer gives itself the money back, whatever was delivered."""
    terms = case.terms
    if terms.operator != terms.payer or not case.operator_acts:
        return None
    return f"the payer {terms.payer} is the operator: before {case.expiry} it may give itself back all that is held"


@note(Gains.OPERATOR)
def operator_decides_alone(case: Case) -> str | None:
    """The operator may capture at the second of the funding, and nobody may dispute: it is trusted with all of it."""
    terms = case.terms
    # where somebody may dispute, no such terms can be funded
    alone = case.operator_acts and terms.capture_from <= terms.fund_by
    if not alone or terms.operator in {terms.payer, terms.payee}:
        return None
    return f"the operator {terms.operator} may capture or give back as soon as the money is in, and nobody may dispute"


@note(Gains.OPERATOR)
def operator_takes_the_fee(case: Case) -> str | None:
    """The operator earns by a capture, and nothing by giving back."""
    terms = case.terms
    if not case.operator_acts or terms.fee_bps == 0 or terms.fee_recipient != terms.operator:
        return None
    return f"the operator {terms.operator} gets the fee, so it earns by a capture and nothing by giving back"


@risk(Gains.PAYER)
def arbiter_is_payer(case: Case) -> str | None:
    """The payer is the judge of its own dispute."""
    terms = case.terms
    if terms.arbiter != terms.payer or not case.disputable:
        return None
    return f"the payer {terms.payer} is the arbiter: in a dispute it may give itself back all that is held"


@risk(Gains.PAYEE)
def arbiter_is_payee(case: Case) -> str | None:
    """The payee is the judge of its own dispute."""
    terms = case.terms
    if terms.arbiter != terms.payee or not case.disputable:
        return None
    return f"the payee {terms.payee} is the arbiter: in a dispute it may take all that is held"


@risk(Gains.OPERATOR)
def arbiter_is_operator(case: Case) -> str | None:
    """Whoever captures is also asked whether that is right."""
    terms = case.terms
    if terms.arbiter != terms.operator or not case.disputable or not case.operator_acts:
        return None
    return f"the operator {terms.operator} is the arbiter, too: a dispute asks whoever may capture anyway"


@risk(Gains.ARBITER)
def arbiter_takes_the_fee(case: Case) -> str | None:
    """The arbiter earns by every unit that it gives to the payee."""
    terms = case.terms
    if not case.disputable or terms.fee_bps == 0 or terms.fee_recipient != terms.arbiter:
        return None
    return f"the arbiter {terms.arbiter} gets the fee, so it earns by what it rules to the payee"


@risk(Gains.PAYER)
def fee_goes_to_payer(case: Case) -> str | None:
    """The payer gets a part of its own payment back."""
    terms = case.terms
    if terms.fee_bps == 0 or terms.fee_recipient != terms.payer:
        return None
    return f"the fee goes back to the payer {terms.payer}"


@risk(Gains.NOBODY)
def operator_is_mute(case: Case) -> str | None:
    """`captureFrom` is not before the expiry, so the operator can never capture or void."""
    terms = case.terms
    if terms.operator == NOBODY or case.operator_acts:
        return None
    return f"the operator {terms.operator} may never do anything: its time would begin when the hold is over"
