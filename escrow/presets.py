"""Terms for the usual jobs, reached as `Terms.purchase`, `Terms.card` and `Terms.conditional`.

No silence that can happen has a default: `if_expired` and `if_arbiter_silent` say who gets what is held then.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal, Required, TypedDict, Unpack

from chain.errors import Malformed
from chain.money import Money
from chain.units import ALL_BPS, NOBODY, Bps, Seconds, address
from escrow.flags import ALL_FLAGS
from escrow.randomness.salt import fresh_salt
from escrow.rules import DAY, FUNDING_MARGIN, require_fundable

if TYPE_CHECKING:
    from escrow.conditions.condition import Condition
    from escrow.terms import Terms

REFUND_PERIOD = 30 * DAY
"""How long after the expiry the payee may refund, unless the terms say otherwise."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PayeeShare:
    """The payee's share in hundredths of a percent; the payer gets the rest."""

    bps: int


Split = Literal["payer", "payee"] | PayeeShare


class Common(TypedDict, total=False):
    """What every preset takes. Times are Unix seconds, and at the second itself they have passed.

    `fund_by` is the latest legal one, an hour before the expiry, and `refund_expiry` 30 days after the expiry, if not
    given; `salt` is random. With `now`, terms that are too late or too far ahead by it are refused at once.
    """

    payer: Required[str]
    payee: Required[str]
    amount: Required[Money]
    expiry: Required[int]
    if_expired: Required[Split]
    fund_by: int
    refund_expiry: int
    fee_bps: int
    fee_recipient: str
    salt: int
    now: int


def purchase(
    cls: "type[Terms]",
    *,
    arbiter: str,
    ruling_period: timedelta,
    if_arbiter_silent: Split,
    operator: str = NOBODY,
    capture_from: int | None = None,
    **common: Unpack[Common],
) -> "Terms":
    """Either party may ask `arbiter` for a split, which may answer at once; see `Common` for the rest.

    An arbiter is silent once `ruling_period` and the expiry have passed. An operator may capture from an hour after
    `fund_by` on, or later. Raises what `require_fundable` raises.
    """
    return _agreed(
        cls,
        arbiter=address(arbiter),
        ruling_period=_whole_seconds(ruling_period),
        payee_share_on_silence_bps=_share_of(if_arbiter_silent),
        flags=ALL_FLAGS,
        operator=address(operator),
        capture_from=capture_from,
        **common,
    )


def card(cls: "type[Terms]", *, operator: str, capture_from: int = 0, **common: Unpack[Common]) -> "Terms":
    """As with a card: `operator` captures in parts or gives back, at once or from `capture_from` on; see `Common`.

    Nobody can dispute. Raises what `require_fundable` raises.
    """
    return _agreed(cls, operator=address(operator), capture_from=capture_from, **common)


def conditional(cls: "type[Terms]", *, condition: "Condition", **common: Unpack[Common]) -> "Terms":
    """What `condition` releases goes to the payee, whoever shows it the proof; see `Common`.

    There is no operator, and nobody can dispute: a payer who sees the proof coming could stop it. Raises what
    `require_fundable` raises.
    """
    agreed = {"condition": condition.address, "condition_hash": condition.data_hash}
    return _agreed(cls, capture_from=0, **agreed, **common)


def _agreed(
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
        payee_share_on_expiry_bps=_share_of(if_expired),
        salt=fresh_salt() if salt is None else salt,
        **{"payee_share_on_silence_bps": Bps(0)} | parties | members,
    )
    require_fundable(terms, Seconds(fund_by - 1 if now is None else now), contract=NOBODY)
    return terms


def _share_of(split: Split) -> Bps:
    match split:
        case "payee":
            return ALL_BPS
        case "payer":
            return Bps(0)
        case PayeeShare(bps=bps):
            return Bps(bps)
    raise Malformed("share", f"{split!r} is neither 'payer', 'payee' nor a PayeeShare")


def _whole_seconds(period: timedelta) -> Seconds:
    seconds, rest = divmod(period, timedelta(seconds=1))
    if rest:
        raise Malformed("ruling_period", f"{period} is not a whole number of seconds")
    return Seconds(seconds)
