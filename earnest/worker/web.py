"""`GET /health` and `GET /metrics`, in the worker's own event loop."""

import socket
from asyncio import create_task
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING

import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from chain.testing.serve import PortTaken
from channels.watchtower.service.app import app_of as intake_of
from earnest.worker.health import Health
from earnest.worker.metrics import Metrics

if TYPE_CHECKING:
    from channels.watchtower.service.tower import AsyncTower

_GRACE = 2
"""Seconds for answers under way when the worker ends."""


def app_of(health: Callable[[], Health], metrics: Metrics, tower: "AsyncTower | None" = None) -> Starlette:
    """Both are answered from memory and the workers' file, so that asking costs the chain nothing.

    A watchtower takes its jobs under `/tower`.
    """

    async def answer_health(_: Request) -> Response:
        found = health()
        return JSONResponse(found.to_json(), status_code=200 if found.ok else 503)

    async def answer_metrics(_: Request) -> Response:
        return Response(metrics.text(), media_type=CONTENT_TYPE_LATEST)

    routes: list[BaseRoute] = [Route("/health", answer_health), Route("/metrics", answer_metrics)]
    return Starlette(routes=[*routes, Mount("/tower", intake_of(tower))] if tower else routes)


@asynccontextmanager
async def served(app: Starlette, host: str, port: int) -> AsyncIterator[int]:
    """Answers meanwhile on the port, which it yields; 0 takes a free one. Raises `PortTaken`."""
    listening = _listen(host, port)
    server = _Server(uvicorn.Config(app, lifespan="off", log_config=None, access_log=False, ws="none", http="h11"))
    server.config.timeout_graceful_shutdown = _GRACE
    task = create_task(server.serve(sockets=[listening]))
    try:
        yield listening.getsockname()[1]
    finally:
        server.should_exit = True
        await task
        listening.close()


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """They are the worker's: its parts end before its answers do."""
        yield


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen()
    except OSError as error:
        listening.close()
        raise PortTaken(port, str(error)) from None
    return listening
