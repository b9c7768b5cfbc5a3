"""One epoch of a lane, as far as its settlement is concerned."""

from dataclasses import dataclass, field

from chain.units import Amount, Hash32, Seconds, uint, within
from channels.channel import Channel, ChannelId
from channels.lane import Lane
from channels.promise import Promise, sorted_leaves
from channels.promising import PromisingVoucher
from channels.reserve import Reserve

_NOTHING, _NEVER = Amount(0), Seconds(0)
_NO_RESERVE = Reserve()


@dataclass(frozen=True, kw_only=True, slots=True)
class PromiseStanding:
    """A promise of the newest voucher: what the payee can prove of it now, and what is recorded, in base units."""

    promise: Promise
    provable: Amount = _NOTHING
    recorded: Amount = _NOTHING
    hash: Hash32 = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        within("provable", self.provable, 0, self.promise.amount)
        within("recorded", self.recorded, 0, self.promise.amount)
        object.__setattr__(self, "hash", self.promise.struct_hash())

    def gain(self, now: Seconds) -> int:
        """What a record would add; from the expiry on, nothing."""
        return max(self.provable - self.recorded, 0) if now < self.promise.expiry else 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Position:
    """The newest voucher of `epoch`: its cumulative amount is `accepted`; with the chain's word as of `seen_at`.

    `reserve` is this epoch's, `since` when the oldest money that is not settled was accepted. An ended epoch has a
    position of its own while its reserve lives. Raises `TooManyPromises`, `PromisesOutOfOrder` for a repeated one.
    """

    channel: Channel
    lane: Lane
    epoch: int
    accepted: Amount
    seen_at: Seconds
    promises: tuple[PromiseStanding, ...] = ()
    reserve: Reserve = _NO_RESERVE
    since: Seconds | None = None

    def __post_init__(self) -> None:
        uint("epoch", self.epoch, 31)
        uint("accepted", self.accepted, 96)
        uint("seen_at", self.seen_at, 48)
        if self.promises:
            sorted_leaves(standing.hash for standing in self.promises)

    @property
    def place(self) -> tuple[ChannelId, int]:
        """No two positions of a plan have the same."""
        return self.channel.id, self.epoch

    @property
    def worth(self) -> int:
        """What the chain believes already."""
        return self.accepted + sum(standing.recorded for standing in self.promises)

    @property
    def most(self) -> int:
        """What it may be worth at most."""
        return self.accepted + sum(standing.promise.amount for standing in self.promises)

    @property
    def last_expiry(self) -> Seconds:
        """Of all its promises; zero without any."""
        return max((standing.promise.expiry for standing in self.promises), default=_NEVER)

    @property
    def shown(self) -> PromisingVoucher:
        """The voucher as the contract takes it."""
        return PromisingVoucher(
            epoch=self.epoch,
            cumulative_amount=self.accepted,
            total=Amount(self.most - self.accepted),
            last_expiry=self.last_expiry,
            leaves=sorted_leaves(standing.hash for standing in self.promises),
        )
