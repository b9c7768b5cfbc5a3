"""What the chain said, as it was seen; and what it took back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from chain.errors import Malformed
from chain.member import Member
from chain.units import Address, Hash32
from escrow.journal.record import Record, name
from escrow.journal.strict_json import members

if TYPE_CHECKING:
    from chain.receipt import Event

_NUMBERS = (Member("uint64", "block", "block"), Member("uint32", "logIndex", "log_index"))
_HASHES = (Member("bytes32", "transaction", "transaction"), Member("bytes32", "blockHash", "block_hash"))
_MEMBERS = (*_NUMBERS, *_HASHES, Member("address", "contract", "contract"))

Place = tuple[Hash32, int]
"""A log's block hash and its index in the block: no two logs share them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ChainEvent(Record):
    """A log of the escrow; `args` as JSON, the payment's whole word among them."""

    kind = "event"

    name: str
    args: Mapping[str, Any]
    contract: Address
    transaction: Hash32
    block: int
    block_hash: Hash32
    log_index: int

    def __post_init__(self) -> None:
        name("event", self.name)
        if not isinstance(self.args, Mapping):
            raise Malformed("event", "its arguments are no object")
        for member in _MEMBERS:
            member.check(getattr(self, member.snake))

    @classmethod
    def of(cls, event: "Event") -> Self:
        """As a receipt or a search of the chain has it."""
        return cls(
            name=event.name,
            args=event.to_json()["args"],
            contract=event.address,
            transaction=Hash32(bytes.fromhex(event.transaction[2:])),
            block=event.block,
            block_hash=Hash32(bytes.fromhex(event.block_hash[2:])),
            log_index=event.log_index,
        )

    @property
    def place(self) -> Place:
        """Where it is in the chain."""
        return self.block_hash, self.log_index

    @property
    def evidence(self) -> str | None:
        """The hash that a dispute put on the chain, in 0x hex, if this is one."""
        found = self.args.get("evidence")
        return found if isinstance(found, str) else None

    def speaks_of(self, payment_id: Hash32) -> bool:
        """Whether it is about the payment, as an amendment is about two; what else it carries is somebody's choice."""
        return "0x" + payment_id.hex() in {self.args.get(name) for name in ("paymentId", "fromId", "toId")}

    def to_json(self) -> dict[str, Any]:
        """Numbers as decimal strings, bytes as 0x hex."""
        plain = {member.camel: member.to_json(getattr(self, member.snake)) for member in _MEMBERS}
        return plain | {"name": self.name, "args": dict(self.args)}

    @classmethod
    def from_json(cls, data: object) -> Self:
        """The strict inverse. Raises `InvalidValue`."""
        found = members(cls.kind, data, "name", "args", *(member.camel for member in _MEMBERS))
        plain = {member.snake: member.from_json(found[member.camel]) for member in _MEMBERS}
        return cls(name=found["name"], args=found["args"], **plain)


@dataclass(frozen=True, kw_only=True, slots=True)
class Undone(Record):
    """A log that was seen before, and that the chain no longer has: its block was replaced."""

    kind = "undone"

    block_hash: Hash32
    log_index: int

    def __post_init__(self) -> None:
        for member in (_HASHES[1], _NUMBERS[1]):
            member.check(getattr(self, member.snake))

    @property
    def place(self) -> Place:
        """Where it was."""
        return self.block_hash, self.log_index

    def to_json(self) -> dict[str, Any]:
        """Block hash and index."""
        return {"blockHash": _HASHES[1].to_json(self.block_hash), "logIndex": _NUMBERS[1].to_json(self.log_index)}

    @classmethod
    def from_json(cls, data: object) -> Self:
        """The strict inverse. Raises `InvalidValue`."""
        found = members(cls.kind, data, "blockHash", "logIndex")
        block_hash, log_index = _HASHES[1].from_json(found["blockHash"]), _NUMBERS[1].from_json(found["logIndex"])
        return cls(block_hash=block_hash, log_index=log_index)


Standing = dict[Place, ChainEvent]
"""Events that were not undone, by their places."""


def standing(records: Iterable[Record]) -> Standing:
    """The events that, by the records in their order, were not undone."""
    found: Standing = {}
    for record in records:
        if isinstance(record, ChainEvent):
            found[record.place] = record
        elif isinstance(record, Undone):
            found.pop(record.place, None)
    return found


def changes(before: Standing, present: Standing, seen: Iterable[ChainEvent]) -> list[ChainEvent | Undone]:
    """What to write of what the chain has shown: what was undone first, then what is new.

    `before` stood when the chain was asked, `present` stands when it has answered.
    """
    now = {event.place: event for event in seen}
    gone = [
        Undone(block_hash=place[0], log_index=place[1]) for place in before if place in present and place not in now
    ]
    return [*gone, *(event for place, event in now.items() if place not in present)]
