"""What the presets share: from what people say to terms that can be funded."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal

from chain.errors import Malformed
from chain.money import Money
from chain.units import NOBODY, Bps, Seconds, address
from escrow.flags import DISPUTE_FREEZES_RESOLVE, PAYEE_MAY_DISPUTE, PAYER_MAY_DISPUTE
from escrow.randomness.salt import fresh_salt
from escrow.rules import DAY, FUNDING_MARGIN, require_fundable
from escrow.split import Split, share_of

if TYPE_CHECKING:
    from escrow.conditions.condition import Condition
    from escrow.terms import Terms

REFUND_PERIOD = 30 * DAY
"""How long after the expiry the payee may refund, unless the terms say otherwise."""

Disputants = Literal["payer", "payee", "both"]
_DISPUTANTS = {
    "payer": PAYER_MAY_DISPUTE,
    "payee": PAYEE_MAY_DISPUTE,
    "both": PAYER_MAY_DISPUTE | PAYEE_MAY_DISPUTE,
}


def agreed(
    cls: "type[Terms]",
    *,
    amount: Money,
    expiry: int,
    if_expired: Split,
    capture_from: int | None,
    fund_by: int | None = None,
    refund_expiry: int | None = None,
    salt: int | None = None,
    now: int | None = None,
    **members: Any,
) -> "Terms":
    """Terms with the defaults of `presets.Common`. Raises what `require_fundable` raises."""
    if not isinstance(amount, Money):
        raise TypeError(f"write an amount as money, as in token('19.99'): not {amount!r}")
    parties = {name: address(members.pop(name)) for name in ("payer", "payee", "fee_recipient") if name in members}
    fund_by = expiry - FUNDING_MARGIN if fund_by is None else fund_by
    terms = cls(
        token=amount.token.address,
        amount=amount.units,
        fund_by=Seconds(fund_by),
        capture_from=Seconds(fund_by + FUNDING_MARGIN if capture_from is None else capture_from),
        authorization_expiry=Seconds(expiry),
        refund_expiry=Seconds(expiry + REFUND_PERIOD if refund_expiry is None else refund_expiry),
        payee_share_on_expiry_bps=share_of(if_expired),
        salt=fresh_salt() if salt is None else salt,
        **{"payee_share_on_silence_bps": Bps(0)} | parties | members,
    )
    require_fundable(terms, Seconds(fund_by - 1 if now is None else now), contract=NOBODY)
    return terms


def judged(
    arbiter: str,
    ruling_period: timedelta,
    if_arbiter_silent: Split,
    *,
    freezes: bool,
    may_dispute: Disputants = "both",
) -> dict[str, Any]:
    """The members about a dispute. Raises `Malformed`."""
    if may_dispute not in _DISPUTANTS:
        raise Malformed("may_dispute", f"{may_dispute!r} is none of {', '.join(_DISPUTANTS)}")
    return {
        "arbiter": address(arbiter),
        "ruling_period": _whole_seconds(ruling_period),
        "payee_share_on_silence_bps": share_of(if_arbiter_silent),
        "flags": _DISPUTANTS[may_dispute] | (DISPUTE_FREEZES_RESOLVE if freezes else 0),
    }


def fixed(condition: "Condition | None", expiry: int, *, freezes: bool = False) -> dict[str, Any]:
    """The members about the condition, and a last funding that comes before it releases by itself."""
    if condition is None:
        return {}
    alone = condition.begins if freezes else condition.sure_from
    fund_by = min(expiry, expiry if alone is None else alone) - FUNDING_MARGIN
    return {
        "condition": condition.address,
        "condition_hash": condition.data_hash,
        "known_condition": condition,
        "fund_by": fund_by,
    }


def _whole_seconds(period: timedelta) -> Seconds:
    seconds, rest = divmod(period, timedelta(seconds=1))
    if rest:
        raise Malformed("ruling_period", f"{period} is not a whole number of seconds")
    return Seconds(seconds)
