"""A condition says how much of an amount is released: an amount, not a yes."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from chain.keccak import keccak
from chain.units import Address, Hash32, Seconds


class Condition(ABC):
    """A condition contract together with the data that the terms fix, and what that contract would answer."""

    __slots__ = ()

    contract: ClassVar[str]
    """The name of the contract, if it is one of ours."""

    @property
    def address(self) -> Address:
        """Where the contract lives; one of ours lives at the same address on every chain."""
        from chain.contracts import address_of  # brings eth-abi, which takes longer to import than all of escrow

        return address_of(self.contract)

    @property
    @abstractmethod
    def data(self) -> bytes:
        """What the terms hold the hash of."""

    @property
    def data_hash(self) -> Hash32:
        """The terms' `condition_hash`."""
        return keccak(self.data)

    @abstractmethod
    def released(self, subject: Hash32, amount: int, shown: bytes, now: Seconds) -> int:
        """How much of `amount` is released in all; `subject` is the payment id, `now` the block's time."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What is shown to a condition, with the condition: a contract keeps only the hash of its data."""

    condition: Condition
    shown: bytes

    def released(self, subject: Hash32, amount: int, now: Seconds) -> int:
        """How much of `amount` this proof releases in all, never more than that."""
        return min(self.condition.released(subject, amount, self.shown, now), amount)
