"""Terms in plain English: who may do what until when, and what each silence means, in money."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from chain.errors import IllegalAction
from chain.money import Token
from chain.units import NOBODY, Seconds
from escrow.dates import date
from escrow.flags import DISPUTE_FREEZES_RESOLVE, PAYEE_MAY_DISPUTE, PAYER_MAY_DISPUTE
from escrow.phrases import Phrases, length, percent
from escrow.rules import require_fundable
from escrow.shares import fee_of
from escrow.terms_errors import OtherCondition

if TYPE_CHECKING:
    from escrow.conditions.condition import Condition
    from escrow.terms import Terms


def explain(terms: "Terms", token: Token | None, condition: "Condition | None") -> str:
    """One section a question, one line an answer. Raises `TokenMismatch`, `OtherCondition`."""
    if condition is not None and not terms.fixes(condition):
        raise OtherCondition(terms.condition, terms.condition_hash, condition.address, condition.data_hash)
    explanation = _Explanation(terms, token, condition)
    try:
        require_fundable(terms, Seconds(terms.fund_by - 1), contract=NOBODY)
    except IllegalAction as error:
        return f"Nobody can fund these terms ({type(error).__name__}): {error}.\n"
    return "".join(f"{line}\n" for line in explanation.lines())


class _Explanation:
    def __init__(self, terms: "Terms", token: Token | None, condition: "Condition | None") -> None:
        self.terms = terms
        self.phrases = Phrases(terms, token)
        self.in_words = "" if condition is None else f" ({condition.explain()})"
        self.expiry = date(terms.authorization_expiry)
        self.disputable = terms.allows(PAYER_MAY_DISPUTE | PAYEE_MAY_DISPUTE)

    def lines(self) -> Iterator[str]:
        terms = self.terms
        yield f"{self.phrases.money(terms.amount)} from the payer {terms.payer} to the payee {terms.payee}."
        if terms.token != NOBODY:
            yield f"The token is {terms.token}; its symbol says nothing of what it is worth."
        yield "\nFunding"
        yield f"- The payer, or anybody who brings its signature, may put it in before {date(terms.fund_by)}."
        yield "- The payer may cancel these terms for ever before that is done."
        yield from (f"- {line}" for line in self.charge())
        yield "\nWhile money is held"
        yield "- The payer may release any part to the payee, at any time."
        yield "- The payee may give any part back to the payer, at any time."
        yield f"- {self.operator()}"
        yield f"- {self.condition()}"
        yield f"- {self.arbiter()}"
        yield "- Payer and payee together may split it otherwise, or move it to new terms until anybody may end it."
        yield "\nSilence (amounts are for a full hold; what has left it before is not split)"
        yield from (f"- {line}" for line in self.silences())
        yield "\nAfterwards"
        yield f"- {self.refunds()}"
        yield f"- {self.fee()}"

    def charge(self) -> Iterator[str]:
        """Where the operator's time begins before the last funding, it may fund and capture in one step."""
        terms = self.terms
        if terms.operator != NOBODY and terms.capture_from < terms.fund_by:
            since = f" from {date(terms.capture_from)} on" if terms.capture_from else ""
            yield f"The operator, with the payer's signature, may put it in and capture all of it in one step{since}."

    def operator(self) -> str:
        terms = self.terms
        if terms.operator == NOBODY:
            return "There is no operator."
        who = f"The operator {self.phrases.party(terms.operator, 'operator')}"
        if terms.capture_from >= terms.authorization_expiry:
            return f"{who} may never capture: that would begin at {date(terms.capture_from)}, after the hold is over."
        since = f"from {date(terms.capture_from)} " if terms.capture_from else ""
        dispute = ", unless there is a dispute" if self.disputable else ""
        return f"{who} may {since}capture any part for the payee or give it back, before {self.expiry}{dispute}."

    def condition(self) -> str:
        terms = self.terms
        if terms.condition == NOBODY:
            return "There is no condition."
        frozen = terms.allows(DISPUTE_FREEZES_RESOLVE)
        since = f" and from {date(terms.capture_from)}" if frozen and terms.capture_from else ""
        rule = f"before {self.expiry}{since}, anybody may show it a proof, and what it releases goes to the payee"
        if frozen and terms.capture_from >= terms.authorization_expiry:
            rule = f"it can never be asked: that would begin at {date(terms.capture_from)}, after the hold is over"
        stop = ("; a dispute stops that" if frozen else "; a dispute does not stop that") if self.disputable else ""
        return f"The condition {terms.condition}{self.in_words}: {rule}{stop}."

    def arbiter(self) -> str:
        terms = self.terms
        if terms.arbiter == NOBODY:
            return "There is no arbiter, and nobody can dispute."
        who = f"The arbiter {self.phrases.party(terms.arbiter, 'arbiter')}"
        if not self.disputable:
            return f"{who} can never be asked: nobody may dispute."
        flags = {"payer": PAYER_MAY_DISPUTE, "payee": PAYEE_MAY_DISPUTE}
        asking = " or the ".join(name for name, flag in flags.items() if terms.allows(flag))
        stops = "" if terms.operator == NOBODY else ", and the operator can do nothing more with it"
        asked = f"may be asked once, by the {asking}, before {self.expiry}"
        return f"{who} {asked}: it then splits what is held{stops}. {self.ruling()}"

    def ruling(self) -> str:
        """When the arbiter may answer."""
        period = length(self.terms.ruling_period)
        if self.terms.allows(DISPUTE_FREEZES_RESOLVE):
            return f"It may rule at once, until {period} after the dispute or {self.expiry}, whichever is later."
        return f"It may rule from {self.expiry} on, until {period} later."

    def silences(self) -> Iterator[str]:
        terms = self.terms
        undisputed = "nobody disputes" if self.disputable else "nothing is done"
        expired = self.phrases.split(terms.payee_share_on_expiry_bps)
        yield f"If {undisputed} before {self.expiry}, anybody may end it from then on: {expired}"
        if self.disputable:
            silent = self.phrases.split(terms.payee_share_on_silence_bps)
            yield f"If there is a dispute and the arbiter's time passes without a ruling, anybody may end it: {silent}"

    def refunds(self) -> str:
        who = "The payee" if self.terms.operator == NOBODY else "The payee or the operator"
        until = date(self.terms.refund_expiry)
        return f"{who} may refund what the payee was paid, with money of its own, before {until}."

    def fee(self) -> str:
        terms = self.terms
        if terms.fee_bps == 0:
            return "There is no fee."
        full = self.phrases.money(fee_of(0, terms.amount, terms.fee_bps))
        taker = self.phrases.party(terms.fee_recipient, "fee recipient")
        fee = f"{percent(terms.fee_bps)} of all that the payee is paid"
        return f"A fee of {fee} goes to {taker}: {full} of the full amount."
