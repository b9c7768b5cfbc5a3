"""The journal as JSON: numbers as decimal strings, which no reader rounds."""

import json
from typing import Any

import msgspec

from chain.errors import Malformed
from chain.member import unhex
from chain.units import Amount, Hash32, Seconds
from channels.channel import ChannelId
from channels.ledger.entry import Entry
from channels.ledger.ledger import Ledger
from channels.ledger.reading import account, number


class _Journal(msgspec.Struct, forbid_unknown_fields=True):
    entries: list[dict[str, str | None]]


_SHAPE = msgspec.json.Decoder(_Journal)
"""Looked at first: deep nesting ends the process where a library (py_ecc) has raised the recursion limit."""
_NAMES = sorted(["time", "token", "channelId", "epoch", "memo", "debit", "credit", "units"])


def to_json(ledger: Ledger) -> str:
    """One object with `entries`; ASCII, a line for each."""
    lines = ",\n".join(json.dumps(_told(entry)) for entry in ledger.entries)
    return f'{{"entries": [\n{lines}\n]}}\n'


def from_json(text: str) -> Ledger:
    """The strict inverse: unknown, missing, repeated or malformed members are refused. Raises `InvalidValue`."""
    try:
        _SHAPE.decode(text)
        data = json.loads(text, object_pairs_hook=tuple)
    except (ValueError, msgspec.MsgspecError) as error:
        raise Malformed("ledger", f"it is no JSON: {error}") from None
    entries = _members("ledger", data, ["entries"])["entries"]
    if not isinstance(entries, list):
        raise Malformed("ledger", "its entries are no list")
    return Ledger(tuple(_read(entry) for entry in entries))


def _told(entry: Entry) -> dict[str, str | None]:
    return {
        "time": str(entry.time),
        "token": entry.token,
        "channelId": None if entry.channel_id is None else "0x" + entry.channel_id.hex(),
        "epoch": None if entry.epoch is None else str(entry.epoch),
        "memo": entry.memo,
        "debit": entry.debit.value,
        "credit": entry.credit.value,
        "units": str(entry.amount),
    }


def _read(data: object) -> Entry:
    found = _members("entry", data, _NAMES)
    channel_id, epoch = found["channelId"], found["epoch"]
    return Entry(
        time=Seconds(number("time", found["time"])),
        token=found["token"],
        channel_id=None if channel_id is None else ChannelId(Hash32(unhex("channelId", channel_id))),
        epoch=None if epoch is None else number("epoch", epoch),
        memo=found["memo"],
        debit=account(found["debit"]),
        credit=account(found["credit"]),
        amount=Amount(number("units", found["units"])),
    )


def _members(what: str, data: object, names: list[str]) -> dict[str, Any]:
    """An object is read as pairs, so that a name that stands twice is seen."""
    pairs = data if isinstance(data, tuple) else ()
    if sorted(name for name, _ in pairs) != names:
        raise Malformed(what, f"its members are not {', '.join(names)}")
    return dict(pairs)
