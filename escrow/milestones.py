"""Agreements for the usual jobs, reached as `Agreement.milestones` and `Agreement.bonded`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Required, TypedDict, Unpack

from chain.errors import Malformed
from chain.money import Money
from escrow.conditions.condition import Condition
from escrow.draft import Disputants
from escrow.flags import PAYER_MAY_DISPUTE
from escrow.presets import held
from escrow.split import Split
from escrow.terms import Terms

if TYPE_CHECKING:
    from escrow.agreement import Agreement

SALE, BOND = "sale", "bond"


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One milestone. What it does not say, the agreement says for all; without a condition, the payer releases it."""

    amount: Money
    condition: Condition | None = None
    expiry: int | None = None
    fund_by: int | None = None
    if_expired: Split | None = None

    def own(self) -> dict[str, Any]:
        """What it says itself."""
        said = {"expiry": self.expiry, "fund_by": self.fund_by, "if_expired": self.if_expired}
        return {name: value for name, value in said.items() if value is not None}


class Shared(TypedDict, total=False):
    """What all steps share: see `Common` and `Judged` of the presets. Each step gets a random salt."""

    payer: Required[str]
    payee: Required[str]
    expiry: int
    if_expired: Split
    fund_by: int
    refund_expiry: int
    fee_bps: int
    fee_recipient: str
    now: int
    arbiter: str
    ruling_period: timedelta
    if_arbiter_silent: Split
    may_dispute: Disputants


def milestones(
    cls: "type[Agreement]", *, steps: Mapping[str, Step | tuple[Money, Condition | None]], **shared: Unpack[Shared]
) -> "Agreement":
    """Each step is held apart, with a condition, an expiry and a dispute of its own: `(usdc("500"), condition or None)`
    or a `Step`. All are funded in one transaction.

    Raises `Malformed` where a step has no expiry or no outcome for its silence, and what `require_fundable` raises.
    """
    from escrow.agreement import Part

    parts = []
    for name, given in steps.items():
        step = given if isinstance(given, Step) else Step(amount=given[0], condition=given[1])
        said: dict[str, Any] = {**shared, **step.own()}
        for needed in ("expiry", "if_expired"):
            if needed not in said:
                raise Malformed(name, f"neither the step nor the agreement says {needed}")
        terms = held(Terms, amount=step.amount, condition=step.condition, **said)
        parts.append(Part(name=name, terms=terms, condition=step.condition))
    return cls(tuple(parts))


def bonded(
    cls: "type[Agreement]", sale: "Terms | Agreement", *, amount: Money, condition: Condition | None = None
) -> "Agreement":
    """`sale` and `Terms.bond` for it, or for that part of it which may be disputed last; the payee funds the bond.

    `condition` is the sale's, if it is bare terms with one. Raises `Malformed` where the payer may dispute nothing.
    """
    from escrow.agreement import Part

    parts = (Part(name=SALE, terms=sale, condition=condition),) if isinstance(sale, Terms) else sale.parts
    disputable = [part.terms for part in parts if part.terms.allows(PAYER_MAY_DISPUTE)]
    if not disputable:
        raise Malformed(SALE, "its payer may not dispute, so nobody could ask for the bond")
    last = max(disputable, key=lambda terms: terms.authorization_expiry)
    return cls((*parts, Part(name=BOND, terms=Terms.bond(last, amount=amount))))
