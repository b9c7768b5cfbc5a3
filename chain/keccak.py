"""Keccak-256 from a Rust binding: it is in every hot path."""

from collections.abc import Callable
from typing import cast

from tiny_keccak import keccak256

from chain.units import Hash32

keccak = cast(Callable[[bytes], Hash32], keccak256)
"""The Ethereum hash of bytes; the binding's own function, since a call of one more would cost a fifth of the hash."""
