"""Where web3's requests go: to one or more of several nodes over HTTP, or into this process."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from web3.types import RPCEndpoint, RPCResponse

from chain.aio.endpoint import AsyncEndpoint
from chain.aio.quorum import AsyncQuorum
from chain.errors import Malformed, NodeUnreachable
from chain.quorum import MIDDLES, READS
from chain.transport.aio import AsyncBaseProvider, AsyncJSONBaseProvider
from chain.transport.unanswered import Unanswered
from chain.units import within

if TYPE_CHECKING:
    from chain.testing.embedded import EmbeddedNode  # eth-tester is an extra


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
    """Asks the node that answered last; when it doesn't, the next one. A node of another chain is an error at once.

    With a `quorum` of two or more, what is read counts only where so many nodes say the same (`AsyncQuorum`).
    """

    def __init__(self, urls: Sequence[str], chain_id: int, timeout: float, quorum: int = 1) -> None:
        super().__init__()
        if not urls:
            raise Malformed("rpc", "at least one URL is needed")
        within("quorum", quorum, 1, len(urls))
        if quorum > 1 and len(set(urls)) < len(urls):
            raise Malformed("rpc", "a node has one vote, and one URL is here twice")
        self._nodes = [AsyncEndpoint(url, chain_id, timeout) for url in urls]
        self._quorum = AsyncQuorum(tuple(self._nodes), quorum, self.encode_rpc_request) if quorum > 1 else None

    async def make_request(self, method: RPCEndpoint, params: Any) -> RPCResponse:
        """The first answer, or the one agreed on. Raises `NodeUnreachable`, `NodesDisagree`, `WrongChain`."""
        if self._quorum and method in READS | MIDDLES:
            return await self._quorum.ask(method, params)
        body, silent = self.encode_rpc_request(method, params), []
        for node in list(self._nodes):
            try:
                answer = await node.ask(body)
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
            await node.close()
