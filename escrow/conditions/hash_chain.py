"""Releases a value for each tick of a hash chain."""

from dataclasses import dataclass
from typing import Self

from chain import hash_chain as chains
from chain.hash_chain import MAX_STEPS, PROOF_BYTES
from chain.units import Amount, Hash32, hash32, uint, within
from escrow.conditions import words
from escrow.conditions.condition import Condition, Proof
from escrow.conditions.facts import Facts


@dataclass(frozen=True, slots=True)
class HashChain(Condition):
    """Made by `hash_chain`. The twin of HashChain.sol."""

    contract = "HashChain"
    gas = 1_500 + 56 * MAX_STEPS
    longest_proof = PROOF_BYTES
    reveals = True

    anchor: Hash32
    each: Amount

    def __post_init__(self) -> None:
        hash32("anchor", self.anchor)
        uint("each", self.each, 96)

    @property
    def data(self) -> bytes:
        """abi.encode(bytes32 anchor, uint96 valuePerTick)."""
        return chains.condition_data(self.anchor, self.each)

    @classmethod
    def of_data(cls, data: bytes) -> Self:
        """The inverse of `data`. Raises `InvalidValue`."""
        anchor, each = words.split("data", data, 2)
        return cls(Hash32(anchor), Amount(words.unsigned(each)))

    def proof(self, tip: bytes, steps: int) -> Proof:
        """`tip`, from which the anchor is `steps` hashes away. Raises `WrongLength`, `OutOfRange`."""
        return Proof(self, chains.condition_proof(tip, steps))

    def released(self, subject: Hash32, amount: int, shown: bytes, facts: Facts) -> int:
        """The value of the ticks that are shown."""
        steps = int.from_bytes(shown[32:], "big")
        if len(shown) != PROOF_BYTES or steps > MAX_STEPS or chains.hashed(Hash32(shown[:32]), steps) != self.anchor:
            return 0
        return min(steps * self.each, amount)

    def most(self, amount: int) -> int:
        """What the longest proof is worth."""
        return min(MAX_STEPS * self.each, amount)

    def explain(self) -> str:
        """What each tick is worth."""
        return f"ticks of the Keccak-256 chain 0x{self.anchor.hex()}, {self.each} base units each"


def hash_chain(*, each: int, anchor: bytes | None = None, ticks: chains.Ticks | None = None) -> HashChain:
    """`each` base units a tick: from the anchor alone, or by whoever has made the ticks.

    Raises `OutOfRange`, for more ticks than can be shown too, and `WrongLength`.
    """
    if (anchor is None) == (ticks is None):
        raise TypeError("a hash chain begins at one anchor: anchor=... or ticks=...")
    if ticks is not None:
        within("ticks", ticks.count, 1, MAX_STEPS)
        anchor = ticks.anchor
    return HashChain(hash32("anchor", anchor), Amount(each))
