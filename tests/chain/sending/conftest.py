from collections.abc import Iterator

import pytest

from chain import Chain, LocalChain, Signer
from chain.testing.embedded import EmbeddedNode
from chain.testing.serve import Server
from chain.testing.trouble import Trouble


@pytest.fixture(scope="module")
def home() -> Iterator[LocalChain]:
    with Chain.local() as chain:
        yield chain


@pytest.fixture
def trouble(home: LocalChain) -> Trouble:
    assert isinstance(home._host, EmbeddedNode)
    return Trouble(home._host)


@pytest.fixture
def client(trouble: Trouble) -> Iterator[Chain]:
    server = Server(trouble.handle)
    with Chain.connect("local", [server.url], patience=0.3) as chain:
        yield chain
    server.close()


@pytest.fixture
def ann(home: LocalChain) -> Signer:
    signer = Signer.generate()
    home.fund(signer.address)
    return signer
