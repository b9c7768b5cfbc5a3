"""A node that loses answers, refuses or lies: what clients must stand."""

from collections.abc import Callable
from typing import Any

from chain.testing.embedded import EmbeddedNode

Answer = Callable[[str, Any], Any]
LIMITED = {"error": {"code": -32005, "message": "slow down"}}
"""An answer that is none to a client: it asks elsewhere, and knows nothing of what became of its request."""


class Trouble:
    """Stands between a client and its node: `before` sees each request, and may answer it itself."""

    def __init__(self, node: EmbeddedNode) -> None:
        self.node = node
        self.before: Answer = lambda method, params: None
        self.sent: list[str] = []

    def handle(self, method: str, params: Any) -> Any:
        """As `EmbeddedNode.handle`."""
        if method == "eth_sendRawTransaction":
            self.sent.append(params[0])
        return self.before(method, params) or self.node.handle(method, params)

    def lost(self, method: str, params: Any) -> Any:
        """Takes the request, and loses the answer."""
        self.node.handle(method, params)
        return LIMITED


def once(method: str, answer: Answer) -> Answer:
    """Answers the first request of this method with `answer`."""
    waiting = [answer]
    return lambda asked, params: waiting.pop()(asked, params) if asked == method and waiting else None
