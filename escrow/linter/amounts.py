"""Whether the amount, the shares and the fee mean something."""

from escrow.finding import Gains
from escrow.linter.case import Case
from escrow.linter.rule import note, risk
from escrow.phrases import percent
from escrow.shares import fee_of, share

HIGH_FEE_BPS = 1_000


@risk(Gains.FEE_RECIPIENT)
def high_fee(case: Case) -> str | None:
    """The fee is above 10 %."""
    terms = case.terms
    if terms.fee_bps <= HIGH_FEE_BPS:
        return None
    fee = fee_of(0, terms.amount, terms.fee_bps)
    return f"a fee of {percent(terms.fee_bps)} takes {case.phrases.money(fee)} of {case.phrases.money(terms.amount)}"


@note(Gains.PAYEE)
def fee_rounds_to_nothing(case: Case) -> str | None:
    """The amount is too small for its fee."""
    terms = case.terms
    if terms.fee_bps == 0 or fee_of(0, terms.amount, terms.fee_bps):
        return None
    return f"a fee of {percent(terms.fee_bps)} of {case.phrases.money(terms.amount)} rounds down to nothing"


@note(Gains.PAYER)
def share_rounds_to_nothing(case: Case) -> str | None:
    """The amount is too small for a share that the payee is to get from the clock."""
    terms = case.terms
    shares = [terms.payee_share_on_expiry_bps]
    if case.disputable:
        shares.append(terms.payee_share_on_silence_bps)
    for bps in shares:
        if bps and not share(terms.amount, bps):
            return f"the payee's share of {percent(bps)} of {case.phrases.money(terms.amount)} rounds down to nothing"
    return None
