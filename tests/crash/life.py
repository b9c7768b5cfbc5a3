"""One process from its fork to its death: it is told nothing, it says lines, and its supervisor may hold every call.

The parent has imported everything, so that a life begins in milliseconds.
"""

import json
import os
import select
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from tests.crash.seccomp import supervise_me
from tests.crash.supervisor import Supervisor

Say = Callable[..., None]
Word = dict[str, Any]
_PATIENCE = 60.0


class Life:
    """Runs `work` in a fork, unsupervised without `traced` calls. Raises `AssertionError` with what `work` raised."""

    def __init__(
        self,
        work: Callable[[Say], None],
        *,
        traced: Sequence[str] = (),
        supervisor: Supervisor | None = None,
    ) -> None:
        self._supervisor, self._listener = supervisor or Supervisor(), -1
        self._mouth, mouth = os.pipe()
        ours, theirs = socket.socketpair()
        sys.stdout.flush()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(self._mouth)
            ours.close()
            _live(work, mouth, theirs, traced)
        os.close(mouth)
        theirs.close()
        self._rest, self._poll = b"", select.poll()
        self._poll.register(self._mouth, select.POLLIN)
        if traced:
            self._listener = socket.recv_fds(ours, 1, 1)[1][0]
            self._poll.register(self._listener, select.POLLIN)
        ours.close()

    def words(self, seconds: float) -> Iterator[Word]:
        """What it says for so long, or until it is dead."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            ready = dict(self._poll.poll(left * 1000))
            if self._mouth in ready:
                said = os.read(self._mouth, 1 << 16)
                if not said:
                    return
                yield from self._lines(said)
            elif self._listener in ready:
                if ready[self._listener] & select.POLLIN:
                    self._supervisor.decide(self._listener)
                else:  # Nobody is left who could call.
                    self._poll.unregister(self._listener)

    def kill(self) -> None:
        """SIGKILL; what it had said before can still be heard."""
        os.kill(self.pid, signal.SIGKILL)

    def end(self) -> Iterator[Word]:
        """What it says until its own end."""
        yield from self.words(_PATIENCE)
        self.close()

    def close(self) -> int:
        """Its status; a process that still lives is killed."""
        if self._mouth < 0:
            return 0
        for descriptor in {self._mouth, self._listener} - {-1}:
            os.close(descriptor)
        self._mouth = -1
        os.kill(self.pid, signal.SIGKILL)
        status = os.waitpid(self.pid, 0)[1]
        if self._supervisor.disk:
            self._supervisor.disk.forget_removed()
        return status

    def _lines(self, said: bytes) -> Iterator[Word]:
        *lines, self._rest = (self._rest + said).split(b"\n")
        for line in lines:
            word: Word = json.loads(line)
            assert "raised" not in word, word["raised"]
            yield word


def _live(work: Callable[[Say], None], mouth: int, supervisor: socket.socket, traced: Sequence[str]) -> None:
    """Never returns: nothing of the parent's is cleaned up here."""

    def say(**word: Any) -> None:
        os.write(mouth, json.dumps(word).encode() + b"\n")

    try:
        if traced:
            listener = supervise_me(traced)
            socket.send_fds(supervisor, [b"!"], [listener])
            os.close(listener)
        supervisor.close()
        work(say)
    except BaseException:  # noqa: BLE001 - whatever it is, the parent must hear of it
        say(raised=traceback.format_exc())
    finally:
        os._exit(0)
