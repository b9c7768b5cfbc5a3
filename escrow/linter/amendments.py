"""What an amendment does that its new terms alone don't show."""

from typing import TYPE_CHECKING

from chain.units import NOBODY
from escrow.finding import Finding, Gains, Severity

if TYPE_CHECKING:
    from escrow.terms import Terms

CONDITION_KEPT = "condition-kept"
ABOUT = (
    "An amendment keeps the condition of a payment of which something has gone: for the new amount it counts from the "
    "start, and a proof that is public, or the clock, may release once more what it has released before."
)


def check_amendment(old: "Terms", held: int, to: "Terms") -> tuple[Finding, ...]:
    """`held` is what the old payment holds, in base units."""
    kept = (old.condition, old.condition_hash) == (to.condition, to.condition_hash)
    if old.condition == NOBODY or not kept or held == old.amount:
        return ()
    says = (
        f"{old.amount - held} of {old.amount} base units have gone, and the same condition counts anew for {to.amount}"
    )
    return (Finding(name=CONDITION_KEPT, severity=Severity.RISK, gains=Gains.PAYEE, says=says),)
