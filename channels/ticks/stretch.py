"""The ticks of one chain that are still promised."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import ClassVar, Self

from chain import hash_chain
from chain.keccak import keccak
from chain.typed_data import TypedData
from chain.units import MAX_AMOUNT, NO_HASH, Address, Amount, Hash32, Seconds, within
from channels.promise import Promise
from channels.ticks.errors import TicksNotPromised


@dataclass(frozen=True, kw_only=True, slots=True)
class Stretch(TypedData):
    """The ticks after `position` of a chain of `count`, `each` worth so many base units; `anchor` is the tip there.

    It is checked and written like a signed struct, but never signed: a voucher's promise holds its hash.
    Raises `OutOfRange`, also where all ticks together don't fit 96 bits.
    """

    type_string: ClassVar[str] = "Ticks(uint96 each,uint32 count,uint32 position,bytes32 anchor)"
    each: Amount
    count: int
    position: int = 0
    anchor: Hash32

    def __post_init__(self) -> None:
        TypedData.__post_init__(self)
        within("count", self.count, 1, 2**32 - 1)
        within("each", self.each, 1, MAX_AMOUNT // self.count)
        within("position", self.position, 0, self.count)

    @property
    def amount(self) -> Amount:
        """What all of them are worth, in base units."""
        return Amount(self.each * (self.count - self.position))

    @property
    def data(self) -> bytes:
        """What the HashChain contract is told."""
        return hash_chain.condition_data(self.anchor, self.each)

    def promise(self, expiry: Seconds, salt: Hash32 = NO_HASH) -> Promise:
        """As a voucher carries it."""
        return Promise(condition=_contract(), data_hash=keccak(self.data), amount=self.amount, expiry=expiry, salt=salt)

    def find(self, promises: Iterable[Promise]) -> Promise | None:
        """The one that promises them; nothing need be promised where none is left. Raises `TicksNotPromised`."""
        if not self.amount:
            return None
        for promise in promises:
            if promise == self.promise(promise.expiry, promise.salt):
                return promise
        raise TicksNotPromised(self.amount)

    def at(self, position: int, anchor: Hash32) -> Self:
        """The ticks after a later position. Raises `OutOfRange`."""
        return replace(self, position=within("position", position, self.position, self.count), anchor=anchor)


def _contract() -> Address:
    from chain.contracts import address_of  # brings eth-abi, which takes longer to import than all of channels

    return address_of("HashChain")
