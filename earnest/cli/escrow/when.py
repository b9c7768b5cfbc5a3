"""Times and shares as people write them."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import typer

from chain.units import Seconds
from escrow.split import PayeeShare, Split

_LENGTH = re.compile(r"\+?([0-9]{1,9})([smhd])")
_UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
_UNIX = re.compile(r"[0-9]{9,15}")
_PERCENT = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,2})?) ?%")


def length(text: str) -> timedelta:
    """`90s`, `15m`, `36h` or `14d`."""
    found = _LENGTH.fullmatch(text)
    if not found:
        raise typer.BadParameter(f"{text!r} is no length of time: write 90s, 15m, 36h or 14d")
    return timedelta(seconds=int(found[1]) * _UNITS[found[2]])


def moment(text: str, now: Seconds | None = None) -> Seconds:
    """A Unix second, an ISO date (in UTC, unless it says otherwise) or, where `now` is known, a length from then."""
    if _UNIX.fullmatch(text):
        return Seconds(int(text))
    if _LENGTH.fullmatch(text):
        if now is None:
            raise typer.BadParameter(f"{text!r} counts from a chain's time, and none is named here: write a date")
        return Seconds(now + int(length(text).total_seconds()))
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        hint = "write 2027-01-31T12:00, a Unix second, or a length as 14d"
        raise typer.BadParameter(f"{text!r} is no time: {hint}") from None
    return Seconds(int((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()))


def split(text: str) -> Split:
    """`payer`, `payee`, or the payee's share as a percentage."""
    if text == "payer":
        return "payer"
    if text == "payee":
        return "payee"
    found = _PERCENT.fullmatch(text)
    if not found or Decimal(found[1]) > 100:
        raise typer.BadParameter(f"{text!r} is neither payer, payee nor the payee's share, as 25%")
    return PayeeShare(bps=int(Decimal(found[1]) * 100))
