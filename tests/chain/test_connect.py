"""Nodes that are dead, slow, confused or of another chain, behind real sockets."""

import asyncio
import socket
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from chain import AsyncChain, Chain, network
from chain.errors import Malformed, NodeRefused, NodeUnreachable, WrongChain
from chain.network import UnknownNetwork
from chain.testing.embedded import EmbeddedNode
from chain.testing.serve import Server

SECRET, PASSWORD = "v2/0123456789abcdef", "hunter2"
Connect = Callable[..., object]


def connect(url: str | list[str], *, answer_within: float = 5.0, name: str = "local") -> object:
    with Chain.connect(name, [url] if isinstance(url, str) else url, answer_within=answer_within) as chain:
        return chain.now()


def connect_async(url: str | list[str], *, answer_within: float = 5.0, name: str = "local") -> object:
    async def run() -> object:
        urls = [url] if isinstance(url, str) else url
        async with await AsyncChain.connect(name, urls, answer_within=answer_within) as chain:
            return await chain.now()

    return asyncio.run(run())


both = pytest.mark.parametrize("connect", [connect, connect_async], ids=["sync", "async"])


@pytest.fixture
def node() -> Iterator[EmbeddedNode]:
    node = EmbeddedNode()
    yield node
    node.close()


@contextmanager
def answering(status: int, body: bytes, after: float = 0) -> Iterator[str]:
    """A node that answers always the same."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            time.sleep(after)
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Location", "http://127.0.0.1:1/")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    class Quiet(HTTPServer):
        def handle_error(self, request: Any, client_address: Any) -> None:
            """A client that gives up is what some of these tests are about."""

    server = Quiet(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/{SECRET}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def dead() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}/{SECRET}"


@both
def test_a_served_chain_is_reached(connect: Connect, node: EmbeddedNode) -> None:
    assert connect(node.serve()) == int(
        node.handle("eth_getBlockByNumber", ["pending", False])["result"]["timestamp"], 16
    )


@both
def test_a_dead_node_is_named_by_its_host_alone(connect: Connect, dead: str) -> None:
    with_password = dead.replace("http://", f"http://user:{PASSWORD}@")
    with pytest.raises(NodeUnreachable) as caught:
        connect(with_password)

    said = "".join(traceback.format_exception(caught.value)) + repr(caught.value)
    assert caught.value.retryable
    assert caught.value.host in dead
    assert SECRET not in said
    assert PASSWORD not in said


@both
@pytest.mark.parametrize(
    ("status", "body", "why"),
    [
        (503, b"", "HTTP 503"),
        (401, b"{}", "HTTP 401"),
        (302, b"", "HTTP 302"),
        (200, b"<html>", "no JSON"),
        (200, b"[]", "no JSON-RPC"),
        (200, b"5", "no JSON-RPC"),
        (200, b'{"result": null}', "which chain"),
        (200, b'{"error": {"code": -32601, "message": "no"}}', "which chain"),
        (200, b'{"error": {"code": -32005, "message": "slow down"}}', "limits"),
    ],
)
def test_an_answer_that_is_none_is_an_unreachable_node(connect: Connect, status: int, body: bytes, why: str) -> None:
    with answering(status, body) as url, pytest.raises(NodeUnreachable, match=why) as caught:
        connect(url)

    assert SECRET not in str(caught.value)


@both
def test_a_silent_node_is_given_up_in_time(connect: Connect) -> None:
    begun = time.monotonic()
    with answering(200, b"{}", after=1.5) as url, pytest.raises(NodeUnreachable, match=r"0\.2 seconds"):
        connect(url, answer_within=0.2)

    assert time.monotonic() - begun < 5


@both
def test_a_node_of_another_chain_is_an_error_even_beside_a_good_one(connect: Connect, node: EmbeddedNode) -> None:
    good = node.serve()
    with pytest.raises(WrongChain) as caught:
        connect(good, name="base")
    assert (caught.value.expected, caught.value.found) == (8453, 31337)

    with answering(200, b'{"result": "0x1"}') as url, pytest.raises(WrongChain) as caught:
        connect([url, good])
    assert (caught.value.expected, caught.value.found, caught.value.host) == (31337, 1, url.split("/")[2])


@both
def test_the_next_node_is_asked_when_one_is_dead(connect: Connect, node: EmbeddedNode, dead: str) -> None:
    with answering(503, b"") as broken:
        assert connect([dead, broken, node.serve()])
    with pytest.raises(NodeUnreachable) as caught:
        connect([dead, dead])
    assert caught.value.host.count("127.0.0.1") == 2


def test_the_node_that_answered_is_asked_first(node: EmbeddedNode) -> None:
    asked: list[str] = []

    def failing(method: str, params: Any) -> dict[str, Any]:
        asked.append(method)
        return {"error": {"code": -32005, "message": "slow down"}}

    server = Server(failing)
    with Chain.connect("local", [server.url, node.serve()]) as chain:
        before = len(asked)
        chain.now()
        chain.now()
    server.close()

    assert before == len(asked) == 1


def test_a_node_is_asked_for_its_chain_once(node: EmbeddedNode) -> None:
    asked: list[str] = []

    def listening(method: str, params: Any) -> Any:
        asked.append(method)
        return node.handle(method, params)

    server = Server(listening)
    with Chain.connect("local", [server.url]) as chain:
        chain.now()
        chain.now()
    server.close()

    assert asked.count("eth_chainId") == 1


def test_a_nodes_no_is_not_asked_of_another(node: EmbeddedNode) -> None:
    with Chain.connect("local", [node.serve(), node.serve()]) as chain, pytest.raises(NodeRefused) as caught:
        chain._node.ask("eth_sign")

    assert (caught.value.method, caught.value.code) == ("eth_sign", -32601)


def test_a_node_that_changes_chains_behind_its_address_is_found_out(node: EmbeddedNode, dead: str) -> None:
    """A node that could not be asked at first is asked for its chain before it is believed."""
    elsewhere = network.load("base")
    with Chain.connect(replace(elsewhere, chain_id=31337), [node.serve(), dead]) as chain:
        node.close()
        port = int(dead.split("/")[2].split(":")[1])
        late = Server(lambda method, params: {"result": "0x1"}, port)
        with pytest.raises(WrongChain):
            chain.now()
        late.close()


@pytest.mark.parametrize(
    "url", ["", "ftp://host", "127.0.0.1:8545", "http://", "file:///etc/passwd", "http://[::1", "http://h:99999"]
)
def test_an_rpc_address_is_http(url: str) -> None:
    with pytest.raises(Malformed):
        Chain.connect("local", [url])


def test_a_chain_needs_a_node_and_a_known_name() -> None:
    with pytest.raises(Malformed):
        Chain.connect("local", [])
    with pytest.raises(UnknownNetwork):
        Chain.connect("bsae", ["http://127.0.0.1:1"])
