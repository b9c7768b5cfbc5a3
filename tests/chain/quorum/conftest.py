"""Three ways to one honest node, and how each may be made to lie."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chain import Chain, LocalChain
from chain.finality import Finality
from chain.testing.embedded import EmbeddedNode
from chain.testing.serve import Server
from chain.testing.trouble import Trouble

Nodes = tuple[list[Trouble], list[str]]
Answer = Callable[[str, Any], Any]


@pytest.fixture(scope="module")
def one_chain() -> Iterator[LocalChain]:
    with LocalChain.start("eth-tester") as chain:
        yield chain


@pytest.fixture
def nodes(chain: LocalChain) -> Iterator[Nodes]:
    """Three ways to one honest node; each may be made to lie on its way."""
    assert isinstance(chain._host, EmbeddedNode)
    troubles = [Trouble(chain._host) for _ in range(3)]
    servers = [Server(trouble.handle) for trouble in troubles]
    yield troubles, [server.url for server in servers]
    for server in servers:
        server.close()


def altered(method: str, change: Callable[[Any], Any]) -> Callable[[Trouble], Answer]:
    """A node that tells another story about one thing."""

    def of(trouble: Trouble) -> Answer:
        def before(asked: str, params: Any) -> Any:
            if asked != method:
                return None
            answer = trouble.node.handle(asked, params)
            return answer if "error" in answer else {"result": change(answer["result"])}

        return before

    return of


def view(urls: list[str], quorum: int = 2) -> Chain:
    return Chain.connect("local", urls, finality=Finality.finalized(), quorum=quorum)
