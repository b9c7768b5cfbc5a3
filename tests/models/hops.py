"""A hash-locked promise over two lanes: payer to middle, middle to payee; the middle alone is honest.

Both lanes are the twin itself. Payer and payee know the preimage from the start and do what harms the middle. It
learns of a request to close `alarm` seconds late, and of the preimage once its record on the outgoing chain is final,
`alarm` later; it does what it learned of first, one transaction at a time, and each takes up to `inclusion` seconds.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from chain.errors import EarnestError
from chain.keccak import keccak
from chain.typed_data import Domain
from chain.units import NOBODY, Address, Amount, Seconds, address
from channels import Channel, Lane, transition
from channels.actions import Action, CancelClose, ClaimPromised, Record, RequestClose, Withdraw
from channels.lane import NOT_ASKED, LaneBooks
from channels.promise import Promise
from channels.promising import PromisingVoucher
from channels.reserve import Reserve
from tests.models.search import Move

PAYER, MIDDLE, PAYEE = (address("0x" + digit * 40) for digit in "123")
HOME = Domain(31_337, address("0x" + "e5" * 20))
LOCK = keccak(b"the hash lock's data")
ONE = Amount(1)
MOST_REQUESTS = 2


@dataclass(frozen=True, slots=True)
class Hop:
    """A lane with a deposit of 1 and a voucher for a promise of 1."""

    channel: Channel
    promise: Promise
    lane: Lane = field(default_factory=lambda: Lane(deposit=ONE))
    reserve: Reserve | None = None
    recorded: int = 0

    @classmethod
    def between(cls, payer: Address, payee: Address, expiry: int, window: int, promise_window: int) -> "Hop":
        windows = {"window": Seconds(window), "promise_window": Seconds(promise_window)}
        promise = Promise(condition=NOBODY, data_hash=LOCK, amount=ONE, expiry=Seconds(expiry), salt=keccak(b"salt"))
        return cls(Channel(payer=payer, payee=payee, token=NOBODY, signer=payer, **windows), promise)

    @property
    def claim(self) -> Action:
        leaves = (self.promise.struct_hash(),)
        voucher = PromisingVoucher(
            epoch=0, cumulative_amount=Amount(0), total=ONE, last_expiry=self.promise.expiry, leaves=leaves
        )
        return ClaimPromised(channel=self.channel, voucher=voucher, signer=self.channel.signer)

    @property
    def record(self) -> Action:
        return Record(
            domain=HOME, channel_id=self.channel.id, epoch=0, promise=self.promise, data_hash=LOCK, released=ONE
        )

    def after(self, action: Action, now: int) -> "tuple[Hop, int] | None":
        """With what its payee got; None if the chain refuses."""
        leaf = self.promise.struct_hash()
        books = LaneBooks(
            lane=self.lane,
            reserves={0: self.reserve} if self.reserve else {},
            records={(0, leaf): Amount(self.recorded)} if self.recorded else {},
        )
        try:
            newer, effects = transition(books, action, Seconds(now))
        except EarnestError:
            return None
        paid = sum(effect.amount for effect in effects if getattr(effect, "to", None) == self.channel.payee)
        changed = replace(
            self, lane=newer.lane, reserve=newer.reserves.get(0), recorded=newer.records.get((0, leaf), 0)
        )
        return changed, paid


@dataclass(frozen=True, slots=True)
class Sent:
    """The middle's transaction, which is under way."""

    job: str
    at: int


@dataclass(frozen=True, slots=True)
class World:
    incoming: Hop
    outgoing: Hop
    now: int = 0
    recorded_at: int | None = None
    """When the preimage was shown on the outgoing chain."""
    sent: Sent | None = None
    requests: int = 0
    gained: int = 0
    """By the middle, in base units: what it got less what it paid."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Hops:
    """All in seconds. `margin` is between the outgoing and the incoming expiry; `window` is the incoming lane's."""

    finality: int
    inclusion: int
    alarm: int
    outgoing_expiry: int = 2
    margin: int
    window: int

    def start(self) -> World:
        expiry, promise_window = self.outgoing_expiry + self.margin, self.outgoing_expiry + self.margin
        return World(
            Hop.between(PAYER, MIDDLE, expiry, self.window, promise_window),
            Hop.between(MIDDLE, PAYEE, self.outgoing_expiry, self.window, promise_window),
        )

    def lost(self, world: World) -> bool:
        """All is over, and the middle has paid more than it got."""
        return world.now == self._end(world) and world.gained < 0

    def moves(self, world: World) -> Iterator[Move[World]]:
        late = world.sent is not None and world.now == world.sent.at + self.inclusion
        if not late and not (world.sent is None and self._jobs(world)) and world.now < self._end(world):
            yield "a second passes", replace(world, now=world.now + 1)
        yield from self._theirs(world)
        yield from self._own(world)

    def _end(self, world: World) -> int:
        return world.incoming.promise.expiry + self.window

    def _theirs(self, world: World) -> Iterator[Move[World]]:
        """The payee shows the preimage and is paid; the payer ends the incoming lane, or takes that back."""
        recorded = world.outgoing.after(world.outgoing.record, world.now)
        paid = recorded and recorded[0].after(recorded[0].claim, world.now)
        if paid:
            newer = replace(world, outgoing=paid[0], gained=world.gained - paid[1], recorded_at=world.now)
            yield f"at {world.now} the payee shows the preimage", newer
        channel = world.incoming.channel
        asked: Any = {"caller": PAYER, "channel": channel}
        if world.requests < MOST_REQUESTS:
            more = replace(world, requests=world.requests + 1)
            yield from self._incoming(more, "the payer asks for the close", RequestClose(**asked))
        yield from self._incoming(world, "the payer takes that back", CancelClose(**asked))
        yield from self._incoming(world, "the payer withdraws", Withdraw(channel=channel))

    def _own(self, world: World) -> Iterator[Move[World]]:
        if world.sent is None:
            for job in self._jobs(world):
                yield f"at {world.now} the middle sends its {job}", replace(world, sent=Sent(job, world.now))
            return
        job, idle = world.sent.job, replace(world, sent=None)
        action = world.incoming.record if job == "record" else world.incoming.claim
        included = list(self._incoming(idle, f"at {world.now} the {job} is included", action))
        yield from included or [(f"at {world.now} the {job} is refused", idle)]

    def _jobs(self, world: World) -> list[str]:
        """What it has learned of first, or both that it learned of in one second."""
        lane, recorded = world.incoming.lane, world.incoming.recorded
        learned: dict[str, int] = {}
        if world.recorded_at is not None and not recorded:
            learned["record"] = world.recorded_at + self.finality + self.alarm
        if lane.closes_at != NOT_ASKED and not lane.reserved and world.now < lane.closes_at:
            learned["claim"] = lane.closes_at - self.window + self.alarm
        if recorded and world.gained < 0:
            learned.setdefault("claim", world.now)
        first = min(learned.values(), default=world.now + 1)
        return [job for job, second in learned.items() if second == first <= world.now]

    def _incoming(self, world: World, what: str, action: Action) -> Iterator[Move[World]]:
        done = world.incoming.after(action, world.now)
        if done:
            yield what, replace(world, incoming=done[0], gained=world.gained + done[1])
