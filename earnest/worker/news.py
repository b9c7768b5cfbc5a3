"""What the follower has written down since, in the order in which it must be told."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from chain.contracts import by_address
from chain.receipt import Event, events_of
from chain.stores import followed
from earnest.worker.errors import FollowedAnew

Finality = Literal["latest", "final", "undone"]
Place = tuple[int, str, int]
"""Of an event: its block, the block's hash, and the log's index in it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """A change of an event's standing; `position` is the follower's, and no change of the same kind has it twice."""

    position: int
    event: Event
    finality: Finality


@dataclass(frozen=True, kw_only=True, slots=True)
class Cursor:
    """How far both kinds of news were read, and what stands at `latest`, to know the file by. 0: from the beginning.

    `reading` is how often a person has said that all is read again.
    """

    latest: int = 0
    final: int = 0
    mark: str = ""
    reading: int = 0


class News:
    """Reads the follower's file beside the follower, whichever process that is."""

    def __init__(self, file: followed.FollowedFile) -> None:
        self._file = file

    def after(self, cursor: Cursor, most: int) -> tuple[list[Seen], Cursor]:
        """Up to `most` of each kind, and the cursor behind them. Raises `FollowedAnew`, `FinalBlockUndone`.

        An event becomes final only after it was told; before that, what it replaced was told to be undone.
        """
        self._require_known(cursor)
        seen, newest = list[Seen](), cursor
        for news in self._read(cursor.latest, "latest", most):
            seen += _seen(news, "undone" if news.undone else "latest")
            newest = replace(newest, latest=news.position, mark=_mark(news))
        for news in self._read(cursor.final, "final", most):
            if news.position > newest.latest:
                break
            seen += _seen(news, "final")
            newest = replace(newest, final=news.position)
        return seen, newest

    def missing(self, places: Iterable[Place]) -> set[Place] | None:
        """Those where the file has no event; None while it has not come as far as all of them.

        Of blocks before the file's first one it says nothing. Raises `FinalBlockUndone`.
        """
        self._file.require_going()
        wanted, head = set(places), self._file.head
        if head is None or any(block > head.number for block, _, _ in wanted):
            return None
        return {place for place in wanted if self._file.lacks(*place)}

    def _read(self, position: int, level: followed.Level, most: int) -> Iterator[followed.News]:
        for _ in range(most):
            news = self._file.next(position, level)
            if news is None:
                return
            yield news
            position = news.position

    def _require_known(self, cursor: Cursor) -> None:
        if cursor.latest:
            found = self._file.next(cursor.latest - 1, "latest")
            if found is None or (found.position, _mark(found)) != (cursor.latest, cursor.mark):
                raise FollowedAnew(self._file.path, cursor.latest)


def _mark(news: followed.News) -> str:
    return f"{news.log.block_hash} {news.log.index} {news.undone}"


def _seen(news: followed.News, finality: Finality) -> Iterable[Seen]:
    """None for a log that our ABI doesn't know."""
    for event in events_of([news.log.raw()], by_address()):
        yield Seen(position=news.position, event=event, finality=finality)
