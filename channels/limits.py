"""What one is willing to lose or to spend, in money."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from chain.errors import Malformed, TokenMismatch
from chain.money import Money, Token
from chain.units import Address
from channels import exposure
from channels.edge import money_of

_SPENDING = ("per_call", "per_payee", "per_day")
_ACCEPTING = ("at_risk", "at_risk_per_channel", "unconfirmed", "unconfirmed_per_channel")


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Of one token; what isn't named has no limit, but nothing of an unconfirmed deposit counts unless named.

    A payer's are `per_call`, `per_payee` (for good) and `per_day` (any 86,400 seconds). A payee's are what may be
    accepted and not settled, `at_risk` in all and per channel, and what of it the final deposits may not cover.
    Raises `TokenMismatch`, and `TypeError` for what is no money.
    """

    per_call: Money | None = None
    per_payee: Money | None = None
    per_day: Money | None = None
    at_risk: Money | None = None
    at_risk_per_channel: Money | None = None
    unconfirmed: Money | None = None
    unconfirmed_per_channel: Money | None = None

    def __post_init__(self) -> None:
        tokens = {money.token for money in self._named(_SPENDING + _ACCEPTING).values()}
        if not tokens:
            raise Malformed("limits", "they name none")
        if len(tokens) > 1:
            raise TokenMismatch(*sorted(str(token) for token in tokens)[:2])

    @property
    def token(self) -> Token:
        """Whose limits these are."""
        return next(iter(self._named(_SPENDING + _ACCEPTING).values())).token

    def spending(self) -> exposure.SpendLimits:
        """In base units, for a payer. Raises `Malformed` where a payee's is named."""
        self._require_only(_SPENDING, "a payer")
        return exposure.SpendLimits(**_units(self._named(_SPENDING)))

    def accepting(self) -> exposure.Limits:
        """In base units, for a payee. Raises `Malformed` where a payer's is named.

        What may be unconfirmed in all may be so in one channel; a limit per channel alone is none in all.
        """
        self._require_only(_ACCEPTING, "a payee")
        units = _units(self._named(_ACCEPTING))
        if "unconfirmed" in units:
            units.setdefault("unconfirmed_per_channel", units["unconfirmed"])
        elif "unconfirmed_per_channel" in units:
            units["unconfirmed"] = None
        return exposure.Limits(**units)

    def _named(self, names: tuple[str, ...]) -> dict[str, Money]:
        named = {name: getattr(self, name) for name in names}
        return {name: money_of(money) for name, money in named.items() if money is not None}

    def _require_only(self, names: tuple[str, ...], whose: str) -> None:
        for field in fields(self):
            if field.name not in names and getattr(self, field.name) is not None:
                raise Malformed("limits", f"{field.name} is no limit of {whose}")


def by_token(limits: Limits | Sequence[Limits]) -> dict[Address, Limits]:
    """Each under its token's address. Raises `Malformed` for a token with two."""
    listed = (limits,) if isinstance(limits, Limits) else tuple(limits)
    found = {limit.token.address: limit for limit in listed}
    if len(found) != len(listed):
        raise Malformed("limits", "two are of one token")
    return found


def accepting(limits: Limits | Sequence[Limits], stake: Money | None) -> dict[Address, exposure.Limits]:
    """A payee's by token, in base units. Of the token that `stake` is in, no more than it unless they say more."""
    units = {token: limit.accepting() for token, limit in by_token(limits).items()}
    if stake is not None:
        token = stake.token.address
        units[token] = units.get(token, exposure.Limits()).capped(stake.units)
    return units


def _units(named: dict[str, Money]) -> dict[str, Any]:
    return {name: money.units for name, money in named.items()}
