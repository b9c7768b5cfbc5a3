"""Releases everything to whoever shows the preimage of a digest."""

import hashlib
from dataclasses import dataclass
from enum import IntEnum

from chain.keccak import keccak
from chain.units import Hash32, Seconds, hash32
from escrow.conditions.condition import Condition, Proof

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

    function: HashFunction
    digest: Hash32

    def __post_init__(self) -> None:
        hash32("digest", self.digest)

    @property
    def data(self) -> bytes:
        """abi.encode(HashFunction, bytes32 digest)."""
        return self.function.to_bytes(32, "big") + self.digest

    def proof(self, preimage: bytes) -> Proof:
        """`preimage` as it is shown to this lock; whether it fits, `released` says."""
        return Proof(self, preimage)

    def released(self, subject: Hash32, amount: int, shown: bytes, now: Seconds) -> int:
        """All for the preimage, else nothing."""
        if len(shown) != PREIMAGE_BYTES:
            return 0
        sha256 = self.function is HashFunction.SHA256
        found = hashlib.sha256(shown).digest() if sha256 else keccak(shown)
        return amount if found == self.digest else 0


def hash_lock(*, sha256: bytes | None = None, keccak: bytes | None = None) -> HashLock:
    """A lock on one digest; which hash function made it is always said. Raises `WrongLength`."""
    if (sha256 is None) == (keccak is None):
        raise TypeError("a hash lock has one digest: sha256=... or keccak=...")
    if sha256 is not None:
        return HashLock(HashFunction.SHA256, hash32("sha256", sha256))
    return HashLock(HashFunction.KECCAK256, hash32("keccak", keccak))
