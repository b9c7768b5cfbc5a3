"""A power cut leaves what was synced, and of the rest any sector, old or new."""

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.crash.disk import SECTOR, Disk
from tests.crash.files import Files
from tests.crash.life import Life, Say
from tests.crash.seccomp import unavailable
from tests.crash.supervisor import Supervisor
from tests.crash.syscalls import DISK

pytestmark = pytest.mark.skipif(unavailable() is not None, reason=str(unavailable()))
SIZE = 8 * SECTOR
WAL = Files(("-wal",))
OLD, NEW = b"o" * SIZE, b"n" * SIZE


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "file-wal"
    path.write_bytes(OLD)
    return path


def lived(path: Path, disk: Disk, *calls: Callable[[int], object]) -> None:
    """Somebody makes these calls on the file."""

    def live(say: Say) -> None:
        file = os.open(path, os.O_RDWR)
        for call in calls:
            call(file)

    list(Life(live, traced=DISK, supervisor=Supervisor(disk=disk)).end())


def outcomes(path: Path, disk: Disk, *calls: Callable[[int], object]) -> list[bytes]:
    """What twenty power cuts after the same life leave."""
    found = []
    for seed in range(20):
        path.write_bytes(OLD)
        lived(path, disk, *calls)
        disk.cut(random.Random(seed))
        found.append(path.read_bytes())
    return found


def test_what_was_synced_stays(path: Path) -> None:
    left = outcomes(path, Disk(WAL), lambda file: os.pwrite(file, NEW, 0), os.fdatasync)
    assert set(left) == {NEW}


def test_a_sync_of_one_file_leaves_what_was_written_to_another_at_stake(path: Path, tmp_path: Path) -> None:
    other = os.open(tmp_path / "other-wal", os.O_RDWR | os.O_CREAT)
    left = outcomes(path, Disk(WAL), lambda file: os.pwrite(file, NEW, 0), lambda _: os.fdatasync(other))
    os.close(other)
    assert len(set(left)) > 10


def test_every_sector_of_what_was_not_synced_may_be_old_or_new(path: Path) -> None:
    left = outcomes(path, Disk(WAL), lambda file: os.pwrite(file, NEW, 0))
    sectors = [content[start : start + SECTOR] for content in left for start in range(0, SIZE, SECTOR)]
    assert set(sectors) == {OLD[:SECTOR], NEW[:SECTOR]}
    assert len(set(left)) > 10


def test_a_sector_of_a_checked_file_that_was_being_written_may_hold_anything(path: Path) -> None:
    left = outcomes(path, Disk(WAL, checked=WAL), lambda file: os.pwrite(file, NEW, 0))
    assert any(set(content) - set(OLD + NEW) for content in left)


def test_only_the_written_bytes_are_at_stake(path: Path) -> None:
    left = outcomes(path, Disk(WAL, checked=WAL), lambda file: os.pwrite(file, NEW[:100], 700))
    assert all(content[:700] == OLD[:700] and content[800:] == OLD[800:] for content in left)


def test_a_file_that_grew_may_have_its_old_length(path: Path) -> None:
    left = outcomes(path, Disk(WAL), lambda file: os.pwrite(file, NEW, SIZE))
    assert {len(content) for content in left} == {SIZE, 2 * SIZE}
    assert all(content[:SIZE] == OLD for content in left)


def test_a_cut_that_was_not_synced_happens_as_a_whole_or_not_at_all(path: Path) -> None:
    left = outcomes(path, Disk(WAL, checked=WAL), lambda file: os.ftruncate(file, SECTOR))
    assert set(left) == {OLD, OLD[:SECTOR]}


def test_a_file_that_was_removed_is_not_at_stake_and_neither_is_another_of_its_name(path: Path) -> None:
    disk = Disk(WAL)
    lived(path, disk, lambda file: os.pwrite(file, NEW, 0), lambda _: path.unlink())
    path.write_bytes(OLD)
    assert disk.cut(random.Random(1)) == 0
    assert path.read_bytes() == OLD
