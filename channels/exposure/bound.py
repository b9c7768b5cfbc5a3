"""One limit beside what counts against it."""

from collections.abc import Iterable
from dataclasses import fields
from typing import Any, NamedTuple

from chain.units import uint
from channels.exposure.errors import OverLimit


class Bound(NamedTuple):
    """`present` base units count against `limit` (None: no limit); of what comes, the first `free` don't count."""

    name: str
    present: int
    limit: int | None
    free: int = 0


def room_of(bounds: Iterable[Bound]) -> int | None:
    """The tightest room; None where nothing is limited. Where a limit was lowered under what is there, it is zero."""
    rooms = [free + max(limit - present, 0) for _, present, limit, free in bounds if limit is not None]
    return min(rooms, default=None)


def require(bounds: Iterable[Bound], more: int) -> None:
    """Raises `OverLimit` of the first bound that `more` passes. What does not count is always allowed."""
    for name, present, limit, free in bounds:
        if limit is not None and more > free and present + more - free > limit:
            raise OverLimit(name, present + more - free, limit)


def require_amounts(limits: Any) -> None:
    """Each field of a dataclass is a limit in base units, or None. Raises `OutOfRange`."""
    for field in fields(limits):
        limit = getattr(limits, field.name)
        if limit is not None:
            uint(field.name, limit, 96)
