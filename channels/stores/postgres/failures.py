"""What the driver raises, in words of ours."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg

from channels.stores.errors import StoreBusy, StoreFailed, StoreUnreadable

PATIENCE = 30.0
"""Seconds to wait for another one's lock, for a free connection, and for a connection to be made."""
_AGAIN = frozenset({"40001", "40P01"})
"""Serialization failure (CockroachDB's restart, too) and deadlock: nothing was done, and it may be tried again."""
_BUSY = frozenset({"55P03", "53300", "57014"})
"""A lock was not to be had in time, too many connections, a statement was cancelled."""
_UNREADABLE = re.compile("3D000|3F000|28|42")
"""No such database or schema, not let in, and tables that are not as ours."""
_UNKNOWN = "what was being written may have been written, or not"


def may_be_tried_again(error: BaseException) -> bool:
    """Whether the database undid everything because other transactions were in its way."""
    return isinstance(error, asyncpg.PostgresError) and error.sqlstate in _AGAIN


@contextmanager
def typed(path: str) -> Iterator[None]:
    """Raises `StoreBusy`, `StoreUnreadable`, `StoreFailed`; what `may_be_tried_again` passes as it is."""
    try:
        yield
    except asyncpg.PostgresError as error:
        if may_be_tried_again(error):
            raise
        raise _of_server(path, error) from error
    except TimeoutError as error:
        raise StoreFailed(path, f"no answer within its time; {_UNKNOWN}") from error
    except (OSError, asyncpg.InterfaceError, asyncpg.InternalClientError) as error:
        raise StoreFailed(path, f"{error}; {_UNKNOWN}") from error


def _of_server(path: str, error: asyncpg.PostgresError) -> StoreBusy | StoreUnreadable | StoreFailed:
    state = error.sqlstate or ""
    if state in _BUSY:
        return StoreBusy(path, PATIENCE)
    if _UNREADABLE.match(state):
        return StoreUnreadable(path, str(error))
    if isinstance(error, asyncpg.PostgresConnectionError | asyncpg.OperatorInterventionError):
        return StoreFailed(path, f"{error}; {_UNKNOWN}")
    return StoreFailed(path, str(error))
