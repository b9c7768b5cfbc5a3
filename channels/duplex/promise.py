"""Promises of either party of a two-way channel to the other."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Self

from chain.typed_data import TypedData
from chain.units import NO_HASH, Address, Amount, Hash32, Seconds
from channels.promise import leaves_hash, sorted_leaves


@dataclass(frozen=True, kw_only=True, slots=True)
class DuplexPromise(TypedData):
    """A (or B) owes the other what `condition` releases of `amount`, as far as it is recorded before `expiry`."""

    type_string: ClassVar[str] = (
        "DuplexPromise(bool fromA,address condition,bytes32 dataHash,uint96 amount,uint48 expiry,bytes32 salt)"
    )
    from_a: bool
    condition: Address
    data_hash: Hash32
    amount: Amount
    expiry: Seconds
    salt: Hash32


@dataclass(frozen=True, kw_only=True, slots=True)
class DuplexPromises(TypedData):
    """What a state says of its promises; its struct hash is the state's `promises`."""

    type_string: ClassVar[str] = "DuplexPromises(bytes32 leaves,uint96 totalFromA,uint96 totalFromB,uint48 lastExpiry)"
    leaves: Hash32
    total_from_a: Amount
    total_from_b: Amount
    last_expiry: Seconds

    @classmethod
    def of(cls, promises: Iterable[DuplexPromise]) -> Self:
        """Of one promise at least, in any order. Raises `TooManyPromises`, `PromisesOutOfOrder` for a repeated one."""
        listed = list(promises)
        return cls(
            leaves=leaves_hash(sorted_leaves(promise.struct_hash() for promise in listed)),
            total_from_a=Amount(sum(promise.amount for promise in listed if promise.from_a)),
            total_from_b=Amount(sum(promise.amount for promise in listed if not promise.from_a)),
            last_expiry=max(promise.expiry for promise in listed),
        )


NONE_LISTED = DuplexPromises(leaves=NO_HASH, total_from_a=Amount(0), total_from_b=Amount(0), last_expiry=Seconds(0))
"""What payOut is shown where the state has no promises, and does not read."""


def promises_hash(promises: Iterable[DuplexPromise]) -> Hash32:
    """What a state carries: zero for no promises. Raises as `DuplexPromises.of`."""
    listed = list(promises)
    return DuplexPromises.of(listed).struct_hash() if listed else NO_HASH
