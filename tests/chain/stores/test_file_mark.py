"""A mark that several processes share: whoever is late takes nothing back."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from chain.stores.file_mark import FileMark

ROUNDS = 10_000
_RACER = f"""
import sys
from chain.stores.file_mark import FileMark

path, first = sys.argv[1], int(sys.argv[2])
mark = FileMark(path)
print("ready", flush=True)
sys.stdin.readline()
for changes in range(first, 2 * {ROUNDS}, 2):
    mark.note(changes)
    if FileMark.read(path) < changes:
        sys.exit(f"it went back below {{changes}}")
"""
_SLOW = """
import fcntl, os, sys

file = os.open(sys.argv[1], os.O_RDWR)
fcntl.flock(file, fcntl.LOCK_EX)
print("it is 9, so it will be 10", flush=True)
sys.stdin.readline()
os.pwrite(file, (10).to_bytes(8, "big"), 0)
fcntl.flock(file, fcntl.LOCK_UN)
"""

Run = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "till.db-mark"


@pytest.fixture
def run(path: Path) -> Iterator[Run]:
    """Another process, which has said that it is ready."""
    started: list[subprocess.Popen[str]] = []

    def start(program: str, *args: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-c", program, str(path), *args]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        started.append(process)
        assert process.stdout
        assert process.stdout.readline()
        return process

    yield start
    for process in started:
        process.communicate(timeout=60)


def go(process: "subprocess.Popen[str]") -> None:
    assert process.stdin
    process.stdin.write("\n")
    process.stdin.flush()


def mark_at(path: Path, changes: int) -> FileMark:
    mark = FileMark(str(path))
    mark.note(changes)
    return mark


@pytest.mark.parametrize(("later", "left"), [(12, 12), (11, 11), (10, 11), (0, 11)])
def test_it_only_goes_up(path: Path, later: int, left: int) -> None:
    mark_at(path, 11).note(later)

    assert FileMark.read(str(path)) == left


def test_of_a_file_that_was_restored_it_begins_anew(path: Path) -> None:
    mark_at(path, 11).note(7, anew=True)

    assert FileMark.read(str(path)) == 7


def test_of_two_processes_that_race_none_takes_back_what_the_other_has_noted(path: Path, run: Run) -> None:
    racers = [run(_RACER, str(first)) for first in range(2)]

    for racer in racers:
        go(racer)

    assert [racer.wait(60) for racer in racers] == [0, 0]
    assert FileMark.read(str(path)) == 2 * ROUNDS - 1


def test_it_waits_for_one_that_has_read_and_not_yet_written(path: Path, run: Run) -> None:
    mark = mark_at(path, 9)
    slow = run(_SLOW)
    later = threading.Timer(0.2, go, (slow,))
    later.start()

    mark.note(11)

    assert FileMark.read(str(path)) == 11
    assert slow.wait(60) == 0
    assert FileMark.read(str(path)) == 11


def test_a_process_that_dies_while_it_notes_holds_up_nobody(path: Path, run: Run) -> None:
    mark = mark_at(path, 9)
    run(_SLOW).kill()

    mark.note(11)

    assert FileMark.read(str(path)) == 11


def test_what_can_not_be_written_stays_behind(path: Path) -> None:
    mark = mark_at(path, 9)
    os.close(mark._file)

    mark.note(11)

    assert FileMark.read(str(path)) == 9
    mark._file = -1
    mark.note(11)
    mark.close()
