"""One party's view of a two-way channel, without keys, disk or chain."""

from dataclasses import dataclass, field, replace
from typing import Self

from chain.typed_data import Domain
from chain.units import Address, Hash32, Seconds
from channels.duplex.channel import DuplexChannel
from channels.duplex.duplex import Duplex
from channels.duplex.messages import CloseTogether, State
from channels.duplex.promise import DuplexPromise
from channels.duplex.session.effects import Effect, Keep
from channels.duplex.session.errors import CloseSigned, EpochForgotten, FightIsOn, NotInStep, ProposalOutstanding
from channels.duplex.session.limits import Limits
from channels.duplex.session.memory import Memory
from channels.duplex.session.sight import Sight, prudent
from channels.duplex.signed_state import SignedState
from channels.errors import ChainWentBack, NotOpen, WrongChannel, WrongEpoch
from channels.promise import subject_of


@dataclass(frozen=True, kw_only=True, slots=True)
class DuplexSession:
    """Party A's view, or B's. `duplex` and `fighting` are what it counts on of the chain (`see`); `in_step`: since its
    start the other party has shown what it has (`resume`). What lasts is its `memory`, which is all that was signed in
    the epochs from `whole_from` on.

    Raises `WrongChannel`.
    """

    channel: DuplexChannel
    domain: Domain
    by_a: bool
    memory: Memory
    duplex: Duplex = field(default_factory=Duplex)
    fighting: bool = False
    limits: Limits = field(default_factory=Limits)
    in_step: bool = False
    whole_from: int = 0

    def __post_init__(self) -> None:
        if self.memory.newest.channel != self.channel:
            raise WrongChannel(self.memory.newest.channel.id, self.channel.id)

    @property
    def newest(self) -> SignedState:
        """What to challenge or answer with: it bears the other's signature, and we consent by calling."""
        return self.memory.newest

    @property
    def epoch(self) -> int:
        """The one that this memory is of."""
        return self.newest.message.epoch

    @property
    def is_whole(self) -> bool:
        """Whether nothing of this epoch is forgotten: neither restored nor corrected, which only an old store is."""
        return self.epoch >= self.whole_from and not self.memory.corrected

    @property
    def other_key(self) -> Address:
        """Which key the other party signs with."""
        return self.channel.signer_b if self.by_a else self.channel.signer_a

    def subject(self, promise: DuplexPromise) -> Hash32:
        """What the promise's condition is asked about."""
        return subject_of(self.domain, self.channel.id, self.epoch, promise.struct_hash())

    def owed(self, state: SignedState) -> int:
        """What we owe by a state at most, in base units; negative where the other owes us whatever happens."""
        net, totals = state.message.net, state.listed
        return net + totals.total_from_a if self.by_a else totals.total_from_b - net

    def see(self, final: Sight, latest: Sight) -> Self:
        """With the chain's word; a later epoch starts at nothing, its forerunner's memory stays in the store.

        Raises `ChainWentBack`.
        """
        sight = prudent(final, latest, self.by_a, self.limits.unconfirmed)
        epoch = sight.duplex.epoch
        if epoch < self.epoch:
            raise ChainWentBack(epoch, self.epoch)
        memory = self.memory if epoch == self.epoch else Memory.start(self.channel, epoch)
        return replace(self, duplex=sight.duplex, fighting=sight.fighting, memory=memory)

    def kept(self, memory: Memory, *effects: Effect) -> "Step":
        """What every signature begins with."""
        return replace(self, memory=memory), [Keep(memory), *effects]

    def require_here(self, message: State | CloseTogether) -> None:
        """Raises `WrongChannel`, `WrongEpoch`."""
        if message.channel_id != self.channel.id:
            raise WrongChannel(message.channel_id, self.channel.id)
        if message.epoch != self.epoch:
            raise WrongEpoch(message.epoch, self.epoch)

    def require_signing(self) -> None:
        """Before any signature. Raises `NotInStep`, `NotOpen`."""
        if not self.in_step:
            raise NotInStep(self.channel.id)
        if not self.duplex.is_open:
            raise NotOpen(self.channel.id)

    def require_free(self, now: Seconds) -> None:
        """Before a state is signed: a close or a newer state that this store has forgotten would cancel it.

        Raises `NotInStep`, `NotOpen`, `EpochForgotten`, `FightIsOn`, `CloseSigned`.
        """
        self.require_signing()
        if not self.is_whole:
            raise EpochForgotten(self.channel.id, self.epoch)
        if self.fighting:
            raise FightIsOn(self.channel.id, self.epoch)
        closing = self.memory.closing
        if closing is not None and now < closing.message.deadline + self.limits.margin:
            raise CloseSigned(closing.message.deadline + self.limits.margin)

    def require_answered(self) -> None:
        """Raises `ProposalOutstanding`."""
        if self.memory.outstanding is not None:
            raise ProposalOutstanding(self.memory.outstanding.version)


Step = tuple[DuplexSession, list[Effect]]
