"""What a power cut may leave: of all that was written since a file's last finished sync, any sector, old or new.

A killed process loses nothing of what it wrote: the kernel has it, though no sync does. So a kill alone can't tell a
store that syncs before it answers from one that doesn't.
"""

import random
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

from tests.crash.files import NONE, Files, path_of
from tests.crash.seccomp import Call

SECTOR = 512
"""What a disk writes as a whole, in bytes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """A range of a file that is about to be written, or cut off, and what it held."""

    path: Path
    start: int
    end: int
    before: bytes
    cut_off: bool = False


class Disk:
    """Remembers what calls do to these files.

    In those of `checked`, whose readers tell by sums what was written as a whole, a sector that was being written may
    hold anything at all; in others, its old or its new bytes.
    """

    def __init__(self, files: Files, *, checked: Files = NONE) -> None:
        self._files, self._checked = files, checked
        self._unsynced: list[Change] = []

    def carry_out(self, call: Call) -> bool:
        """True for a sync: its caller is told that it is done, and it needn't be, since this power cut is only ours."""
        name = path_of(call)
        path = Path(name)
        if name not in self._files or not path.is_file():
            return False
        match call.name:
            case "pwrite64":
                _, _, size, offset, *_ = call.arguments
                self._remember(path, offset, offset + size)
            case "ftruncate":
                self._remember(path, call.arguments[1], path.stat().st_size, cut_off=True)
            case "fsync" | "fdatasync":
                self._unsynced = [change for change in self._unsynced if change.path != path]
                return True
            case _:
                pass
        return False

    def cut(self, chance: random.Random) -> int:
        """The power goes: how many changes were at stake."""
        self.forget_removed()
        at_stake = len(self._unsynced)
        for change in reversed(self._unsynced):
            self._fall_back(change, chance)
        self._unsynced.clear()
        return at_stake

    def forget_removed(self) -> None:
        """Before another file of the same name is written: files that are gone are no longer at stake."""
        self._unsynced = [change for change in self._unsynced if change.path.exists()]

    def _remember(self, path: Path, start: int, end: int, *, cut_off: bool = False) -> None:
        with path.open("rb") as file:
            file.seek(start)
            before = file.read(max(end - start, 0))
        self._unsynced.append(Change(path=path, start=start, end=end, before=before, cut_off=cut_off))

    def _fall_back(self, change: Change, chance: random.Random) -> None:
        with change.path.open("r+b") as file:
            grew = len(change.before) < change.end - change.start
            if change.cut_off:
                sectors = [(change.start, change.end)] if chance.random() < 0.5 else []
            elif grew and chance.random() < 0.2:
                file.truncate(min(change.start + len(change.before), change.path.stat().st_size))
                sectors = []
            else:
                sectors = _sectors(change)
            for start, end in sectors:
                self._rewrite(file, change, start, end, chance)

    def _rewrite(self, file: BinaryIO, change: Change, start: int, end: int, chance: random.Random) -> None:
        kinds = ("new", "old", "any") if str(change.path) in self._checked else ("new", "old")
        kind = "old" if change.cut_off else chance.choice(kinds)
        if kind == "new":
            return
        old = change.before[start - change.start : end - change.start].ljust(end - start, b"\0")
        file.seek(start)
        file.write(old if kind == "old" else chance.randbytes(end - start))


def _sectors(change: Change) -> list[tuple[int, int]]:
    inner = range((change.start // SECTOR + 1) * SECTOR, change.end, SECTOR)
    edges = [change.start, *inner, change.end]
    return list(pairwise(edges))
