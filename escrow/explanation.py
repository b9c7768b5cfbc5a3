"""Terms in plain English: who may do what until when, and what each silence means, in money."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from chain.errors import IllegalAction, TokenMismatch
from chain.money import Token
from chain.units import NOBODY, Address, Seconds
from escrow.flags import DISPUTE_FREEZES_RESOLVE, PAYEE_MAY_DISPUTE, PAYER_MAY_DISPUTE
from escrow.rules import require_fundable
from escrow.shares import fee_of, share

if TYPE_CHECKING:
    from escrow.terms import Terms

_LAST_DATE = 253_402_300_799
_UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))


def explain(terms: "Terms", token: Token | None) -> str:
    """One section a question, one line an answer. Raises `TokenMismatch` for another token than the terms'."""
    if token is not None and token.address != terms.token:
        raise TokenMismatch(str(token), terms.token)
    try:
        require_fundable(terms, Seconds(terms.fund_by - 1), contract=NOBODY)
    except IllegalAction as error:
        return f"Nobody can fund these terms ({type(error).__name__}): {error}.\n"
    return "".join(f"{line}\n" for line in _Explanation(terms, token).lines())


class _Explanation:
    def __init__(self, terms: "Terms", token: Token | None) -> None:
        self.terms = terms
        self.token = token
        self.expiry = _date(terms.authorization_expiry)
        self.disputable = terms.allows(PAYER_MAY_DISPUTE | PAYEE_MAY_DISPUTE)

    def lines(self) -> Iterator[str]:
        terms = self.terms
        yield f"{self.money(terms.amount)} from the payer {terms.payer} to the payee {terms.payee}."
        yield "\nFunding"
        yield f"- The payer may put it in before {_date(terms.fund_by)}, or cancel these terms for ever before it does."
        yield "\nWhile money is held"
        yield "- The payer may release any part to the payee, at any time."
        yield "- The payee may give any part back to the payer, at any time."
        yield f"- {self.operator()}"
        yield f"- {self.condition()}"
        yield f"- {self.arbiter()}"
        yield "\nSilence (amounts are for a full hold; what has left it before is not split)"
        yield from (f"- {line}" for line in self.silences())
        yield "\nAfterwards"
        yield f"- {self.refunds()}"
        yield f"- {self.fee()}"

    def operator(self) -> str:
        terms = self.terms
        if terms.operator == NOBODY:
            return "There is no operator."
        who = f"The operator {self.party(terms.operator)}"
        if terms.capture_from >= terms.authorization_expiry:
            return f"{who} may never capture: that would begin at {_date(terms.capture_from)}, after the hold is over."
        since = f"from {_date(terms.capture_from)} " if terms.capture_from else ""
        dispute = ", unless there is a dispute" if self.disputable else ""
        return f"{who} may {since}capture any part for the payee or give it back, before {self.expiry}{dispute}."

    def condition(self) -> str:
        terms = self.terms
        if terms.condition == NOBODY:
            return "There is no condition."
        frozen = terms.allows(DISPUTE_FREEZES_RESOLVE)
        since = f" and from {_date(terms.capture_from)}" if frozen and terms.capture_from else ""
        rule = f"before {self.expiry}{since}, anybody may show it a proof, and what it releases goes to the payee"
        if frozen and terms.capture_from >= terms.authorization_expiry:
            rule = f"it can never be asked: that would begin at {_date(terms.capture_from)}, after the hold is over"
        stop = ("; a dispute stops that" if frozen else "; a dispute does not stop that") if self.disputable else ""
        return f"The condition {terms.condition}: {rule}{stop}."

    def arbiter(self) -> str:
        terms = self.terms
        if terms.arbiter == NOBODY:
            return "There is no arbiter, and nobody can dispute."
        who = f"The arbiter {self.party(terms.arbiter)}"
        if not self.disputable:
            return f"{who} can never be asked: nobody may dispute."
        flags = {"payer": PAYER_MAY_DISPUTE, "payee": PAYEE_MAY_DISPUTE}
        asking = " or the ".join(name for name, flag in flags.items() if terms.allows(flag))
        stops = "" if terms.operator == NOBODY else ", and the operator can do nothing more with it"
        asked = f"may be asked once, by the {asking}, before {self.expiry}"
        return f"{who} {asked}: it then splits what is held{stops}. {self.ruling()}"

    def ruling(self) -> str:
        """When the arbiter may answer."""
        period = _length(self.terms.ruling_period)
        if self.terms.allows(DISPUTE_FREEZES_RESOLVE):
            return f"It may rule at once, until {period} after the dispute or {self.expiry}, whichever is later."
        return f"It may rule from {self.expiry} on, until {period} later."

    def silences(self) -> Iterator[str]:
        terms = self.terms
        undisputed = "nobody disputes" if self.disputable else "nothing is done"
        expired = self.split(terms.payee_share_on_expiry_bps)
        yield f"If {undisputed} before {self.expiry}, anybody may end it from then on: {expired}"
        if self.disputable:
            silent = self.split(terms.payee_share_on_silence_bps)
            yield f"If there is a dispute and the arbiter's time passes without a ruling, anybody may end it: {silent}"

    def split(self, bps: int) -> str:
        to_payee = share(self.terms.amount, bps)
        to_payer = self.terms.amount - to_payee
        fee = fee_of(0, to_payee, self.terms.fee_bps)
        less = f" less a fee of {self.money(fee)}" if fee else ""
        if not to_payer:
            return f"the payee gets all, {self.money(to_payee)}{less}."
        if not to_payee:
            return f"the payer gets all back, {self.money(to_payer)}."
        return f"the payee gets {self.money(to_payee)}{less}, the payer {self.money(to_payer)}."

    def refunds(self) -> str:
        who = "The payee" if self.terms.operator == NOBODY else "The payee or the operator"
        until = _date(self.terms.refund_expiry)
        return f"{who} may refund what the payee was paid, with money of its own, before {until}."

    def fee(self) -> str:
        terms = self.terms
        if terms.fee_bps == 0:
            return "There is no fee."
        full = self.money(fee_of(0, terms.amount, terms.fee_bps))
        fee = f"{terms.fee_bps / 100:g} % of all that the payee is paid"
        return f"A fee of {fee} goes to {self.party(terms.fee_recipient)}: {full} of the full amount."

    def money(self, units: int) -> str:
        if self.token is not None:
            return str(self.token.units(units))
        kind = "the native currency" if self.terms.token == NOBODY else f"token {self.terms.token}"
        return f"{units} base units of {kind}"

    def party(self, who: Address) -> str:
        """The address, and which other part it plays: one who plays two should not go unnoticed."""
        terms = self.terms
        parts = {"the payer": terms.payer, "the payee": terms.payee, "the operator": terms.operator}
        also = [part for part, address in parts.items() if address == who]
        if who == terms.operator:
            also.remove("the operator")
        return f"{who} ({' and '.join(also)})" if also else who


def _date(time: int) -> str:
    if time > _LAST_DATE:
        return f"the Unix second {time}"
    return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def _length(seconds: int) -> str:
    parts = []
    for name, size in _UNITS:
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count} {name}{'s' if count > 1 else ''}")
    return " ".join(parts)
