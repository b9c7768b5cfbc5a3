"""A shop's own HTTP server on the loopback interface, in a thread of its own, that can misbehave on purpose."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks.webhooks import Webhook


@dataclass(frozen=True)
class Arrived:
    """A request, its signature verified by the library."""

    id: str
    body: dict[str, Any]
    headers: dict[str, str]

    @property
    def subject(self) -> str:
        return str(self.body["subject"])

    @property
    def told(self) -> tuple[str, str]:
        return self.body["type"].partition(".")[2], self.body["finality"]


Answer = Callable[[Arrived], int]


class Receiver:
    """Answers as `answer` says, a status; what was answered with 2xx is `taken`, everything is in `arrived`."""

    def __init__(self, secret: str, answer: Answer = lambda _: 204) -> None:
        self.answer, self.arrived, self.taken = answer, list[Arrived](), list[Arrived]()
        self.ending = threading.Event()
        receiver, webhook = self, Webhook(secret)

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                data = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                request = Arrived(headers["webhook-id"], webhook.verify(data, headers), headers)
                receiver.arrived.append(request)
                status = receiver.answer(request)
                if 200 <= status < 300:
                    receiver.taken.append(request)
                self.send_response(status)
                if 300 <= status < 400:
                    self.send_header("Location", f"{receiver.url}elsewhere")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """To nobody."""

        self._http = _Http(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._http.server_port}/"
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def hang(self, _: Arrived) -> int:
        """Answers when the test is over."""
        self.ending.wait(20)
        return 204

    def until(self, count: int, seconds: float = 20) -> list[Arrived]:
        """What was taken, once it is so many."""
        deadline = time.monotonic() + seconds
        while len(self.taken) < count:
            assert time.monotonic() < deadline, [arrived.told for arrived in self.taken]
            time.sleep(0.01)
        return self.taken

    def close(self) -> None:
        self.ending.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


class _Http(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no news."""
