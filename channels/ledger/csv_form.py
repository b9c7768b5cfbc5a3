"""The journal as CSV (RFC 4180), for people and their spreadsheets.

A spreadsheet runs a cell that begins with = + - @, and one that splits at other signs sees cells where there are none.
So what strangers choose is not written as it is: of keys and symbols, ASCII letters, digits and _ . : / ~ - stay (in
front only letters and digits); the rest is percent-encoded UTF-8 (RFC 3986), which comes back whole.
"""

import csv
import io
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import quote, unquote

from chain.errors import Malformed
from chain.member import unhex
from chain.money import Token
from chain.units import Address, Amount, Hash32, Seconds
from channels.channel import ChannelId
from channels.ledger.entry import Entry
from channels.ledger.ledger import Ledger
from channels.ledger.reading import account, number

_HEAD = ["number", "time", "token", "symbol", "channel", "epoch", "memo", "debit", "credit", "amount", "units"]
_TIME = "%Y-%m-%dT%H:%M:%SZ"


def to_csv(ledger: Ledger, tokens: Mapping[Address, Token]) -> str:
    """With a numbered line for each entry: `amount` in whole tokens, `units` in base units; times are UTC.

    `tokens` has every token of the ledger, for its decimals. Raises `Malformed` for one that it lacks.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_HEAD)
    writer.writerows(_row(place, entry, tokens) for place, entry in enumerate(ledger.entries, 1))
    return text.getvalue()


def from_csv(text: str, tokens: Mapping[Address, Token]) -> Ledger:
    """The strict inverse. A line is refused that is not written as `to_csv` writes it, is missing or out of order.

    So what a spreadsheet has rounded, dated anew or sorted is noticed. Raises `InvalidValue`.
    """
    rows = _rows(text)
    if rows[:1] != [_HEAD]:
        raise Malformed("ledger", "its columns are not those of a journal")
    entries = list[Entry]()
    for place, row in enumerate(rows[1:], 1):
        entry = _read(place, row)
        if _row(place, entry, tokens) != row:
            raise Malformed("ledger", f"line {place} is not as it was written")
        entries.append(entry)
    return Ledger(tuple(entries))


def _rows(text: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise Malformed("ledger", f"it is no CSV: {error}") from None


def _row(place: int, entry: Entry, tokens: Mapping[Address, Token]) -> list[str]:
    token = tokens.get(entry.token)
    if token is None:
        raise Malformed("tokens", f"{entry.token} is missing")
    return [
        str(place),
        datetime.fromtimestamp(entry.time, UTC).strftime(_TIME),
        entry.token,
        _harmless(token.symbol),
        "" if entry.channel_id is None else "0x" + entry.channel_id.hex(),
        "" if entry.epoch is None else str(entry.epoch),
        _harmless(entry.memo),
        entry.debit.value,
        entry.credit.value,
        token.units(entry.amount).text,
        str(entry.amount),
    ]


def _read(place: int, row: list[str]) -> Entry:
    if len(row) != len(_HEAD):
        raise Malformed("ledger", f"line {place} has {len(row)} cells")
    _, time, token, _, channel, epoch, memo, debit, credit, _, units = row
    return Entry(
        time=_second(time),
        token=Address(token),
        channel_id=ChannelId(Hash32(unhex("channel", channel))) if channel else None,
        epoch=number("epoch", epoch) if epoch else None,
        memo=unquote(memo),
        debit=account(debit),
        credit=account(credit),
        amount=Amount(number("units", units)),
    )


def _second(text: str) -> Seconds:
    try:
        return Seconds(int(datetime.strptime(text, _TIME).replace(tzinfo=UTC).timestamp()))
    except ValueError:
        raise Malformed("time", f"{text!r} is no time of day") from None


def _harmless(text: str) -> str:
    """A cell that no spreadsheet takes for a formula, or for two cells."""
    cell = quote(text, safe="_.:/-")
    return re.sub(r"^[^0-9A-Za-z%]", lambda first: f"%{ord(first[0]):02X}", cell)
