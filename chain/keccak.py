"""Keccak-256 from a C binding: it is in every hot path."""

from sha3 import keccak_256

from chain.units import Hash32


def keccak(data: bytes) -> Hash32:
    """The Ethereum hash of `data`."""
    return Hash32(keccak_256(data).digest())
