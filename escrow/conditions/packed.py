"""How a combinator's children and their proofs stand behind one another, each with its length."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from chain.errors import Malformed
from chain.keccak import keccak
from chain.units import Address, address

if TYPE_CHECKING:
    from escrow.conditions.condition import Condition

SIZE_BYTES, _ADDRESS_BYTES = 2, 20
_MOST_BYTES = 2**16 - 1


def sized(part: bytes) -> bytes:
    """Packed: length 16 | part. Raises `Malformed` for more than the length can say."""
    if len(part) > _MOST_BYTES:
        raise Malformed("part", f"{len(part)} bytes are more than {_MOST_BYTES}")
    return len(part).to_bytes(SIZE_BYTES, "big") + part


def split(parts: bytes) -> list[bytes]:
    """The inverse, for any number of them; none at all where one breaks off."""
    found = []
    while parts:
        end = SIZE_BYTES + int.from_bytes(parts[:SIZE_BYTES], "big")
        if len(parts) < end:
            return []
        found.append(parts[SIZE_BYTES:end])
        parts = parts[end:]
    return found


def children(conditions: "Sequence[Condition]") -> bytes:
    """Packed: count 8 | for each: condition 160 | length 16 | data."""
    return bytes([len(conditions)]) + b"".join(map(_child, conditions))


def places(packed: bytes) -> list[tuple[Address, bytes]]:
    """The inverse of `children`: each one's address and data. Raises `InvalidValue`."""
    found, rest = [], packed[1:]
    while rest:
        data = rest[_ADDRESS_BYTES:]
        end = SIZE_BYTES + int.from_bytes(data[:SIZE_BYTES], "big")
        if len(data) < end:
            raise Malformed("children", "the last one breaks off")
        found.append((address(rest[:_ADDRESS_BYTES]), data[SIZE_BYTES:end]))
        rest = data[end:]
    return found


def order(condition: "Condition") -> bytes:
    """By which children stand in the contract's order, strictly."""
    return keccak(_child(condition))


def _child(condition: "Condition") -> bytes:
    return bytes.fromhex(condition.address[2:]) + sized(condition.data)
