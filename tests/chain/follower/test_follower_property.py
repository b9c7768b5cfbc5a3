"""The real follower on real nodes, through random reorganisations and restarts: its book is what a fresh scan finds."""

import tempfile
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

import chain.testing.embedded  # noqa: F401  # py-evm sets Python's recursion limit, which Hypothesis wants to stay
from chain import LocalChain
from chain.aio.local import Backend
from chain.follower.undone import Undone
from chain.receipt import Event
from tests.chain.follower.following import DEEP, MINTER, book, followed, mint, scan


class Shell(RuleBasedStateMachine):
    """Reorganisations are not as deep as what is final."""

    backend: ClassVar[Backend]
    chains: ClassVar[dict[str, LocalChain]] = {}

    def __init__(self) -> None:
        super().__init__()
        if self.backend not in self.chains:
            self.chains[self.backend] = LocalChain.start(self.backend)
            self.chains[self.backend].fund(MINTER.address, usdc="0")
        self.chain = self.chains[self.backend]
        self.chain.mine(DEEP)
        self.first = self.chain._node.block("latest").number + 1
        self.branch: list[Any] = []
        self.final = self.first - 1
        self.amount = 0
        self.read: list[Event] = []
        self.folder = tempfile.TemporaryDirectory()
        self.follower = followed(self.chain, Path(self.folder.name), from_block=self.first)

    @rule(blocks=st.integers(1, 3))
    def grow(self, blocks: int) -> None:
        for _ in range(blocks):
            self.branch.append(self.chain.snapshot())
            self.amount += 1
            mint(self.chain, self.amount)
        self._deepen()

    @rule(blocks=st.integers(1, 2))
    def grow_empty(self, blocks: int) -> None:
        for _ in range(blocks):
            self.branch.append(self.chain.snapshot())
            self.chain.mine()
        self._deepen()

    @rule(depth=st.integers(1, DEEP - 1), grown=st.integers(0, 3), later=st.integers(1, 1000))
    def reorganise(self, depth: int, grown: int, later: int) -> None:
        depth = min(depth, self._head() - self.final)
        if depth < 1 or not self.branch:
            return
        before = self.branch[-depth:][0]
        del self.branch[-depth:]
        self.chain.restore(before)
        self.chain.travel(to=self.chain.after(seconds=later))
        if grown:
            self.grow(grown)

    @rule()
    def step(self) -> None:
        self.follower.step()
        found = self._head()
        assert self.follower.head is not None
        assert self.follower.final is not None
        if self.follower.head == self._header(found):
            assert book(self.follower) == self._scan(found)
        assert book(self.follower, "final") == self._scan(self.follower.final.number)

    @rule()
    def restart(self) -> None:
        self.follower.close()
        self.follower = followed(self.chain, Path(self.folder.name), from_block=self.first)

    @rule()
    def consume(self) -> None:
        """By a cursor that moves."""
        for item in self.follower.events("desk", "latest"):
            if isinstance(item, Undone):
                assert self.read.pop() == item.event
            else:
                self.read.append(item)

    def teardown(self) -> None:
        self.grow(DEEP)
        self.follower.step()
        self.consume()
        assert self.read == book(self.follower) == self._scan(self._head())
        self.follower.close()
        self.folder.cleanup()

    def _deepen(self) -> None:
        self.final = max(self.final, self._head() - DEEP + 1)

    def _head(self) -> int:
        return self.chain._node.block("latest").number

    def _header(self, number: int) -> Any:
        return self.follower._blocks.header(number)

    def _scan(self, last: int) -> list[Event]:
        return scan(self.chain, last, self.first)


class OnEthTester(Shell):
    backend = "eth-tester"


class OnAnvil(Shell):
    backend = "anvil"

    @rule(depth=st.integers(1, DEEP - 1))
    def reorganise_to_nothing(self, depth: int) -> None:
        """By the node's own command: the same heights, all empty."""
        depth = min(depth, self._head() - self.final, len(self.branch))
        if depth > 0:
            self.chain.reorg(depth)
            self.branch.clear()  # Its snapshots are of blocks that are no more.


@pytest.fixture(scope="module", autouse=True)
def ended() -> Any:
    yield
    while Shell.chains:
        Shell.chains.popitem()[1].close()


_FEW = settings(max_examples=4, stateful_step_count=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
TestOnEthTester = OnEthTester.TestCase
TestOnEthTester.settings = _FEW
TestOnAnvil = pytest.mark.anvil(OnAnvil.TestCase)
TestOnAnvil.settings = _FEW
