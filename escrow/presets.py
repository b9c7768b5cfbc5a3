"""Terms for the usual jobs, reached as `Terms.purchase`, `Terms.card`, `Terms.conditional` and `Terms.bond`.

No silence that can happen has a default: `if_expired` and `if_arbiter_silent` say who gets what is held then. A bond
goes back to who put it in.
"""

from datetime import timedelta
from typing import TYPE_CHECKING, Required, TypedDict, Unpack

from chain.errors import Malformed
from chain.money import Money
from chain.units import NOBODY, address
from escrow import draft
from escrow.draft import Disputants
from escrow.flags import DISPUTE_FREEZES_RESOLVE, PAYEE_MAY_DISPUTE, PAYER_MAY_DISPUTE
from escrow.split import Split

if TYPE_CHECKING:
    from escrow.conditions.condition import Condition
    from escrow.terms import Terms


class Common(TypedDict, total=False):
    """What every preset takes. Times are Unix seconds, and at the second itself they have passed.

    If not given, `fund_by` is the latest legal one, an hour before the expiry (but see `conditional`), `refund_expiry`
    30 days after the expiry, and `salt` random. With `now`, what is too late or too far ahead by it is refused at once.
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


class Judged(Common, total=False):
    """With an arbiter, if one is named: then its period and its silence must be said. Both may dispute by default.

    An arbiter is silent once `ruling_period` and the expiry have passed.
    """

    arbiter: str
    ruling_period: timedelta
    if_arbiter_silent: Split
    may_dispute: Disputants


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
    judged = draft.judged(arbiter, ruling_period, if_arbiter_silent, freezes=True)
    return draft.agreed(cls, operator=address(operator), capture_from=capture_from, **judged, **common)


def card(cls: "type[Terms]", *, operator: str, capture_from: int = 0, **common: Unpack[Common]) -> "Terms":
    """As with a card: `operator` captures in parts or gives back, at once or from `capture_from` on; see `Common`.

    Nobody can dispute. Raises what `require_fundable` raises.
    """
    return draft.agreed(cls, operator=address(operator), capture_from=capture_from, **common)


def conditional(cls: "type[Terms]", *, condition: "Condition", **judged: Unpack[Judged]) -> "Terms":
    """What `condition` releases goes to the payee, whoever shows it the proof; see `Common` and `Judged`.

    There is no operator. A dispute stops a release by time alone. A secret or other people's word it does not stop: the
    arbiter splits only what neither released before the expiry. Where time releases, `fund_by` is an hour before it
    does, if not given. Raises what `require_fundable` raises.
    """
    return held(cls, condition=condition, **judged)


def held(
    cls: "type[Terms]",
    *,
    condition: "Condition | None",
    arbiter: str | None = None,
    ruling_period: timedelta | None = None,
    if_arbiter_silent: Split | None = None,
    may_dispute: Disputants = "both",
    **common: Unpack[Common],
) -> "Terms":
    """A hold without an operator: `conditional` with a condition, without one a `purchase`, arbiter optional."""
    if arbiter is None:
        if (ruling_period, if_arbiter_silent, may_dispute) != (None, None, "both"):
            raise TypeError("ruling_period, if_arbiter_silent and may_dispute are an arbiter's")
        return draft.agreed(cls, capture_from=0, **{**draft.fixed(condition, common["expiry"]), **common})
    if ruling_period is None or if_arbiter_silent is None:
        raise TypeError("an arbiter has a ruling_period, and its silence an outcome: if_arbiter_silent")
    freezes = condition is None or (condition.begins is not None and not condition.reveals)
    judged = draft.judged(arbiter, ruling_period, if_arbiter_silent, freezes=freezes, may_dispute=may_dispute)
    fixed = draft.fixed(condition, common["expiry"], freezes=freezes)
    return draft.agreed(cls, capture_from=None, **judged, **{**fixed, **common})


def bond(
    cls: "type[Terms]", sale: "Terms", *, amount: Money, salt: int | None = None, now: int | None = None
) -> "Terms":
    """The payee of `sale` puts in a stake of its own: the sale's payer gets what the same arbiter gives it of that.

    It may be disputed as long as the sale, by the sale's payer; any silence sends it back to who put it in. Raises
    `Malformed` if that payer may not dispute the sale, and what `require_fundable` raises.
    """
    if not sale.allows(PAYER_MAY_DISPUTE):
        raise Malformed("sale", "its payer may not dispute, so nobody could ask for the bond")
    return draft.agreed(
        cls,
        payer=sale.payee,
        payee=sale.payer,
        amount=amount,
        expiry=sale.authorization_expiry,
        if_expired="payer",
        capture_from=None,
        fund_by=sale.fund_by,
        refund_expiry=sale.refund_expiry,
        arbiter=sale.arbiter,
        ruling_period=sale.ruling_period,
        flags=PAYEE_MAY_DISPUTE | (sale.flags & DISPUTE_FREEZES_RESOLVE),
        salt=salt,
        now=now,
    )
