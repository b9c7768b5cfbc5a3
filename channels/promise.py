"""An escrow inside a voucher: an amount that a condition releases; it touches the chain only where people disagree."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Self, TypeVar

from chain.errors import Malformed, OutOfRange
from chain.keccak import keccak
from chain.typed_data import Domain, TypedData
from chain.units import NO_HASH, Address, Amount, Hash32, Seconds
from channels.channel import ChannelId
from channels.errors import PromisesOutOfOrder, TooManyPromises

P = TypeVar("P", bound=TypedData)
MOST_PROMISES = 16
"""In one voucher or state: a list is looked through in one transaction."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Promise(TypedData):
    """The payer owes what `condition` releases of `amount`, as far as it is recorded on chain before `expiry`."""

    type_string: ClassVar[str] = "Promise(address condition,bytes32 dataHash,uint96 amount,uint48 expiry,bytes32 salt)"
    condition: Address
    data_hash: Hash32
    amount: Amount
    expiry: Seconds
    salt: Hash32


@dataclass(frozen=True, kw_only=True, slots=True)
class Promises(TypedData):
    """What a voucher says of its promises; its struct hash is the voucher's `promises`."""

    type_string: ClassVar[str] = "Promises(bytes32 leaves,uint96 total,uint48 lastExpiry)"
    leaves: Hash32
    total: Amount
    last_expiry: Seconds

    @classmethod
    def of(cls, promises: Iterable[Promise]) -> Self:
        """Of one promise at least, in any order. Raises `TooManyPromises`, `PromisesOutOfOrder` for a repeated one."""
        listed = list(promises)
        return cls(
            leaves=leaves_hash(sorted_leaves(promise.struct_hash() for promise in listed)),
            total=Amount(sum(promise.amount for promise in listed)),
            last_expiry=max(promise.expiry for promise in listed),
        )


def read_promises(kind: type[P], data: object) -> tuple[P, ...]:
    """Promises of this kind from JSON: one at least, for a message without any has one form only.

    Raises `TooManyPromises` before it looks at one of them, and `InvalidValue`.
    """
    if not isinstance(data, list) or not data:
        raise Malformed("promises", f"{data!r} is no list of promises")
    if len(data) > MOST_PROMISES:
        raise TooManyPromises(len(data), MOST_PROMISES)
    return tuple(map(kind.from_json, data))


def promises_hash(promises: Iterable[Promise]) -> Hash32:
    """What a voucher carries: zero for no promises. Raises as `Promises.of`."""
    listed = list(promises)
    return Promises.of(listed).struct_hash() if listed else NO_HASH


def sorted_leaves(hashes: Iterable[Hash32]) -> tuple[Hash32, ...]:
    """In the strictly rising order in which the contracts take them. Raises `TooManyPromises`, `PromisesOutOfOrder`."""
    leaves = tuple(sorted(hashes))
    leaves_hash(leaves)
    return leaves


def leaves_hash(leaves: tuple[Hash32, ...]) -> Hash32:
    """Keccak-256 of the hashes, one after the other. Raises `TooManyPromises`, `PromisesOutOfOrder`."""
    if len(leaves) > MOST_PROMISES:
        raise TooManyPromises(len(leaves), MOST_PROMISES)
    for position in range(1, len(leaves)):
        if leaves[position - 1] >= leaves[position]:
            raise PromisesOutOfOrder(position)
    return keccak(b"".join(leaves))


def subject_of(domain: Domain, channel_id: ChannelId, epoch: int, promise_hash: Hash32) -> Hash32:
    """What a condition is asked about: this promise in this epoch, whichever voucher or state carries it."""
    if not 0 <= epoch < 2**32:
        raise OutOfRange("epoch", epoch, 0, 2**32 - 1)
    place = bytes(12) + bytes.fromhex(domain.contract[2:]) + domain.chain_id.to_bytes(32, "big")
    return keccak(place + channel_id + epoch.to_bytes(32, "big") + promise_hash)
