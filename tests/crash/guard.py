"""A process of its own that supervises a database server: whoever tests the server also waits for it."""

import os
import random
import select
import signal
import socket
from multiprocessing.connection import Connection, Pipe
from typing import Any, Literal

from tests.crash.disk import Disk
from tests.crash.fault import Fault, Trouble
from tests.crash.files import Files
from tests.crash.seccomp import supervise_me
from tests.crash.supervisor import Supervisor

TRACED = ("pwrite64", "fsync", "fdatasync")
"""What PostgreSQL does with its log; what it does with its tables can be done again from there.

It syncs the log by `fdatasync`, and by `fsync` what it finds there after a crash.
"""
LOG = Files(folder="/pg_wal/")
Command = Literal["arm", "happened", "cut"]


class Guard:
    """Fork it before the server starts, and call `enlist` in the server's process before it becomes the server."""

    def __init__(self) -> None:
        self._commands, commands = Pipe()
        self._enlisting, enlisting = socket.socketpair()
        self.pid = os.fork()
        if self.pid == 0:
            self._commands.close()
            self._enlisting.close()
            _Watch(commands, enlisting).run()
        commands.close()
        enlisting.close()

    def enlist(self) -> None:
        """The server's calls wait for this guard from now on."""
        listener = supervise_me(TRACED)
        socket.send_fds(self._enlisting, [b"!"], [listener])
        os.close(listener)

    def arm(self, fault: Fault | None) -> None:
        """From now on; the fault before is over."""
        self._ask("arm", fault)

    def happened(self) -> bool:
        """Whether the fault's call has come."""
        return bool(self._ask("happened"))

    def cut(self, chance: random.Random) -> int:
        """The server has been killed, and the power goes: how many writes to its log were at stake."""
        return int(self._ask("cut", chance.getrandbits(64)))

    def close(self) -> None:
        """Only after the server's end."""
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        self._commands.close()
        self._enlisting.close()

    def _ask(self, command: Command, value: Any = None) -> Any:
        self._commands.send((command, value))
        return self._commands.recv()


class _Watch:
    """The guard's own process."""

    def __init__(self, commands: "Connection[Any, Any]", enlisting: socket.socket) -> None:
        self._commands, self._enlisting = commands, enlisting
        # Nothing is `checked`: a page of the log is written again with the records in it that were synced before.
        self._disk = Disk(LOG)
        self._supervisor = Supervisor(disk=self._disk)
        self._cut: int | None = None
        self._listeners, self._poll = set[int](), select.poll()
        self._poll.register(commands.fileno(), select.POLLIN)
        self._poll.register(enlisting, select.POLLIN)

    def run(self) -> None:
        """Until it is killed, or nobody is left who could command it."""
        while True:
            self._serve()
            if self._cut is not None and not self._listeners:
                self._commands.send(self._disk.cut(random.Random(self._cut)))
                self._cut = None

    def _serve(self) -> None:
        for descriptor, event in self._poll.poll():
            if descriptor == self._commands.fileno():
                self._obey()
            elif descriptor == self._enlisting.fileno():
                self._listen(socket.recv_fds(self._enlisting, 1, 1)[1][0])
            elif event & select.POLLIN:
                self._supervisor.decide(descriptor)
            else:
                self._forget(descriptor)

    def _listen(self, listener: int) -> None:
        self._listeners.add(listener)
        self._poll.register(listener, select.POLLIN)

    def _forget(self, listener: int) -> None:
        """The last of this server's processes is dead."""
        self._listeners.remove(listener)
        self._poll.unregister(listener)
        os.close(listener)

    def _obey(self) -> None:
        command: Command
        try:
            command, value = self._commands.recv()
        except EOFError:
            os._exit(0)
        match command:
            case "arm":
                self._supervisor.trouble = Trouble(value)
                self._commands.send(None)
            case "happened":
                self._commands.send(self._supervisor.trouble.happened)
            case "cut":  # Later: some processes outlive their parent for a moment, and without power nobody does.
                self._cut = value
