"""The embedded chain for other processes: JSON-RPC over HTTP on the loopback interface, one thread a connection."""

import json
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from chain.errors import ToolError

_LARGEST_BODY = 2**20
Handle = Callable[[str, Any], Any]


class PortTaken(ToolError):
    """Another program listens there, or we may not."""

    says = "can't listen on port {port}: {why}"
    port: int
    why: str


class Server:
    """Answers from its start until `close`; `port` 0 takes a free one. Raises `PortTaken`."""

    def __init__(self, handle: Handle, port: int = 0) -> None:
        handler = type("_Bound", (_Handler,), {"rpc": staticmethod(handle)})
        try:
            self._http = _Listener(("127.0.0.1", port), handler)
        except OSError as error:
            raise PortTaken(port, str(error)) from None
        self.url = f"http://127.0.0.1:{self._http.server_port}"
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Ends it; requests under way are cut off. Idempotent."""
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


class _Listener(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, place: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        self._open: set[socket.socket] = set()
        super().__init__(place, handler)

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, peer = super().get_request()
        self._open.add(connection)
        return connection, peer

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news."""

    def server_close(self) -> None:
        super().server_close()
        for connection in tuple(self._open):  # Kept alive, they would be answered for ever.
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    rpc: Handle
    protocol_version = "HTTP/1.1"
    timeout = 30
    wbufsize = -1  # Head and body in one packet: two would wait 40 ms for each other.
    disable_nagle_algorithm = True

    def do_POST(self) -> None:  # http.server's name
        """A request, or a list of them."""
        length = int(self.headers.get("Content-Length") or 0)
        if self.headers.get_content_type() != "application/json":  # No web page may send that here unasked.
            return self._reply(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, b"")
        if length > _LARGEST_BODY:
            self.rfile.read(min(length, 2 * _LARGEST_BODY))  # Whoever still writes would not read the answer.
            return self._reply(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, b"")
        try:
            asked = json.loads(self.rfile.read(length))
        except ValueError:
            asked = None
        answer = [self._answer(one) for one in asked] if isinstance(asked, list) else self._answer(asked)
        return self._reply(HTTPStatus.OK, json.dumps(answer).encode())

    def log_message(self, *_: Any) -> None:
        """Not to standard error: it belongs to whoever serves."""

    def _answer(self, asked: Any) -> dict[str, Any]:
        if not isinstance(asked, dict) or not isinstance(asked.get("method"), str):
            return {"jsonrpc": "2.0", "id": None, "error": {"code": -32600, "message": "not a JSON-RPC request"}}
        try:
            answer = self.rpc(asked["method"], asked.get("params", []))
        except Exception as error:  # noqa: BLE001  # whatever a stranger's parameters break is the stranger's answer
            answer = {"error": {"code": -32602, "message": f"{type(error).__name__}: {error}"}}
        return {**answer, "jsonrpc": "2.0", "id": asked.get("id")}

    def _reply(self, status: HTTPStatus, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if status != HTTPStatus.OK:
            self.close_connection = True
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()
