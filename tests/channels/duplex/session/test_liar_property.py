"""One honest party, and another that signs whatever it likes, shows what it likes, and keeps back what it likes."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from chain.errors import EarnestError
from chain.units import Amount
from channels.duplex.session import Change, Drop, Fold, Offer, Pay, Proposal, Standing
from channels.duplex.session.next_state import next_state
from channels.duplex.session.proposal import proposed_by_a
from tests.channels.duplex.session.parties import SIGN, promise
from tests.channels.duplex.session.world import World

NUMBERS = st.integers(0, 7)
CHANGES = st.lists(
    st.tuples(st.sampled_from(["pay", "offer", "fold", "fold", "drop"]), NUMBERS, st.booleans()), min_size=1, max_size=2
)
VERBS = "pay offer fold drop forge forge forge forge complete complete replay crash wait record"
STEPS = st.lists(
    st.tuples(
        st.sampled_from(VERBS.split()),
        NUMBERS,
        CHANGES,
        st.sampled_from([1, 1, 1, -1, 0, 3]),
        st.sampled_from([0, 0, 0, 0, 0, 1]),
        st.sampled_from([None, None, None, None, 0, 1]),
    ),
    min_size=8,
    max_size=25,
)


BEGUN = tuple(promise(number, from_a=number > 1) for number in range(4))
"""A promise of each party that can be proven, and one that can't."""


class Liar:
    """It has the other key, and every message that it has ever seen."""

    def __init__(self, world: World, by_a: bool) -> None:
        self.world, self.by_a = world, by_a
        self.sent: list[Any] = [Standing(state=world.memories[by_a].newest, asks=True)]

    def complete(self, number: int) -> Standing:
        """Any state that the honest party has signed, with both signatures."""
        states = [self.world.memories[not self.by_a].newest, *self.world.signed[not self.by_a].values()]
        state = states[number % len(states)]
        if state.message.version:
            for sign in SIGN.values():
                state = state.signed(sign(state.message))
        standing = Standing(state=state, asks=number % 2 == 0)
        self.sent.append(standing)
        return standing

    def forge(self, told: list[Any], leap: int, tampered: int) -> Proposal:
        memory = self.world.memories[not self.by_a]
        version, changes = memory.signed + leap, tuple(self._change(*change) for change in told)
        message = next_state(memory.newest, changes, version).message
        if proposed_by_a(version) != self.by_a:
            message = next_state(memory.newest, changes, version + 1).message
        if tampered:
            message = type(message)(**{**_members(message), "net": message.net + tampered})
        base = memory.newest.message.version
        proposal = Proposal(base=base, changes=changes, message=message).signed(SIGN[self.by_a](message))
        self.sent.append(proposal)
        return proposal

    def _change(self, kind: str, number: int, honest: bool) -> Change:
        amount: Any = 200 * number + 1
        if kind == "pay":
            return Pay(amount=amount)
        if kind == "offer":
            return Offer(promise=self.world.fresh(self.by_a if honest else not self.by_a, number))
        promises = self.world.memories[not self.by_a].newest.promises
        promise = promises[number % len(promises)] if promises else self.world.fresh(self.by_a, number)
        if kind == "drop":
            return Drop(promise_hash=promise.struct_hash())
        shown = self.world.proof(promise) if self.world.provable(promise) else b"\1" * 32
        folded: Any = promise.amount if honest else promise.amount - 1
        return Fold(promise_hash=promise.struct_hash(), amount=folded, shown=shown)


def _members(message: Any) -> dict[str, Any]:
    return {member.snake: getattr(message, member.snake) for member in message.members}


def act(world: World, liar: Liar, step: Any) -> None:
    """One step; what the honest party declines changes nothing."""
    verb, number, told, leap, tampered, crash = step
    honest, pay = not liar.by_a, Pay(amount=Amount(60 * (number + 1)))
    steps: dict[str, Callable[[], None]] = {
        "pay": lambda: world.propose(honest, (pay,), crash),
        "offer": lambda: world.propose(honest, (Offer(promise=world.fresh(honest, number)),), crash),
        "fold": lambda: world.settle(honest, number, False, crash),
        "drop": lambda: world.settle(honest, number, True, crash),
        "forge": lambda: world.hear(honest, liar.forge(told, leap, tampered), crash),
        "complete": lambda: world.hear(honest, liar.complete(number), crash),
        "replay": lambda: world.hear(honest, liar.sent[number % len(liar.sent)], crash),
        "crash": lambda: world.restart(honest),
        "wait": lambda: world.wait(200 * number),
        "record": lambda: world.record(number),
    }
    with suppress(EarnestError):
        if not world.sessions[honest].in_step:
            world.hear(honest, liar.complete(0))
        steps[verb]()


@given(steps=STEPS, honest=st.booleans())
@settings(max_examples=150)
def test_whatever_the_other_says_a_party_has_what_it_was_credited_and_loses_what_it_agreed_to(
    steps: list[Any], honest: bool
) -> None:
    world = World(BEGUN)
    liar = Liar(world, not honest)
    for step in steps:
        act(world, liar, step)
    world.require_safe(honest)
