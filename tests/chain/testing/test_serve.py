import http.client
import json
from collections.abc import Iterator
from typing import Any

import pytest

from chain.testing.serve import PortTaken, Server


def answer(method: str, params: Any) -> dict[str, Any]:
    if method == "broken":
        raise KeyError("params")
    return {"result": [method, params], "id": "not this"}


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server(answer)
    yield server
    server.close()


def post(server: Server, body: bytes, kind: str = "application/json") -> tuple[int, Any]:
    connection = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=5)
    connection.request("POST", "/", body, {"Content-Type": kind})
    response = connection.getresponse()
    content = response.read()
    connection.close()
    return response.status, json.loads(content) if content else None


def test_a_request_is_answered_with_its_id(server: Server) -> None:
    asked = {"jsonrpc": "2.0", "id": 7, "method": "eth_chainId", "params": [1]}

    assert post(server, json.dumps(asked).encode()) == (
        200,
        {"jsonrpc": "2.0", "id": 7, "result": ["eth_chainId", [1]]},
    )


def test_requests_in_a_list_are_answered_in_a_list(server: Server) -> None:
    _, answers = post(server, json.dumps([{"id": 1, "method": "a"}, {"id": 2, "method": "b"}]).encode())

    assert [(one["id"], one["result"]) for one in answers] == [(1, ["a", []]), (2, ["b", []])]


@pytest.mark.parametrize("body", [b"", b"{", b"5", b"{}", b'{"method": 5}', b"\xff"])
def test_what_is_no_request_is_told_so(server: Server, body: bytes) -> None:
    status, content = post(server, body)

    assert (status, content["error"]["code"]) == (200, -32600)


def test_parameters_that_break_it_are_an_error_of_theirs(server: Server) -> None:
    _, content = post(server, b'{"id": 1, "method": "broken"}')

    assert content["error"] == {"code": -32602, "message": "KeyError: 'params'"}


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{}", "text/plain", 415),
        (b"{}", "application/x-www-form-urlencoded", 415),
        (b" " * (2**20 + 1), "application/json", 413),
    ],
)
def test_web_pages_and_floods_are_turned_away(server: Server, body: bytes, kind: str, status: int) -> None:
    assert post(server, body, kind) == (status, None)


def test_a_port_that_is_taken_is_named(server: Server) -> None:
    port = int(server.url.rsplit(":", 1)[1])

    with pytest.raises(PortTaken) as caught:
        Server(answer, port)

    assert caught.value.port == port


def test_it_listens_on_the_loopback_interface_alone(server: Server) -> None:
    assert server.url.startswith("http://127.0.0.1:")


def test_a_connection_that_is_kept_ends_with_the_server(server: Server) -> None:
    connection = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=5)

    def ask() -> bytes:
        connection.request("POST", "/", b'{"method": "a"}', {"Content-Type": "application/json"})
        return connection.getresponse().read()

    assert ask() == ask()
    connection.auto_open = False
    server.close()

    with pytest.raises((OSError, http.client.HTTPException)):
        ask()
    connection.close()
