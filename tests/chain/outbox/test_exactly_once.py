"""Whatever is killed, dropped, replaced or undone: at most once always, and once where it is not called off."""

from contextlib import suppress
from dataclasses import replace
from random import Random

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from chain.outbox.entry import Entry, Stage
from chain.outbox.fees import Price
from tests.chain.outbox.world import DEPTH, Keeper, Sent, Stopped, World, intent_of

ENOUGH = 1_000
RICH = Price(4_000, 4_000)


class ExactlyOnce(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.keeper = Keeper(self.world)
        self.dropped = False

    @rule(expires_in=st.none() | st.integers(1, 6))
    def submit(self, expires_in: int | None) -> None:
        key = f"intent {len(self.keeper.entries)}"
        expiry = None if expires_in is None else self.world.head + expires_in
        self.keeper.entries[key] = Entry(intent=intent_of(key, expiry=expiry))

    @rule(which=st.randoms(use_true_random=False))
    @precondition(lambda self: self.keeper.entries)
    def cancel(self, which: Random) -> None:

        entry = which.choice(list(self.keeper.entries.values()))
        if entry.open:
            self.keeper.entries[entry.intent.key] = replace(entry, cancelled=True)

    @rule(left=st.just(ENOUGH) | st.integers(0, 12))
    def a_round_that_may_be_killed(self, left: int) -> None:
        with suppress(Stopped):
            self.keeper.round(left)

    @rule(most=st.integers(0, 5))
    def mine(self, most: int) -> None:
        self.world.mine(most)

    @rule(depth=st.integers(1, DEPTH), back=st.booleans())
    def reorg(self, depth: int, back: bool) -> None:
        self.world.reorg(depth, back=back)

    @rule(base_fee=st.sampled_from([1, 10, 100, 1_000, 10_000]))
    def the_base_fee_changes(self, base_fee: int) -> None:
        self.world.base_fee = base_fee

    @rule(nonce=st.integers(0, 6))
    def the_pool_loses_one(self, nonce: int) -> None:
        self.world.pool.pop(self.world.used(self.world.head) + nonce, None)

    @rule(ahead=st.integers(0, 6))
    def somebody_else_uses_the_key(self, ahead: int) -> None:
        nonce = self.world.used(self.world.head) + ahead
        self.world.pool[nonce] = Sent(f"foreign {next(self.world.names)}", nonce, "", RICH, ours=False)

    @rule(which=st.randoms(use_true_random=False))
    @precondition(lambda self: self.keeper.signed)
    def a_process_that_slept_sends_what_it_had(self, which: Random) -> None:
        self.world.send(which.choice(self.keeper.signed))

    @invariant()
    def at_most_once(self) -> None:
        for key in self.keeper.entries:
            assert self.world.executed(key, self.world.head) <= 1

    @invariant()
    def what_is_called_done_is_final(self) -> None:
        for key, entry in self.keeper.entries.items():
            done = self.world.executed(key, self.world.final)
            if entry.stage is Stage.DONE:
                assert done == 1
            if entry.stage is Stage.GIVEN_UP:
                assert self.world.executed(key, self.world.head) == 0
                assert entry.cancelled or entry.intent.expiry is not None or entry.intent.fills is not None

    def teardown(self) -> None:
        self.world.base_fee = 1_000
        for _ in range(40):
            self.keeper.round(ENOUGH)
            self.world.mine(5)
            if not any(entry.open for entry in self.keeper.entries.values()):
                break
        self.what_is_called_done_is_final()
        for entry in self.keeper.entries.values():
            assert entry.stage in {Stage.DONE, Stage.GIVEN_UP}


TestExactlyOnce = ExactlyOnce.TestCase
TestExactlyOnce.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)
