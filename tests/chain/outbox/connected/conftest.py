from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from chain import Chain, LocalChain, Signer, Token
from chain.sync.outbox import Outbox
from chain.testing.embedded import EmbeddedNode
from chain.testing.serve import Server
from chain.testing.trouble import Trouble

Connect = Callable[[], Chain]


@pytest.fixture(scope="module")
def home() -> Iterator[LocalChain]:
    with Chain.local() as chain:
        yield chain


@pytest.fixture
def trouble(home: LocalChain) -> Trouble:
    assert isinstance(home._host, EmbeddedNode)
    return Trouble(home._host)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outbox.db"


@pytest.fixture
def connect(trouble: Trouble, path: Path) -> Iterator[Connect]:
    with ExitStack() as ends:
        server = Server(trouble.handle)
        ends.callback(server.close)
        yield lambda: ends.enter_context(Chain.connect("local", [server.url], outbox=path))


@pytest.fixture
def client(connect: Connect) -> Chain:
    return connect()


@pytest.fixture
def outbox(client: Chain) -> Outbox:
    assert client.outbox is not None
    return client.outbox


@pytest.fixture
def ann(home: LocalChain) -> Signer:
    signer = Signer.generate()
    home.fund(signer.address)
    return signer


@pytest.fixture
def shop() -> Signer:
    return Signer.generate()


@pytest.fixture
def usdc(home: LocalChain) -> Token:
    return home.token("USDC")
