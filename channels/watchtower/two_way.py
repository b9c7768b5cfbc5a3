"""What a tower does next for one party of a two-way channel."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from chain.units import NO_HASH, Address, Amount, Hash32, Seconds
from channels.channel import ChannelId
from channels.duplex.channel import DuplexChannel
from channels.duplex.duplex import Duplex
from channels.duplex.fight import Fight
from channels.duplex.promise import DuplexPromise
from channels.duplex.reserve import DuplexReserve
from channels.duplex.signed_state import SignedState
from channels.reserve import reserve_end
from channels.settlement.gas import RECORD
from channels.watchtower.policy import TowerPolicy
from channels.watchtower.steps import Act, Answer, Collect, PayOut, RecordDuplex, Step, Wait

_NOTHING = Amount(0)
ANSWER, PAY_OUT, COLLECT = 39_695, 56_378, 60_000
"""Gas of whole transactions with an ERC-20, as in tests/snapshots/gas.json; a collect is about a payout."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DuplexLook:
    """A two-way channel as the latest block shows it at `now`, with the fight and the reserve of the state's epoch.

    The client is A where `by_a`. `recorded` and `provable` are by the hash of a promise to the client, `ended` says
    that the final block has a later epoch, `is_partial` that what could be proven is not all known.
    """

    state: SignedState
    by_a: bool
    now: Seconds
    duplex: Duplex
    fight: Fight
    reserve: DuplexReserve
    recorded: Mapping[Hash32, Amount]
    provable: Mapping[Hash32, Amount]
    ended: bool = False
    is_partial: bool = False

    @property
    def channel(self) -> DuplexChannel:
        """The descriptor."""
        return self.state.channel

    @property
    def place(self) -> tuple[ChannelId, Address, int]:
        """Of the job."""
        key = self.channel.signer_a if self.by_a else self.channel.signer_b
        return self.channel.id, key, self.state.message.epoch

    @property
    def owed(self) -> tuple[DuplexPromise, ...]:
        """The promises to the client."""
        return owed_to(self.state, by_a=self.by_a)

    @property
    def is_live(self) -> bool:
        """Whether the chain is in the state's epoch."""
        return self.duplex.epoch == self.state.message.epoch and self.duplex.is_open

    @property
    def is_fighting(self) -> bool:
        """Whether somebody has posted a state in it."""
        return self.is_live and self.fight.is_on

    @property
    def keeps(self) -> bool:
        """Whether the ended epoch still keeps something for the state's own promises."""
        promises = self.state.message.promises
        return promises != NO_HASH and self.reserve.promises == promises and not self.reserve.is_over(self.now)

    @property
    def is_over(self) -> bool:
        """Whether nothing can come of it any more, whatever happens to blocks that are not final."""
        return self.ended and not self.keeps

    @property
    def until(self) -> Seconds | None:
        """From this second on promises get nothing more; None while nothing ends."""
        if self.keeps:
            return self.reserve.until
        if not self.is_fighting:
            return None
        return reserve_end(self.fight.deadline, self.state.listed.last_expiry, self.channel)

    def share(self, net: int) -> int:
        """What the client has by this net, in base units."""
        to_a, to_b = self.duplex.shares(net)
        return to_a if self.by_a else to_b

    def gain(self, promise: DuplexPromise) -> int:
        """What a record would add."""
        leaf = promise.struct_hash()
        more = self.provable.get(leaf, _NOTHING) - self.recorded.get(leaf, _NOTHING)
        return max(more, 0) if self.now < promise.expiry else 0

    def collectable(self) -> int:
        """What a collect would bring the client now, in base units."""
        if not self.keeps:
            return 0
        paid_a, paid_b = self.reserve.paid_from_a, self.reserve.paid_from_b
        recorded = sum(self.recorded.values())
        if self.by_a:
            return max(min(recorded, self.reserve.from_b) - paid_b, 0)
        return max(min(recorded, self.reserve.from_a) - paid_a, 0)

    def next_look(self, policy: TowerPolicy) -> Seconds:
        """When it has to be looked at again."""
        if self.is_fighting or not self.is_live or self.is_partial:
            return policy.soon(self.now)
        shown = [promise for promise in self.owed if promise.struct_hash() in self.provable]
        return policy.later(self.now, self.channel.window, [promise.expiry for promise in shown])


