"""Releases everything to whoever shows the preimage of a digest."""

import hashlib
from dataclasses import dataclass
from enum import IntEnum
from typing import Self

from chain.keccak import keccak
from chain.units import Hash32, hash32, within
from escrow.conditions import words
from escrow.conditions.condition import Condition, Proof
from escrow.conditions.facts import Facts

PREIMAGE_BYTES = 32
"""Exactly: a preimage that one chain takes and another refuses would be a way to cheat."""


class HashFunction(IntEnum):
    """In the contract's order."""

    SHA256 = 0
    KECCAK256 = 1


@dataclass(frozen=True, slots=True)
class HashLock(Condition):
    """Made by `hash_lock`. The twin of HashLock.sol."""

    contract = "HashLock"
    gas = 1_500
    longest_proof = PREIMAGE_BYTES
    reveals = True

    function: HashFunction
    digest: Hash32

    def __post_init__(self) -> None:
        hash32("digest", self.digest)

    @property
    def data(self) -> bytes:
        """abi.encode(HashFunction, bytes32 digest)."""
        return words.encode(self.function, self.digest)

    @classmethod
    def of_data(cls, data: bytes) -> Self:
        """The inverse of `data`. Raises `InvalidValue`."""
        function, digest = words.split("data", data, 2)
        return cls(HashFunction(within("hash function", words.unsigned(function), 0, 1)), Hash32(digest))

    def proof(self, preimage: bytes) -> Proof:
        """`preimage` as it is shown to this lock; whether it fits, `released` says."""
        return Proof(self, preimage)

    def released(self, subject: Hash32, amount: int, shown: bytes, facts: Facts) -> int:
        """All for the preimage, else nothing."""
        if len(shown) != PREIMAGE_BYTES:
            return 0
        sha256 = self.function is HashFunction.SHA256
        found = hashlib.sha256(shown).digest() if sha256 else keccak(shown)
        return amount if found == self.digest else 0

    def explain(self) -> str:
        """Of what digest."""
        function = "SHA-256" if self.function is HashFunction.SHA256 else "Keccak-256"
        return f"the {function} preimage of 0x{self.digest.hex()}"


def hash_lock(*, sha256: bytes | None = None, keccak: bytes | None = None) -> HashLock:
    """A lock on one digest; which hash function made it is always said. Raises `WrongLength`."""
    if (sha256 is None) == (keccak is None):
        raise TypeError("a hash lock has one digest: sha256=... or keccak=...")
    if sha256 is not None:
        return HashLock(HashFunction.SHA256, hash32("sha256", sha256))
    return HashLock(HashFunction.KECCAK256, hash32("keccak", keccak))
