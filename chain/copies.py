"""What others hand over after a loss: files of one signed thing a line, none of which is believed unseen."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from chain.errors import EarnestError

T = TypeVar("T")
_LONGEST = 65_536
"""Characters of one object that is written on several lines."""
BACKUP = "backup"
"""The source of what an old store had."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Copy:
    """One thing with where it stood; lines are counted from 1, and what stood in no line has 0."""

    what: Any
    source: str
    line: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Ignored:
    """What was not counted, and why."""

    source: str
    line: int
    why: str

    @classmethod
    def of(cls, copy: Copy, why: Exception) -> "Ignored":
        """By the error's name and words."""
        return cls(source=copy.source, line=copy.line, why=f"{type(why).__name__}: {why}")

    def to_json(self) -> dict[str, Any]:
        """The line as a number."""
        return {"source": self.source, "line": self.line, "why": self.why}


def read_file(source: str, text: str, read: Callable[[str], T]) -> list[Copy | Ignored]:
    """One JSON object on several lines, or one a line."""
    found = list(read_lines(source, text, read))
    if len(found) > 1 and len(text) <= _LONGEST and not any(isinstance(one, Copy) for one in found):
        alone = list(read_lines(source, text.replace("\n", " "), read))
        return alone if isinstance(alone[0], Copy) else found
    return found


def read_lines(source: str, text: str, read: Callable[[str], T]) -> Iterator[Copy | Ignored]:
    """Each line by itself: one that can't be read hides no other. Blank lines are nothing."""
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        copy = Copy(what=line, source=source, line=number)
        try:
            yield Copy(what=read(line), source=source, line=number)
        except EarnestError as why:
            yield Ignored.of(copy, why)
