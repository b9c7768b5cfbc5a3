"""Two parties with disks, a bad network between them, and a chain: what is signed, kept, paid and undone is counted."""

from collections.abc import Iterable
from typing import Any

from chain.errors import EarnestError
from chain.units import Seconds
from channels.duplex.errors import NotCovered
from channels.duplex.ledger import DuplexLedger
from channels.duplex.promise import DuplexPromise
from channels.duplex.session import (
    Change,
    Drop,
    DuplexSession,
    Effect,
    Fold,
    Keep,
    Limits,
    Memory,
    Message,
    Offer,
    Pay,
    Proposal,
    Send,
    Standing,
    Step,
    propose,
    receive,
    refuse,
    resume,
    settled,
)
from channels.duplex.session.errors import ExpiryOutOfBounds, NoPlaceLeft, NotReleased, StillOwed
from channels.duplex.session.message import signed
from channels.duplex.session.next_state import listed, next_state
from channels.duplex.signed_state import SignedState
from tests.channels.duplex.duplex_forms import CHANNEL, HOME
from tests.channels.duplex.session.chain_end import Chain, fought
from tests.channels.duplex.session.parties import DUPLEX, NOW, SIGN, known, lock, memory, party, preimage, promise

UNWELCOME = (ExpiryOutOfBounds, NoPlaceLeft, NotReleased, StillOwed, NotCovered)
SIDES = (True, False)
LOCKS = [lock(number).data_hash for number in range(4)]
LIMITS = {
    True: Limits(promises=4, longest_promise=Seconds(1_150)),
    False: Limits(promises=3, shortest_promise=Seconds(1_000)),
}
"""They differ, so that one proposes what the other refuses."""


