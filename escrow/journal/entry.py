"""One link of a journal."""

from dataclasses import dataclass
from typing import Any, Self

from chain.errors import Malformed
from chain.keccak import keccak
from chain.member import Member
from chain.units import Hash32
from escrow.journal.agreement import Agreement
from escrow.journal.consent import Consent, Intent
from escrow.journal.events import ChainEvent, Undone
from escrow.journal.record import Record
from escrow.journal.statements import File, Message, Signature
from escrow.journal.strict_json import canonical, members

_KINDS: dict[str, type[Record]] = {
    kind.kind: kind for kind in (Agreement, Message, File, Signature, Consent, Intent, ChainEvent, Undone)
}
_HASH = Member("bytes32", "hash", "hash")


@dataclass(frozen=True, slots=True)
class Entry:
    """A record and the hash that it claims: keccak256(hash of the entry before, canonical JSON of the record)."""

    hash: Hash32
    record: Record

    @classmethod
    def after(cls, previous: Hash32, record: Record) -> Self:
        """The entry that follows the one of hash `previous`; the first follows the payment id."""
        return cls(link(previous, record), record)

    def to_json(self) -> dict[str, Any]:
        """Hash and record, the record with its kind."""
        return {"hash": _HASH.to_json(self.hash), "record": record_to_json(self.record)}

    @classmethod
    def from_json(cls, data: object) -> Self:
        """The strict inverse; whether the hash is right is `verify`'s question. Raises `InvalidValue`."""
        found = members("entry", data, "hash", "record")
        return cls(_HASH.from_json(found["hash"]), record_from_json(found["record"]))


def link(previous: Hash32, record: Record) -> Hash32:
    """The hash of an entry."""
    return keccak(previous + canonical(record_to_json(record)).encode())


def record_to_json(record: Record) -> dict[str, Any]:
    """With its kind."""
    return {"kind": record.kind} | record.to_json()


def record_from_json(data: object) -> Record:
    """The strict inverse. Raises `InvalidValue`."""
    kind = data.get("kind") if isinstance(data, dict) else None
    if not isinstance(data, dict) or not isinstance(kind, str) or kind not in _KINDS:
        raise Malformed("record", f"it is not one of {', '.join(_KINDS)}")
    return _KINDS[kind].from_json({name: value for name, value in data.items() if name != "kind"})
