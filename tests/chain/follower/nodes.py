"""Several ways to one chain, each of which may lie."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chain import Chain, LocalChain
from chain.finality import Finality
from chain.testing.serve import Server
from chain.testing.trouble import Trouble
from tests.chain.follower.following import DEEP

Change = Callable[[str, Any, Any], Any]


class Nodes:
    """Ways to one chain; each may be made to change what it answers."""

    def __init__(self, chain: LocalChain, count: int) -> None:
        self.troubles = [Trouble(chain._host) for _ in range(count)]  # type: ignore[arg-type]
        self.servers = [Server(trouble.handle) for trouble in self.troubles]

    @property
    def urls(self) -> list[str]:
        return [server.url for server in self.servers]

    def connect(self, quorum: int = 1, deep: int = DEEP) -> Chain:
        return Chain.connect("local", self.urls, finality=Finality.confirmations(deep), quorum=quorum)

    def lie(self, change: Change | None, node: int = 0) -> None:
        """`change` gets method, parameters and the honest result."""
        trouble = self.troubles[node]

        def before(method: str, params: Any) -> Any:
            answer = trouble.node.handle(method, params)
            return (
                answer if change is None or "error" in answer else {"result": change(method, params, answer["result"])}
            )

        trouble.before = before


@pytest.fixture
def nodes(chain: LocalChain) -> Iterator[Callable[[int], Nodes]]:
    started: list[Nodes] = []

    def start(count: int) -> Nodes:
        started.append(Nodes(chain, count))
        return started[-1]

    yield start
    for server in [server for some in started for server in some.servers]:
        server.close()


def hidden(method: str, params: Any, result: Any) -> Any:
    return [] if method == "eth_getLogs" else result


def invented(method: str, params: Any, result: Any) -> Any:
    if method != "eth_getLogs":
        return result
    return [log | {"data": "0x" + "00" * 31 + "63"} for log in result]


def replaced_at(block: int) -> Change:
    """Another one in its place."""
    other = {"hash": "0x" + "77" * 32}
    return lambda method, params, result: (
        result | other if method == "eth_getBlockByNumber" and params[0] == hex(block) else result
    )


def hidden_in(way: str) -> Change:
    """By ranges, or by the hash of a block."""
    return lambda method, params, result: [] if method == "eth_getLogs" and way in params[0] else result