class World:
    """`memories` are the disks, from which a party that crashes begins again; `own` are the promises that it offered.

    By party: True is A.
    """

    def __init__(self, promises: tuple[DuplexPromise, ...] = ()) -> None:
        self.now: Any = NOW
        self.chain = Chain(DuplexLedger(channel=CHANNEL, domain=HOME, duplex=DUPLEX))
        self.memories: dict[bool, Memory] = {by_a: memory(2 if promises else 0, promises) for by_a in SIDES}
        self.sessions = {by_a: party(by_a, self.memories[by_a], limits=LIMITS[by_a]) for by_a in SIDES}
        self.wire: list[tuple[bool, Message]] = []
        begun = self.memories[True].newest
        self.signed: dict[bool, dict[int, SignedState]] = {by_a: {begun.message.version: begun} for by_a in SIDES}
        self.agreed: dict[bool, list[Change]] = {by_a: [] for by_a in SIDES}
        self.offered = [*promises]
        self.own = {by_a: [found for found in promises if found.from_a == by_a] for by_a in SIDES}

    def propose(self, by_a: bool, changes: tuple[Change, ...], crash: int | None = None) -> None:
        before = self.memories[by_a]
        step = propose(self.sessions[by_a], changes, self.known())
        self.perform(step, crash)
        if self.memories[by_a] != before:
            self.agreed[by_a] = [*self._final(by_a, before), *changes]
            self.own[by_a] += [change.promise for change in changes if isinstance(change, Offer)]

    def settle(self, by_a: bool, number: int, for_nothing: bool, crash: int | None = None) -> None:
        """Ends one promise or the other, with the proof that there is; what can be had is not given up."""
        session = self.sessions[by_a]
        found = [*listed(session.newest).items()]
        if found:
            leaf, promise = found[number % len(found)]
            shown = self.proof(promise) if self.provable(promise) else b""
            idle = for_nothing and (promise.from_a == by_a or not self.provable(promise))
            change = Drop(promise_hash=leaf) if idle else settled(session, leaf, shown, self.known())
            self.propose(by_a, (change,), crash)

    def fresh(self, by_a: bool, number: int) -> DuplexPromise:
        """A promise of another hash each time; the locks of even numbers can be opened."""
        members = {"condition": lock(number % 4).address, "data_hash": lock(number % 4).data_hash}
        salt = len(self.offered).to_bytes(32, "big")
        made = promise(0, from_a=by_a, salt=salt, amount=50 + number, expiry=self.now + 600 + 100 * number, **members)
        self.offered.append(made)
        return made

    @staticmethod
    def proof(promise: DuplexPromise) -> bytes:
        return preimage(LOCKS.index(promise.data_hash))

    @staticmethod
    def provable(promise: DuplexPromise) -> bool:
        return LOCKS.index(promise.data_hash) % 2 == 0

    def known(self) -> Any:
        recorded = {promise.struct_hash(): self.chain.recorded(promise) for promise in self.offered}
        return known(self.now, recorded={leaf: amount for leaf, amount in recorded.items() if amount})

    def perform(self, step: Step, crash: int | None = None) -> None:
        session, effects = step
        for position, effect in enumerate(effects):
            if position == crash:
                self.restart(session.by_a)
                return
            self._do(session, effect)
        self.sessions[session.by_a] = session
        if crash is not None and crash >= len(effects):
            self.restart(session.by_a)

    def _do(self, session: DuplexSession, effect: Effect) -> None:
        by_a = session.by_a
        match effect:
            case Keep(kept):
                assert kept.revision == self.memories[by_a].revision + 1, "compare-and-set"
                assert kept.signed >= self.memories[by_a].signed
                assert kept.newest.message.version >= self.memories[by_a].newest.message.version
                self._require_nothing_lost(by_a, kept)
                self.memories[by_a] = Memory.from_json(kept.to_json())
            case Send(message):
                self.wire.append((not by_a, self._signed(session, message)))
            case _:
                pass

    def _require_nothing_lost(self, by_a: bool, kept: Memory) -> None:
        """What the party could prove goes only for all of it."""
        left = {*kept.newest.promises}
        gone = [p for p in self.memories[by_a].newest.promises if p.from_a != by_a and p not in left]
        assert kept.credited - self.memories[by_a].credited >= sum(p.amount for p in gone if self.in_time(p))

    def in_time(self, promise: DuplexPromise) -> bool:
        return self.provable(promise) and (self.now < promise.expiry or self.chain.recorded(promise) > 0)

    def _signed(self, session: DuplexSession, message: Message) -> Message:
        """Signs, and sees to it that no version is signed with two meanings."""
        if isinstance(message, Proposal):
            state = next_state(session.newest, message.changes, message.version)
        elif isinstance(message, Standing):
            state = message.state
        else:
            return signed(message, SIGN[session.by_a])
        before = self.signed[session.by_a].setdefault(state.message.version, state)
        assert before.message == state.message, "two messages of one version"
        assert state.message.version <= self.memories[session.by_a].signed, "kept before it is signed"
        return signed(message, SIGN[session.by_a])

    def deliver(self, number: int, crash: int | None = None, again: bool = False) -> None:
        """Any message on its way arrives; what was refused is answered as a shell would."""
        if not self.wire:
            return
        position = number % len(self.wire)
        to, message = self.wire[position] if again else self.wire.pop(position)
        self.hear(to, message, crash)

    def hear(self, to: bool, message: Message, crash: int | None = None) -> None:
        session = self.sessions[to]
        try:
            self.perform(receive(session, message, self.known()), crash)
        except UNWELCOME:
            assert isinstance(message, Proposal)
            self.perform(refuse(session, message, self.known()), crash)

    def lose(self, number: int) -> None:
        if self.wire:
            self.wire.pop(number % len(self.wire))

    def restart(self, by_a: bool) -> None:
        self.sessions[by_a] = party(by_a, self.memories[by_a], limits=LIMITS[by_a], in_step=False)
        self.ask(by_a)

    def ask(self, by_a: bool) -> None:
        self.perform((self.sessions[by_a], resume(self.sessions[by_a])))

    def wait(self, seconds: int) -> None:
        """Whoever can prove a promise that is still open records it before it expires."""
        for by_a in SIDES:
            for found in self.memories[by_a].newest.promises:
                if found.from_a != by_a and found.expiry <= self.now + seconds:
                    self._record(found)
        self.now += seconds

    def record(self, number: int) -> None:
        if self.offered:
            self._record(self.offered[number % len(self.offered)])

    def _record(self, promise: DuplexPromise) -> None:
        if self.provable(promise) and self.now < promise.expiry and not self.chain.recorded(promise):
            self.chain.record(promise, promise.amount, self.now)

    def get_on(self) -> None:
        """The network works again: who has begun anew asks, or else A, and what is refused is taken back."""
        self.wire.clear()
        asking = [by_a for by_a in SIDES if not self.sessions[by_a].in_step]
        for by_a in asking or [True]:
            self.ask(by_a)
        for _ in range(60):
            if not self.wire:
                return
            try:
                self.deliver(0)
            except EarnestError:
                self.ask(True)
        raise AssertionError("they never come to rest")

    def lost(self, by_a: bool) -> int:
        """What the party paid by its own word, without what was undone."""
        return sum(change.amount for change in self._final(by_a, self.memories[by_a]) if isinstance(change, Pay))

    def folded(self, by_a: bool) -> int:
        """What its promises came to off chain: those that it offered, and that are no more, as both folded them."""
        final = [change for side in SIDES for change in self._final(side, self.memories[side])]
        amounts = {change.promise_hash: change.amount for change in final if isinstance(change, Fold)}
        return sum(amounts.get(promise.struct_hash(), 0) for promise in self.offered if promise.from_a == by_a)

    def _final(self, by_a: bool, memory: Memory) -> list[Change]:
        agreed = list(self.agreed[by_a])
        for change in memory.undone if memory.outstanding is None else ():
            agreed.remove(change)
        return agreed

    def require_safe(self, by_a: bool) -> None:
        """Whatever the other posts of all that the party ever signed: the chain leaves it what it was credited, and
        what it can prove, less what it agreed to pay and what its own promises come to at most.
        """
        kept = self.memories[by_a]
        promised = sum(p.amount for p in self.own[by_a] if self.provable(p))
        to_come = sum(p.amount for p in kept.newest.promises if p.from_a != by_a and self.in_time(p))
        least = 1_000 + kept.credited + to_come - self.lost(by_a) - promised
        for posted in self.posted(by_a):
            shares = fought(self.chain, posted, kept.newest, self.provable, self.now)
            assert sum(shares) == DUPLEX.total
            assert shares[0 if by_a else 1] >= least

    def posted(self, by_a: bool) -> Iterable[SignedState]:
        return self.signed[by_a].values()

    def require_alive(self, by_a: bool) -> None:
        """A payment of one goes through, if there is one to spend."""
        before, one = self.memories[by_a].newest.message.net, (Pay(amount=1),)  # type: ignore[arg-type]
        try:
            self.propose(by_a, one)
        except NotCovered:
            return
        self.get_on()
        assert self.memories[by_a].newest.message.net == before + (1 if by_a else -1)
