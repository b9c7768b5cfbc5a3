"""All that the chain keeps of one two-way channel."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from chain.typed_data import Domain
from chain.units import Amount, Hash32
from channels.duplex.channel import DuplexChannel
from channels.duplex.duplex import NOTHING, Duplex
from channels.duplex.fight import NO_FIGHT, Fight
from channels.duplex.promise import DuplexPromise
from channels.duplex.reserve import DuplexReserve
from channels.promise import subject_of


@dataclass(frozen=True, kw_only=True, slots=True)
class DuplexRecord:
    """How much of a promise is proven, and whose promise it is."""

    released: Amount
    from_a: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class DuplexLedger:
    """The deposits and the fight of the present epoch, the reserves of ended ones, what is recorded of promises."""

    channel: DuplexChannel
    domain: Domain
    duplex: Duplex = field(default_factory=Duplex)
    fight: Fight = NO_FIGHT
    reserves: Mapping[int, DuplexReserve] = field(default_factory=dict)
    """By epoch."""
    records: Mapping[Hash32, DuplexRecord] = field(default_factory=dict)
    """By subject."""

    def subject(self, epoch: int, promise: DuplexPromise | Hash32) -> Hash32:
        """What a condition is asked about: a promise, or its hash, in an epoch."""
        leaf = promise.struct_hash() if isinstance(promise, DuplexPromise) else promise
        return subject_of(self.domain, self.channel.id, epoch, leaf)

    def recorded(self, epoch: int, leaves: Iterable[Hash32]) -> tuple[int, int]:
        """The sums of what is proven of A's promises among these, and of B's."""
        subjects = (self.subject(epoch, leaf) for leaf in leaves)
        found = [self.records[subject] for subject in subjects if subject in self.records]
        from_a = sum(record.released for record in found if record.from_a)
        return from_a, sum(record.released for record in found) - from_a

    def released(self, subject: Hash32) -> Amount:
        """What is proven of one promise."""
        return self.records[subject].released if subject in self.records else NOTHING
