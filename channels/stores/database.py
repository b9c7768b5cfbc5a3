"""What a database must do for a store; the law is the store's, and one statement or one transaction keeps it."""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol, TypeVar

T = TypeVar("T")


class AsyncTransaction(Protocol):
    """Statements with `$1`, `$2` ... for values, all or none of which come to be."""

    async def rows(self, query: str, *values: Any) -> list[Any]:
        """What a query answers."""

    async def change(self, statement: str, *values: Any) -> int:
        """How many rows the statement changed."""


class AsyncDatabase(AsyncTransaction, Protocol):
    """A statement outside `run` is a transaction of its own, durable when it returns. Raises `StoreError`."""

    locking: str
    """What a query in a transaction ends with, so that the rows it found can't be changed by another one meanwhile."""

    async def run(self, step: Callable[[AsyncTransaction], Awaitable[T]], calls: int = 1) -> T:
        """What `step` answers, once all that it did is durable; if it raises, nothing of it comes to be.

        It may be run again from its start where other transactions were in its way. So many `calls` wait for it.
        """

    async def close(self) -> None:
        """Ends the connection."""


class Transaction(Protocol):
    """As `AsyncTransaction`."""

    def rows(self, query: str, *values: Any) -> list[Any]:
        """What a query answers."""

    def change(self, statement: str, *values: Any) -> int:
        """How many rows the statement changed."""


class Database(Transaction, Protocol):
    """As `AsyncDatabase`."""

    locking: str

    def run(self, step: Callable[[Transaction], T], calls: int = 1) -> T:
        """As `AsyncDatabase`."""

    def close(self) -> None:
        """Ends the connection."""
