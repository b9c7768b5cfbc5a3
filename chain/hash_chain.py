"""Keccak-256 chains (PayWord, Rivest and Shamir 1996): each link is the hash of the next."""

from dataclasses import dataclass, field

from chain.keccak import keccak
from chain.units import Hash32, hash32, uint, within


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
