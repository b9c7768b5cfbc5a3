"""What a promise needs to know of a condition: where it lives, and what it was told."""

from typing import Protocol

from chain.units import Address, Hash32


class Condition(Protocol):
    """A condition contract with its data; those of `escrow.conditions` are such, and so is anybody's own."""

    @property
    def address(self) -> Address:
        """Where the contract lives."""

    @property
    def data(self) -> bytes:
        """What it is asked with."""

    @property
    def data_hash(self) -> Hash32:
        """Keccak-256 of `data`."""


def data_of(condition: Condition | bytes) -> bytes:
    """What a contract must be shown: a promise holds only the hash of it."""
    return condition if isinstance(condition, bytes) else condition.data
