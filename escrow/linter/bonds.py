"""Whether a bond, which the payee of a sale puts in, covers that sale."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from escrow.dates import date
from escrow.finding import Finding, Gains, Severity
from escrow.flags import PAYEE_MAY_DISPUTE, PAYER_MAY_DISPUTE

if TYPE_CHECKING:
    from escrow.terms import Terms

BOND_DOES_NOT_COVER = "bond-does-not-cover"
ABOUT = (
    "A bond that the payer of the sale can't get: of other parties, another arbiter, no dispute, or an earlier expiry."
)


def check_bond(bond: "Terms", sales: "Iterable[Terms]") -> tuple[Finding, ...]:
    """One finding for each sale that its payer may dispute without the bond, with the reason."""
    return tuple(
        Finding(name=BOND_DOES_NOT_COVER, severity=Severity.RISK, gains=Gains.PAYEE, says=f"the bond {why}")
        for sale in sales
        if sale.allows(PAYER_MAY_DISPUTE)
        for why in list(_gaps(bond, sale))[:1]
    )


def _gaps(bond: "Terms", sale: "Terms") -> Iterator[str]:
    if (bond.payer, bond.payee) != (sale.payee, sale.payer):
        yield f"is from {bond.payer} to {bond.payee}, not from the sale's payee {sale.payee} to its payer {sale.payer}"
    if not bond.allows(PAYEE_MAY_DISPUTE):
        yield f"can't be disputed by {bond.payee}, so no arbiter can give it that"
    if bond.arbiter != sale.arbiter:
        yield f"has the arbiter {bond.arbiter}, the sale {sale.arbiter}"
    if bond.authorization_expiry < sale.authorization_expiry:
        end = date(bond.authorization_expiry)
        yield f"can be disputed before {end} only, the sale until {date(sale.authorization_expiry)}"
