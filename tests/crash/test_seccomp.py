import errno
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.crash.fault import Fault, Trouble
from tests.crash.files import Files
from tests.crash.life import Life, Say
from tests.crash.seccomp import unavailable
from tests.crash.supervisor import Supervisor
from tests.crash.syscalls import DISK

pytestmark = pytest.mark.skipif(unavailable() is not None, reason=str(unavailable()))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "file"


def writing(path: Path, times: int = 4) -> Callable[[Say], None]:
    """Writes eight bytes and syncs them, again and again; says how each call went."""

    def work(say: Say) -> None:
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        for place in range(times):
            for name, call in (
                ("pwrite64", lambda place=place: os.pwrite(file, b"12345678", 8 * place)),
                ("fdatasync", lambda: os.fdatasync(file)),
            ):
                try:
                    call()
                    say(did=name)
                except OSError as failed:
                    say(failed=name, error=failed.errno)

    return work


def lived(work: Callable[[Say], None], fault: Fault | None) -> tuple[list[dict[str, object]], int]:
    """All that it said, and how it ended."""
    life = Life(work, traced=DISK, supervisor=Supervisor(trouble=Trouble(fault)))
    words = list(life.words(10))
    return words, life.close()


def test_calls_that_nothing_is_planned_for_happen(path: Path) -> None:
    words, _ = lived(writing(path), None)
    assert words == [{"did": "pwrite64"}, {"did": "fdatasync"}] * 4
    assert path.read_bytes() == b"12345678" * 4


def test_the_nth_call_fails_as_often_as_planned_and_then_the_disk_is_well(path: Path) -> None:
    words, _ = lived(writing(path), Fault(calls=("pwrite64",), nth=2, does=errno.ENOSPC, times=2))
    failed = [word.get("error") for word in words[::2]]
    assert failed == [None, errno.ENOSPC, errno.ENOSPC, None]
    assert path.read_bytes() == b"12345678" + bytes(16) + b"12345678"


@pytest.mark.parametrize(("call", "said"), [("pwrite64", 4), ("fdatasync", 5)])
def test_a_process_dies_at_the_call_and_the_call_never_happens(path: Path, call: str, said: int) -> None:
    words, status = lived(writing(path), Fault(calls=(call,), nth=3, does="kill"))
    assert len(words) == said
    assert os.WTERMSIG(status) == signal.SIGKILL
    assert path.read_bytes() == b"12345678" * (2 + (call == "fdatasync"))


def test_a_torn_write_leaves_its_first_half(path: Path) -> None:
    lived(writing(path), Fault(calls=("pwrite64",), nth=3, does="tear"))
    assert path.read_bytes() == b"12345678" * 2 + b"1234"


def test_a_fault_of_one_file_spares_the_others(path: Path) -> None:
    words, _ = lived(writing(path), Fault(calls=("pwrite64",), files=Files(("-wal",)), does="kill"))
    assert len(words) == 8


def test_what_a_life_raises_is_raised_to_its_parent() -> None:
    def work(say: Say) -> None:
        raise RuntimeError("no more")

    with pytest.raises(AssertionError, match="no more"):
        list(Life(work).end())
