"""The clients for asyncio, called as the others are: one test says what both must do."""

import asyncio
import inspect
from typing import Any


class Blocking:
    """Runs to its end, in one loop, whatever of `client` would have to be awaited."""

    def __init__(self, client: Any, loop: asyncio.AbstractEventLoop) -> None:
        self._client, self._loop = client, loop

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._client, name)
        if not inspect.iscoroutinefunction(found):
            return found

        def call(*args: Any, **named: Any) -> Any:
            return self._loop.run_until_complete(found(*args, **named))

        return call