def plan_duplex(look: DuplexLook, policy: TowerPolicy) -> list[Step]:
    """Records first, then an answer, a payout or a collect. It challenges nobody."""
    records = list(_records(look, policy))
    steps = [*records]
    if look.is_fighting:
        steps += _fight(look, policy)
    elif look.collectable():
        steps.append(_collect(look, policy, records))
    return steps or [Wait(None, "nothing is threatened")]


def _records(look: DuplexLook, policy: TowerPolicy) -> Iterator[Step]:
    if not (look.is_live or look.keeps):
        return
    for promise in look.owed:
        gain = look.gain(promise)
        if gain and policy.world(look.now).pays(look.channel.token, gain, RECORD):
            yield _record(look, policy, promise)


def _record(look: DuplexLook, policy: TowerPolicy, promise: DuplexPromise) -> Step:
    begin = policy.settling.begin(promise.expiry)
    if look.until is None and look.now < begin:
        return Wait(begin, "a promise can be recorded later, unless it is folded into a state before")
    end = min(promise.expiry, look.until or promise.expiry)
    action = RecordDuplex(*look.place, promise.struct_hash())
    return Act(action, f"its promise expires in {promise.expiry - look.now} s", policy.settling.before(end))


def _fight(look: DuplexLook, policy: TowerPolicy) -> list[Step]:
    fight, state = look.fight, look.state.message
    if not fight.is_over(look.now):
        if fight.version >= state.version:
            return [Wait(fight.deadline, "the newest state is on chain")]
        if not policy.world(look.now).pays(look.channel.token, _saves(look), ANSWER):
            return [Wait(None, "the state that was posted is no worse")]
        why = f"version {fight.version} was posted, and stands in {fight.deadline - look.now} s"
        return [Act(Answer(*look.place), why, policy.settling.before(fight.deadline))]
    return _ended(look, policy)


def _ended(look: DuplexLook, policy: TowerPolicy) -> list[Step]:
    """Anybody may pay out at any time; only what is kept for promises depends on when."""
    shown = sum(look.recorded.values()) + sum(look.gain(promise) for promise in look.owed)
    kept = look.fight.promises != NO_HASH and look.fight.promises == look.state.message.promises
    until = look.until
    if not kept or until is None or look.now >= until:
        return [Wait(None, "nothing is lost by waiting for whoever pays out")]
    if not policy.world(look.now).pays(look.channel.token, shown, PAY_OUT + COLLECT):
        return [Wait(None, "what its promises could bring would not pay for it")]
    why = f"what is kept for its promises is over in {until - look.now} s"
    return [Act(PayOut(*look.place), why, policy.settling.before(until))]


def _collect(look: DuplexLook, policy: TowerPolicy, records: list[Step]) -> Step:
    until, begin = look.reserve.until, policy.settling.begin(look.reserve.until)
    if any(isinstance(step, Act) for step in records) and look.now < begin:
        return Wait(begin, "its promises are recorded first, so that one collect pays for all")
    if not policy.world(look.now).pays(look.channel.token, look.collectable(), COLLECT):
        return Wait(None, "dust: it would cost more than it brings")
    why = f"its reserve is over in {until - look.now} s"
    return Act(Collect(*look.place), why, policy.settling.before(until))


def _saves(look: DuplexLook) -> int:
    """What an answer may save: ours at its best, against what is sure of theirs, whose promises nobody here knows."""
    ours = look.share(look.state.message.net) + sum(promise.amount for promise in look.owed)
    theirs = look.share(look.fight.net) if look.fight.promises == NO_HASH else 0
    return min(ours, look.duplex.total) - theirs


def owed_to(state: SignedState, *, by_a: bool) -> tuple[DuplexPromise, ...]:
    """Those of the other party."""
    return tuple(promise for promise in state.promises if promise.from_a != by_a)
