"""Whatever branches a chain takes: what was told, minus what was undone, is the branch that is followed."""

import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from chain.follower import Branch, Final, FollowedBlock, Following, Header, Log, Past, transition
from chain.stores.followed import FollowedFile, Level
from tests.chain.follower.branches import SOMEWHERE, genesis, on


class Killed(Exception):
    pass


class _Brittle(FollowedFile):
    """Dies at a chosen statement."""

    left = -1

    def _run(self, statement: str, values: Any) -> Any:
        if self.left == 0:
            raise Killed
        self.left -= 1
        return super()._run(statement, values)


class Consumer:
    """Reads by a cursor, and may die with the last event in its hands."""

    def __init__(self, level: Level) -> None:
        self.level: Level = level
        self.book: list[Log] = []
        self._last = 0

    def read(self, store: FollowedFile, most: int) -> None:
        place = store.position("shop", self.level) if self.level == "final" else store.position("desk", self.level)
        while most and (news := store.next(place, self.level)):
            if news.position > self._last:  # Else it comes a second time, after a crash.
                self._take(news.undone, news.log)
            self._last, place, most = max(self._last, news.position), news.position, most - 1
            if most:
                store.move("shop" if self.level == "final" else "desk", self.level, place)

    def _take(self, undone: bool, log: Log) -> None:
        if undone:
            assert self.level == "latest"
            assert self.book.pop() == log
        else:
            assert log not in self.book
            self.book.append(log)


class Chains(RuleBasedStateMachine):
    """A chain that grows, is reorganised and becomes final, and a follower that may be killed at any statement."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "followed.db"
        self.chain: list[FollowedBlock] = [FollowedBlock(header=genesis())]
        self.final = 0
        self.consumers = [Consumer("latest"), Consumer("final")]
        self.store = self._open()

    def _open(self) -> _Brittle:
        return _Brittle(self.path, 31337, [SOMEWHERE])

    @initialize()
    def begin(self) -> None:
        self.store.begin(self.chain[0].header)

    @property
    def following(self) -> Following:
        found = self.store.load()
        assert found is not None
        return found

    @rule(logs=st.lists(st.integers(0, 3), min_size=1, max_size=4))
    def mine(self, logs: list[int]) -> None:
        for count in logs:
            self.chain.append(on(self.chain[-1].header, count))

    @rule(depth=st.integers(1, 6), logs=st.lists(st.integers(0, 2), max_size=7))
    def reorganise(self, depth: int, logs: list[int]) -> None:
        kept = max(self.final + 1, len(self.chain) - depth)
        del self.chain[kept:]
        self.mine(logs)

    @rule(back=st.integers(0, 3), late=st.booleans())
    def follow(self, back: int, late: bool) -> None:
        """Of a node that is `back` blocks behind, and may have its newest block before the block's logs."""
        following = self.following
        seen = self.chain[: max(self.final, following.final.number, len(self.chain) - 1 - back) + 1]
        if late:
            seen = [*seen[:-1], FollowedBlock(header=seen[-1].header)]
        blocks = list(seen[following.final.number + 1 :])
        while blocks and following.has(blocks[0].header):
            blocks = blocks[1:]
        self._do(Branch(blocks=tuple(blocks)))

    @rule(ahead=st.integers(0, 4))
    def make_final(self, ahead: int) -> None:
        self.final = min(self.final + ahead, len(self.chain) - 1)
        for header in self._corrected(self.chain[self.final].header):
            self._do(Final(header=header))

    @precondition(lambda self: not self.following.recent)
    @rule(ahead=st.integers(1, 4))
    def catch_up(self, ahead: int) -> None:
        following = self.following
        self.final = min(self.final + ahead, len(self.chain) - 1)
        past = self.chain[following.final.number + 1 : self.final + 1]
        if past:
            self._do(Past(header=past[-1].header, logs=tuple(log for block in past for log in block.logs)))

    @rule(step=st.integers(0, 12), most=st.integers(0, 5))
    def die(self, step: int, most: int) -> None:
        """At a statement of a step, or of a reader."""
        self.store.left = step
        with suppress(Killed):
            self.follow(0, late=False)
            for consumer in self.consumers:
                consumer.read(self.store, most)
        self.store.left = -1
        self.store.close()
        self.store = self._open()

    @rule(most=st.integers(1, 5))
    def read(self, most: int) -> None:
        for consumer in self.consumers:
            consumer.read(self.store, most)

    @invariant()
    def what_is_told_is_the_branch(self) -> None:
        following = self.following
        recent = [log for block in following.recent for log in block.logs]
        final = self._scan(following.final)
        assert self._book("latest") == final + recent
        assert self._book("final") == final

    def teardown(self) -> None:
        for consumer in self.consumers:
            consumer.read(self.store, 1_000_000)
            assert consumer.book == self._book(consumer.level)
        self.store.close()
        self.folder.cleanup()

    def _do(self, action: Branch | Final | Past) -> None:
        following = self.following
        newer, effects = transition(following, action)
        self.store.write(following, effects)
        assert self.following == newer

    def _corrected(self, final: Header) -> list[Header]:
        """What is final is read again first; empty where the follower is on another branch, or not as far."""
        following = self.following
        if not following.has(final):
            return []
        reach = final.number + 1
        self._do(Branch(blocks=(*self.chain[following.final.number + 1 : reach], *self._above(following, reach))))
        return [final]

    def _above(self, following: Following, number: int) -> tuple[FollowedBlock, ...]:
        return following.recent[number - following.final.number - 1 :]

    def _scan(self, last: Header) -> list[Log]:
        return [log for block in self.chain[: last.number + 1] for log in block.logs]

    def _book(self, level: Level) -> list[Log]:
        book: list[Log] = []
        place = 0
        while news := self.store.next(place, level):
            place = news.position
            if news.undone:
                assert level == "latest"
                assert book.pop() == news.log
            else:
                book.append(news.log)
        return book


TestChains = Chains.TestCase
TestChains.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
