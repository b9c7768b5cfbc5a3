"""The pytest plugin: the fixture `earnest`. Loading it imports neither web3 nor Earnest's own packages."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from chain import LocalChain
    from chain.aio.local import Backend
    from earnest.testing.world import World


class Chains:
    """One chain a backend, started when it is first needed, with money for every party."""

    def __init__(self) -> None:
        self._chains: dict[Backend, LocalChain] = {}

    def on(self, backend: "Backend") -> "LocalChain":
        """The chain; tests leave it as they found it."""
        if backend not in self._chains:
            from chain import Chain
            from earnest.testing.world import endow

            self._chains[backend] = Chain.local(backend)
            endow(self._chains[backend])
        return self._chains[backend]

    def close(self) -> None:
        """Ends them all."""
        for chain in self._chains.values():
            chain.close()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Which chain the fixture runs on."""
    parser.getgroup("earnest").addoption(
        "--earnest-chain",
        choices=("eth-tester", "anvil"),
        default="eth-tester",
        help="the chain of the fixture `earnest`; tests marked anvil always run on anvil",
    )


def pytest_configure(config: pytest.Config) -> None:
    """For --strict-markers."""
    config.addinivalue_line("markers", "anvil: needs foundry's anvil; the fixture `earnest` runs on it")


@pytest.fixture(scope="session")
def earnest_chains() -> Iterator[Chains]:
    """The chains of this session."""
    chains = Chains()
    yield chains
    chains.close()


@pytest.fixture
def earnest_backend(request: pytest.FixtureRequest) -> "Backend":
    """The backend that the test's marker or the command line asks for; may be overridden."""
    marked: Backend | None = "anvil" if request.node.get_closest_marker("anvil") else None
    return marked or request.config.getoption("--earnest-chain")


@pytest.fixture
def earnest(earnest_chains: Chains, earnest_backend: "Backend", tmp_path: Path) -> "Iterator[World]":
    """A chain with parties who have money; what a test does to it is undone after."""
    from earnest.testing.world import World

    chain = earnest_chains.on(earnest_backend)
    moment = chain.snapshot()
    world = World(chain, tmp_path)
    yield world
    world.close()
    chain.restore(moment)
