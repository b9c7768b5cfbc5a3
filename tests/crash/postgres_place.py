"""A PostgreSQL database: whoever uses it dies, the server dies, its log can't be written, or it loses its power."""

import errno
import random
import signal
from typing import Literal, Self

import channels.stores.postgres.blocking
import channels.stores.postgres.till  # noqa: F401 - the store loads its driver late, and every life would do that again
from channels.stores.postgres import PostgresStore
from tests.crash.fault import Fault
from tests.crash.guard import LOG, Guard
from tests.crash.place import Blow, Place
from tests.crash.syscalls import SPEECH
from tests.postgres_server import PostgresServer

_LIFE, _LONGER = 0.12, 0.6
"""Seconds that a life lasts at most, its beginning included; and where the server dies in it."""


class PostgresPlace(Place):
    """A server and a database of its own, until the end of the block."""

    def __init__(self, chance: random.Random) -> None:
        self._chance, self._guard = chance, Guard()
        self._server = PostgresServer(self._guard.enlist)
        self._armed, self._befallen = "", list[str]()
        self._starts = self._server.starts
        self.store = PostgresStore(self._server.database())

    def blow(self) -> Blow:
        chance = self._chance
        match chance.randrange(16):
            case 0:
                return Blow(after=chance.random() * _LONGER, strike=self._kill_server)
            case 1:
                self._arm()
                return Blow(after=_LONGER)
            case 2 | 3 | 4 | 5 | 6:
                fault = Fault(calls=SPEECH, nth=chance.randint(1, 40), does="kill")
                return Blow(kind="SIGKILL before it speaks", after=_LONGER, traced=SPEECH, fault=fault)
            case _:
                return Blow(after=chance.random() * _LIFE)

    def clear(self) -> list[str]:
        befallen, self._befallen = self._befallen, []
        if self._guard.happened():
            self._server.wait(self._starts + 1)
            befallen.append(self._armed)
        self._guard.arm(None)
        self._starts = self._server.starts
        return befallen

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self._server.close()
        self._guard.close()

    def _arm(self) -> None:
        call = self._chance.choice(("pwrite64", "fdatasync"))
        does: Literal["kill", "tear"] | int = self._chance.choice(("kill", "tear", errno.EIO, errno.ENOSPC))
        self._armed = f"{errno.errorcode[does] if isinstance(does, int) else does} at the server's {call}"
        self._guard.arm(Fault(calls=(call,), files=LOG, nth=self._chance.randint(1, 30), does=does))

    def _kill_server(self) -> None:
        number = self._chance.choice((signal.SIGQUIT, signal.SIGKILL))
        self._server.kill(number)
        self._befallen.append(f"{number.name} of the server")
        if self._chance.random() < 0.7 and self._guard.cut(self._chance):
            self._befallen.append("a power cut at the server with writes at stake")
        self._server.restart()
