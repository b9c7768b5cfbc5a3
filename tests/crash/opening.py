"""A store that can't be opened while its disk or its server fails says so, and is opened in a later life."""

from collections.abc import Callable
from typing import Protocol, Self, TypeVar

from chain.errors import StoreError
from tests.crash.life import Say

PAUSE = 0.01
"""Seconds until somebody whose store has just failed asks it again."""


class _Shell(Protocol):
    def __enter__(self) -> Self: ...

    def __exit__(self, *failure: object) -> None: ...


Shell = TypeVar("Shell", bound=_Shell)


def using(open_store: Callable[[], Shell], work: Callable[[Shell, Say], None]) -> Callable[[Say], None]:
    """A life that opens, works, and says that it has done all."""

    def live(say: Say) -> None:
        try:
            with open_store() as store:
                work(store, say)
        except StoreError as failed:
            say(failed="opening", error=type(failed).__name__)
        say(done=True)

    return live
