"""A tower as a process: HTTP in front, rounds behind."""

import asyncio
import socket
from contextlib import suppress

import uvicorn

from channels.watchtower.service.app import app_of
from channels.watchtower.service.tower import AsyncTower

_AT_ONCE = 256
"""Requests that are answered; more are told to come again, with 503."""


class Serving:
    """Serves until a signal, or `stop`; what it has answered is on disk whichever way it ends.

    Port 0 takes a free one: `url` names it. Raises `OSError` where the port is taken.
    """

    def __init__(self, tower: AsyncTower, host: str = "127.0.0.1", port: int = 0, *, every: float = 5.0) -> None:
        self._tower, self._every = tower, every
        self._socket = socket.create_server((host, port))
        self.url = f"http://{host}:{self._socket.getsockname()[1]}"
        config = uvicorn.Config(
            app_of(tower),
            http="h11",  # It bounds a request's head to 16 KiB.
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            limit_concurrency=_AT_ONCE,
        )
        self._server = uvicorn.Server(config)

    async def serve(self) -> None:
        """Once."""
        rounds = asyncio.create_task(self._tower.run(self._every))
        try:
            await self._server.serve(sockets=[self._socket])
        finally:
            rounds.cancel()
            with suppress(asyncio.CancelledError):
                await rounds

    def stop(self) -> None:
        """Requests that have begun are answered."""
        self._server.should_exit = True
