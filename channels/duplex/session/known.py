"""What a party knows besides what was said to it: the chain's time, what is recorded there, what conditions release."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from chain.units import Address, Amount, Hash32, Seconds
from channels.duplex.promise import DuplexPromise

_NOTHING = Amount(0)


class Twin(Protocol):
    """A condition that can be asked off chain what its contract would answer, as those of `escrow.conditions`."""

    @property
    def address(self) -> Address:
        """Where the contract lives."""

    @property
    def data_hash(self) -> Hash32:
        """Keccak-256 of what it is asked with."""

    def released(self, subject: Hash32, amount: int, shown: bytes, facts: Any, /) -> int:
        """How much of `amount` it releases for what is `shown`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """`now` is the chain's time. `recorded` and `least` are by promise hash, in base units; `facts` is for the twins.

    `least`: for how little a promise to us may go before it expires. One that is not named goes for all or not at all:
    what can't be proven now may be later. What we can prove stands here, and zero for what we knowingly give up.
    """

    now: Seconds
    recorded: Mapping[Hash32, Amount] = field(default_factory=dict)
    least: Mapping[Hash32, Amount] = field(default_factory=dict)
    conditions: Collection[Twin] = ()
    facts: Any = None

    def released(self, promise: DuplexPromise, subject: Hash32, shown: bytes) -> int:
        """What is recorded, or what the proof would have recorded now: before the expiry, as on chain."""
        recorded = self.recorded.get(promise.struct_hash(), _NOTHING)
        if self.now >= promise.expiry:
            return recorded
        places = (promise.condition, promise.data_hash)
        twins = [twin for twin in self.conditions if (twin.address, twin.data_hash) == places]
        proven = [twin.released(subject, promise.amount, shown, self.facts) for twin in twins[:1]]
        return max(recorded, *(min(amount, promise.amount) for amount in proven), 0)

    def owed(self, promise: DuplexPromise, margin: Seconds) -> int:
        """For how little a promise to us may go: once it has surely expired, for what is recorded."""
        leaf = promise.struct_hash()
        recorded = self.recorded.get(leaf, _NOTHING)
        if self.is_over(promise, margin):
            return recorded
        return max(recorded, self.least.get(leaf, promise.amount))

    def is_over(self, promise: DuplexPromise, margin: Seconds) -> bool:
        """Whether every record of it would have been seen: the one place that says so, at the second itself."""
        return self.now >= promise.expiry + margin
