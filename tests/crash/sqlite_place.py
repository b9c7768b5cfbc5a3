"""An SQLite file: whoever uses it dies at any call, and its disk fails, is full, or loses its power."""

import errno
import random
import resource
from pathlib import Path

from tests.crash.disk import Disk
from tests.crash.fault import Fault, Trouble
from tests.crash.files import Files
from tests.crash.place import Blow, Place
from tests.crash.supervisor import Supervisor
from tests.crash.syscalls import DISK, LOCKS, SPEECH

FILES = Files((".db", "-wal", "-mark"))
CHECKED = Files((".db", "-wal"))
TRACED = (*DISK, *SPEECH)
_LIFE = 0.06
"""Seconds that a life lasts at most, its beginning included."""


class SqlitePlace(Place):
    """The file at this path."""

    store: Path

    def __init__(self, path: Path, chance: random.Random) -> None:
        self.store, self._chance, self.disk = path, chance, Disk(FILES, checked=CHECKED)

    def supervisor(self, blow: Blow) -> Supervisor:
        return Supervisor(trouble=Trouble(blow.fault), disk=self.disk)

    def blow(self) -> Blow:
        chance = self._chance
        after, nth = chance.random() * _LIFE, chance.randint(1, 40)
        match chance.randrange(8):
            case 0 | 1 | 2:
                return Blow(after=after, traced=TRACED)
            case 3:
                call = chance.choice(("pwrite64", "fdatasync", "write"))
                return _fault(Fault(calls=(call,), nth=nth, does="kill"), f"SIGKILL at {call}")
            case 4:
                fault = Fault(calls=(*TRACED, *LOCKS), nth=nth * 5, does="kill")
                return _fault(fault, "SIGKILL at the nth call of any kind")
            case 5:
                return _fault(Fault(calls=("pwrite64",), files=FILES, nth=nth, does="tear"), "SIGKILL in a write")
            case 6:
                call, error = chance.choice(
                    (("fdatasync", errno.EIO), ("pwrite64", errno.ENOSPC), ("pwrite64", errno.EIO))
                )
                fault = Fault(calls=(call,), files=FILES, nth=nth, does=error, times=chance.randint(1, 5))
                return _fault(fault, f"{errno.errorcode[error]} at {call}, then SIGKILL", after)
            case _:
                room = chance.randrange(60_000)
                return Blow(
                    kind="full disk, then SIGKILL", after=after, traced=TRACED, prepare=lambda: self._fill(room)
                )

    def clear(self) -> list[str]:
        """Half of the times the power goes, too; what lies in shared memory may survive, or not, or be anything."""
        memory = self.store.with_name(self.store.name + "-shm")
        fate = self._chance.choice(("survives", "survives", "vanishes", "is scribbled on"))
        if memory.exists() and fate == "vanishes":
            memory.unlink()
        elif memory.exists() and fate == "is scribbled on":
            memory.write_bytes(self._chance.randbytes(memory.stat().st_size))
        cut = self._chance.random() < 0.5 and self.disk.cut(self._chance)
        return ["a power cut with writes at stake"] if cut else []

    def _fill(self, room: int) -> None:
        """No file of this process grows by more than `room` bytes; Python ignores the signal that comes with it."""
        sizes = [file.stat().st_size for file in self.store.parent.glob(f"{self.store.name}*")]
        limit = max(sizes, default=0) + room
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))


def _fault(fault: Fault, kind: str, after: float = 0.2) -> Blow:
    traced = fault.calls if set(fault.calls) > set(TRACED) else TRACED
    return Blow(kind=kind, fault=fault, after=after, traced=traced)
