from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from chain import LocalChain
from earnest.testing.world import endow
from earnest.worker.file import WorkerFile
from earnest.worker.lease import Held, Lease
from tests.earnest.worker.receiver import Answer, Receiver
from tests.earnest.worker.values import CHAIN_ID, SECRET

Receiving = Callable[..., Receiver]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "worker.db"


@pytest.fixture
def file(path: Path) -> Iterator[WorkerFile]:
    file = WorkerFile(path, CHAIN_ID)
    yield file
    file.close()


@pytest.fixture
def held(file: WorkerFile) -> Held:
    held = Lease(file, "me", 1000).take(0)
    assert held
    return held


@pytest.fixture
def receiving() -> Iterator[Receiving]:
    """Starts shops, which end with the test."""
    open_ones: list[Receiver] = []

    def start(answer: Answer = lambda _: 204, secret: str = SECRET) -> Receiver:
        open_ones.append(Receiver(secret, answer))
        return open_ones[-1]

    yield start
    for receiver in open_ones:
        receiver.close()


@pytest.fixture(scope="session")
def served() -> Iterator[tuple[LocalChain, str]]:
    """A local chain with money for every party, and where other processes reach it."""
    with LocalChain.start("eth-tester") as chain:
        endow(chain)
        yield chain, chain.serve()


@pytest.fixture
def chain(served: tuple[LocalChain, str]) -> Iterator[LocalChain]:
    """What a test does there is undone after it."""
    chain, _ = served
    moment = chain.snapshot()
    yield chain
    chain.restore(moment)


@pytest.fixture
def url(chain: LocalChain, served: tuple[LocalChain, str]) -> str:
    return served[1]
