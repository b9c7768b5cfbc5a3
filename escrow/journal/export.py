"""A journal as a file for others: JSON lines, the first naming payment and head, then one a line the entries."""

from chain.errors import Malformed
from chain.member import Member
from escrow.journal.entry import Entry
from escrow.journal.journal import Journal
from escrow.journal.strict_json import canonical, members, parse

FORMAT = "earnest-journal-1"
LONGEST = 64 * 2**20
"""Bytes of an export; what is longer is no correspondence about one payment."""
_PAYMENT_ID = Member("bytes32", "paymentId", "payment_id")
_HEAD = Member("bytes32", "head", "head")


def write_export(journal: Journal) -> bytes:
    """ASCII, with a line break after every line."""
    first = {
        "format": FORMAT,
        "paymentId": _PAYMENT_ID.to_json(journal.payment_id),
        "head": _HEAD.to_json(journal.head),
    }
    lines = [first, *(entry.to_json() for entry in journal.entries)]
    return "".join(canonical(line) + "\n" for line in lines).encode()


def read_export(data: bytes) -> Journal:
    """The journal as written; whether it holds together, `verify` says. Raises `Malformed` and other `InvalidValue`."""
    if len(data) > LONGEST:
        raise Malformed("export", f"it is longer than {LONGEST} bytes")
    if not data.isascii() or not data.endswith(b"\n"):
        raise Malformed("export", "it is cut off, or not ASCII")
    first, *lines = data.decode().removesuffix("\n").split("\n")
    found = members("export", parse("export", first), "format", "paymentId", "head")
    if found["format"] != FORMAT:
        raise Malformed("export", f"its format is {found['format']!r}, not {FORMAT}")
    return Journal(
        payment_id=_PAYMENT_ID.from_json(found["paymentId"]),
        entries=tuple(Entry.from_json(parse(f"line {number}", line)) for number, line in enumerate(lines, 2)),
        head=_HEAD.from_json(found["head"]),
    )
