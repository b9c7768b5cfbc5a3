"""Who gets what is held, when nobody says so any more."""

from dataclasses import dataclass
from typing import Literal

from chain.errors import Malformed
from chain.units import ALL_BPS, Bps


@dataclass(frozen=True, kw_only=True, slots=True)
class PayeeShare:
    """The payee's share in hundredths of a percent; the payer gets the rest."""

    bps: int


Split = Literal["payer", "payee"] | PayeeShare


def share_of(split: Split) -> Bps:
    """The payee's share. Raises `Malformed` for what names nobody's."""
    match split:
        case "payee":
            return ALL_BPS
        case "payer":
            return Bps(0)
        case PayeeShare(bps=bps):
            return Bps(bps)
    raise Malformed("share", f"{split!r} is neither 'payer', 'payee' nor a PayeeShare")
