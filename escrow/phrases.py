"""The words in which terms are explained and judged: amounts, parties, lengths and splits."""

from typing import TYPE_CHECKING

from chain.errors import TokenMismatch
from chain.money import Token
from chain.units import NOBODY, Address
from escrow.shares import fee_of, share

if TYPE_CHECKING:
    from escrow.terms import Terms

_UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))


class Phrases:
    """Of one agreement; amounts are money if `token` is given. Raises `TokenMismatch` for another than the terms'."""

    def __init__(self, terms: "Terms", token: Token | None) -> None:
        if token is not None and token.address != terms.token:
            raise TokenMismatch(str(token), terms.token)
        self._terms = terms
        self._token = token

    def money(self, units: int) -> str:
        """An amount of the terms' token."""
        if self._token is not None:
            return str(self._token.units(units))
        kind = "the native currency" if self._terms.token == NOBODY else f"token {self._terms.token}"
        return f"{units} base units of {kind}"

    def split(self, bps: int) -> str:
        """Who gets what, if all of the amount is split at this share of the payee's."""
        to_payee = share(self._terms.amount, bps)
        to_payer = self._terms.amount - to_payee
        fee = fee_of(0, to_payee, self._terms.fee_bps)
        less = f" less a fee of {self.money(fee)}" if fee else ""
        if not to_payer:
            return f"the payee gets all, {self.money(to_payee)}{less}."
        if not to_payee:
            return f"the payer gets all back, {self.money(to_payer)}."
        return f"the payee gets {self.money(to_payee)}{less}, the payer {self.money(to_payer)}."

    def party(self, who: Address, part: str) -> str:
        """The address, and which other part than this it plays: one who plays two should not go unnoticed."""
        terms = self._terms
        parts = {"payer": terms.payer, "payee": terms.payee, "operator": terms.operator, "arbiter": terms.arbiter}
        also = [f"the {other}" for other, address in parts.items() if address == who and other != part]
        return f"{who} ({' and '.join(also)})" if also else who


def length(seconds: int) -> str:
    """One second or more, in days, hours, minutes and seconds."""
    parts = []
    for name, size in _UNITS:
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count} {name}{'s' if count > 1 else ''}")
    return " ".join(parts)


def percent(bps: int) -> str:
    """Hundredths of a percent as a percentage."""
    return f"{bps / 100:g} %"
