"""A store for asyncio, used without it."""

import asyncio
import os
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from channels.stores.aio.standings import AsyncStandings
from channels.stores.aio.till import AsyncTill
from channels.stores.aio.wallet import AsyncWallet
from channels.stores.errors import StoreOfAnotherProcess

T = TypeVar("T")


class Blocking:
    """The store's verbs, each of which waits for its answer; any number of threads may call.

    One thread beside them has the event loop, so a lost connection is noticed at once. It is opened at birth.
    """

    def __init__(self, store: AsyncTill | AsyncWallet | AsyncStandings, path: str) -> None:
        self._store, self._path, self._process = store, path, os.getpid()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="earnest-store", daemon=True)
        self._thread.start()
        try:
            self._wait(store.database.rows("SELECT 1"))
        except BaseException:
            self.close()
            raise

    def __getattr__(self, name: str) -> Callable[..., Any]:
        verb = getattr(self._store, name)

        def waiting(*values: Any, **named: Any) -> Any:
            return self._wait(verb(*values, **named))

        return waiting

    def close(self) -> None:
        """Ends the connections and the thread; a second time it does nothing."""
        if self._loop.is_closed() or os.getpid() != self._process:
            return
        try:
            self._wait(self._store.close())
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()

    def _wait(self, work: Coroutine[Any, Any, T]) -> T:
        if os.getpid() != self._process:
            work.close()
            raise StoreOfAnotherProcess(self._path)
        answer = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return answer.result()
        except BaseException:
            answer.cancel()
            raise
