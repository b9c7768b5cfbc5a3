# Generated from chain/aio/endpoint.py by make fix; edit that one.
"""One node over HTTP: whether it answers, and whether it serves the chain that was asked for."""

import json
import time
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from web3.types import RPCResponse

from chain.errors import Malformed, WrongChain
from chain.transport.sync import Wire
from chain.transport.unanswered import Unanswered

_LIMITED = {-32005, 429}
"""What nodes answer when they have had enough of us (EIP-1474, and the HTTP status as a code)."""
_REST = 30.0
"""Seconds in which a node that didn't answer is asked only where the others don't suffice."""
_WHICH_CHAIN = json.dumps({"jsonrpc": "2.0", "id": 0, "method": "eth_chainId", "params": []}).encode()


class Endpoint:
    """One URL; only its host is ever shown. Raises `Malformed`."""

    def __init__(self, url: str, chain_id: int, timeout: float) -> None:
        self.host = _host(url)
        self._chain_id = chain_id
        self._wire = Wire(url, timeout)
        self._checked = False
        self._rests_until = 0.0

    @property
    def resting(self) -> bool:
        """Whether it was silent a short time ago."""
        return time.monotonic() < self._rests_until

    def ask(self, body: bytes) -> RPCResponse:
        """A JSON-RPC answer. Raises `Unanswered`, and `WrongChain` before it is asked anything else."""
        try:
            if not self._checked:
                found = _number(self._post(_WHICH_CHAIN))
                if found != self._chain_id:
                    raise WrongChain(self.host, self._chain_id, found)
                self._checked = True
            return self._post(body)
        except Unanswered:
            self._rests_until = time.monotonic() + _REST
            raise

    def close(self) -> None:
        """Ends the connection."""
        self._wire.close()

    def _post(self, body: bytes) -> RPCResponse:
        try:
            answer: Any = json.loads(self._wire.post(body))
        except ValueError:
            raise Unanswered("its answer is no JSON") from None
        if not isinstance(answer, dict):
            raise Unanswered("its answer is no JSON-RPC")
        error = answer.get("error")
        if isinstance(error, dict) and error.get("code") in _LIMITED:
            raise Unanswered("it limits our requests")
        return answer  # type: ignore[return-value]


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
