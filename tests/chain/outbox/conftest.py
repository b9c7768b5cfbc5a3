from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from chain import Chain, LocalChain, Signer
from chain.contracts import ERC20, TEST_TOKEN, address_of, interface
from chain.finality import Finality
from chain.outbox import Fees
from chain.stores.outbox import OutboxStore
from chain.sync.outbox import Outbox

TOKEN = address_of(TEST_TOKEN)
FINAL = Finality.confirmations(3)
FEES = Fees(max_fee=10**13, patience=2)


def minted(to: str, amount: int) -> bytes:
    """Call data whose effect can be counted."""
    return interface(TEST_TOKEN).function("mint", 2).call_data([to, amount])


def paid(to: str, amount: int) -> bytes:
    """Call data that fails where the account has less."""
    return interface(ERC20).function("transfer", 2).call_data([to, amount])


class Processes:
    """Outboxes over one file, each as another process would open it."""

    def __init__(self, url: str, path: Path, ends: ExitStack) -> None:
        self._url, self._path, self._ends = url, path, ends

    def new(self, *, lease: float = 30.0, fees: Fees = FEES) -> Outbox:
        chain = self._ends.enter_context(Chain.connect("local", [self._url], finality=FINAL, fees=fees))
        outbox = Outbox(chain._node, chain.network, chain._at, chain.native, self._path, lease=lease, patience=60)
        self._ends.callback(outbox.close)
        return outbox


@pytest.fixture(scope="session")
def one_anvil() -> Iterator[LocalChain]:
    with Chain.local("anvil") as chain:
        yield chain


@pytest.fixture
def anvil(one_anvil: LocalChain) -> Iterator[LocalChain]:
    """Blocks come only when they are asked for."""
    before = one_anvil.snapshot()
    one_anvil._node.ask("evm_setAutomine", False)
    yield one_anvil
    one_anvil._node.ask("evm_setAutomine", True)
    one_anvil._node.ask("anvil_dropAllTransactions")
    one_anvil.restore(before)


@pytest.fixture
def ann(anvil: LocalChain) -> Signer:
    signer = Signer.generate()
    anvil._node.ask("anvil_setBalance", signer.address, hex(10**20))
    anvil.mine()
    return signer


@pytest.fixture
def processes(anvil: LocalChain, tmp_path: Path) -> Iterator[Processes]:
    with ExitStack() as ends:
        yield Processes(anvil.serve(), tmp_path / "outbox.db", ends)


@pytest.fixture
def outbox(processes: Processes) -> Outbox:
    return processes.new()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outbox.db"


@pytest.fixture
def store(path: Path) -> Iterator[OutboxStore]:
    store = OutboxStore(path, 1)
    yield store
    store.close()
