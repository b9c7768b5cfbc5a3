"""What the chain says, handed in: the twins are pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from chain.units import Address, Hash32, Seconds


@dataclass(frozen=True, kw_only=True, slots=True)
class Round:
    """What `feed` answers to getRoundData(round_id); `updated_at` is 0 for a round without an answer."""

    feed: Address
    round_id: int
    answer: int
    updated_at: int
    answered_in: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """The chain, its time, and what else its contracts would be told: a round or a wallet that is not here is none."""

    chain_id: int
    now: Seconds
    rounds: Mapping[tuple[Address, int], Round] = field(default_factory=dict)
    """By feed and round id."""
    wallets: frozenset[tuple[Address, Hash32]] = frozenset()
    """Which wallets say yes to which digest (ERC-1271), given the gas that they need."""

    def knowing(self, rounds: Iterable[Round]) -> "Facts":
        """These facts and `rounds`."""
        return replace(self, rounds={**self.rounds, **{(found.feed, found.round_id): found for found in rounds}})
