"""Breadth-first search: whatever can be reached within the bounds is reached, by a shortest way."""

from collections import deque
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

W = TypeVar("W", bound=Hashable)
Move = tuple[str, W]


@dataclass(frozen=True)
class Found(Generic[W]):
    """How many worlds were looked at; the way into the first loss, if there is one, and that world."""

    worlds: int
    way: tuple[str, ...] = ()
    loss: W | None = None


def search(start: W, moves: Callable[[W], Iterable[Move[W]]], lost: Callable[[W], bool]) -> Found[W]:
    """Ends at the first world that is `lost`, or when there is no new one."""
    came: dict[W, tuple[str, W] | None] = {start: None}
    waiting = deque([start])
    while waiting:
        world = waiting.popleft()
        if lost(world):
            return Found(len(came), _way(came, world), world)
        for said, newer in moves(world):
            if newer not in came:
                came[newer] = (said, world)
                waiting.append(newer)
    return Found(len(came))


def _way(came: dict[W, tuple[str, W] | None], world: W) -> tuple[str, ...]:
    way: list[str] = []
    step = came[world]
    while step is not None:
        said, before = step
        way.append(said)
        step = came[before]
    return tuple(reversed(way))
