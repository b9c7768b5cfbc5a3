"""Where web3's requests go: to one of several nodes over HTTP, or into this process."""

import json
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from web3.types import RPCEndpoint, RPCResponse

from chain.errors import Malformed, NodeUnreachable, WrongChain
from chain.transport.aio import AsyncBaseProvider, AsyncJSONBaseProvider, AsyncWire
from chain.transport.unanswered import Unanswered

if TYPE_CHECKING:
    from chain.testing.embedded import EmbeddedNode  # eth-tester is an extra

_LIMITED = {-32005, 429}
"""What nodes answer when they have had enough of us (EIP-1474, and the HTTP status as a code)."""


class AsyncEmbeddedProvider(AsyncBaseProvider):
    """web3's way to the node inside this process."""

    def __init__(self, node: "EmbeddedNode") -> None:
        super().__init__()
        self._node = node

    async def make_request(self, method: RPCEndpoint, params: Any) -> RPCResponse:
        """The node's answer, errors included."""
        return self._node.handle(method, params)

    async def close(self) -> None:
        """Nothing is open."""


class AsyncHttpProvider(AsyncJSONBaseProvider):
    """Asks the node that answered last; when it doesn't, the next one. A node of another chain is an error at once."""

    def __init__(self, urls: Sequence[str], chain_id: int, timeout: float) -> None:
        super().__init__()
        if not urls:
            raise Malformed("rpc", "at least one URL is needed")
        self._chain_id = chain_id
        self._nodes = [_AsyncNode(url, timeout) for url in urls]

    async def make_request(self, method: RPCEndpoint, params: Any) -> RPCResponse:
        """The first answer. Raises `NodeUnreachable` when there is none, `WrongChain`."""
        body, silent = self.encode_rpc_request(method, params), []
        for node in list(self._nodes):
            try:
                answer = await self._ask(node, body)
            except Unanswered as reason:
                silent.append((node.host, str(reason)))
                continue
            if node is not self._nodes[0]:
                self._nodes = [node, *(other for other in self._nodes if other is not node)]
            return answer
        raise NodeUnreachable(", ".join(host for host, _ in silent), ", ".join(why for _, why in silent))

    async def close(self) -> None:
        """Ends the connections."""
        for node in self._nodes:
            await node.wire.close()

    async def _ask(self, node: "_AsyncNode", body: bytes) -> RPCResponse:
        if not node.checked:
            found = _number(await node.ask(self.encode_rpc_request(RPCEndpoint("eth_chainId"), [])))
            if found != self._chain_id:
                raise WrongChain(node.host, self._chain_id, found)
            node.checked = True
        return await node.ask(body)


class _AsyncNode:
    """One URL; only its host is ever shown."""

    def __init__(self, url: str, timeout: float) -> None:
        self.host = _host(url)
        self.wire = AsyncWire(url, timeout)
        self.checked = False

    async def ask(self, body: bytes) -> RPCResponse:
        """Raises `Unanswered`, also for a node that answers no JSON-RPC or that limits us."""
        try:
            answer: RPCResponse = json.loads(await self.wire.post(body))
        except ValueError:
            raise Unanswered("its answer is no JSON") from None
        if not isinstance(answer, dict):
            raise Unanswered("its answer is no JSON-RPC")
        error = answer.get("error")
        if isinstance(error, dict) and error.get("code") in _LIMITED:
            raise Unanswered("it limits our requests")
        return answer


def _host(url: str) -> str:
    with suppress(ValueError):
        parts = urlsplit(url)
        if parts.scheme in {"http", "https"} and parts.hostname:
            return f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname
    raise Malformed("rpc", "an RPC address is http:// or https:// with a host")


def _number(answer: RPCResponse) -> int:
    try:
        return int(str(answer.get("result")), 16)
    except ValueError:
        raise Unanswered("it doesn't say which chain it serves") from None
