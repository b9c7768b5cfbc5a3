"""Keccak-256 chains (PayWord, Rivest and Shamir 1996): each link is the hash of the next."""

from dataclasses import dataclass, field

from chain.keccak import keccak
from chain.units import Amount, Hash32, hash32, uint, within

MAX_STEPS = 1_024
"""What HashChain.sol can be shown at once: each costs gas."""
PROOF_BYTES = 34


def condition_data(anchor: Hash32, each: Amount) -> bytes:
    """What HashChain.sol is told: abi.encode(bytes32 anchor, uint96 valuePerTick).

    Raises `WrongLength`, `OutOfRange`.
    """
    return hash32("anchor", anchor) + uint("each", each, 96).to_bytes(32, "big")


def condition_proof(tip: bytes, steps: int) -> bytes:
    """What it is shown: `tip`, from which the anchor is `steps` hashes away. Raises `WrongLength`, `OutOfRange`."""
    return hash32("tip", tip) + within("steps", steps, 0, MAX_STEPS).to_bytes(2, "big")


def hashed(tip: Hash32, steps: int) -> Hash32:
    """The hash of the hash ... of `tip`, `steps` times."""
    for _ in range(steps):
        tip = keccak(tip)
    return tip


@dataclass(frozen=True, slots=True)
class Ticks:
    """`count` ticks made from one secret seed, which is the last of them. Never make two chains of one seed.

    Raises `WrongLength`, `OutOfRange`.
    """

    seed: Hash32 = field(repr=False)
    count: int

    def __post_init__(self) -> None:
        hash32("seed", self.seed)
        uint("count", self.count, 32)

    @property
    def anchor(self) -> Hash32:
        """What may be known from the beginning: the link before the first tick."""
        return self.tip(0)

    def tip(self, steps: int) -> Hash32:
        """What is shown for the first `steps` ticks; it gives the earlier ones away. Raises `OutOfRange`."""
        return hashed(self.seed, self.count - within("steps", steps, 0, self.count))
