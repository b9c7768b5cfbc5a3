"""The tower over HTTP: an ASGI application, for uvicorn or any other server."""

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from chain.errors import ChainError, EarnestError, Malformed, StoreError
from chain.typed_data import unhex
from chain.units import Hash32, hash32
from channels.channel import ChannelId
from channels.stores.watchtower import Guarded
from channels.watchtower.errors import OverQuota, TooSlow
from channels.watchtower.reading import LONGEST
from channels.watchtower.service.tower import AsyncTower

if TYPE_CHECKING:
    from starlette.requests import Request

_LONGEST_WHY = 300
"""Characters: a refusal may quote what was sent."""
_WITHIN = 10.0
"""Seconds for the whole of a body."""


def app_of(tower: AsyncTower) -> Starlette:
    """`POST /jobs`, `GET /jobs/<channel id>`, `GET /health`. A refusal is an error's name and its sentence."""

    async def post(request: "Request") -> JSONResponse:
        try:
            job, newer = await tower.intake.admit(await _body(request))
        except EarnestError as error:
            return _refused(error)
        told = {"channelId": _hex(job.channel.id), "epoch": str(job.epoch), "content": _hex(job.guard.content)}
        return JSONResponse({**told, "newer": newer}, 201 if newer else 200)

    async def show(request: "Request") -> JSONResponse:
        try:
            channel_id = hash32("channel id", unhex("channel id", request.path_params["channel_id"]))
            found = [_public(guarded).to_json() for guarded in tower.store.shown(ChannelId(channel_id))]
        except EarnestError as error:
            return _refused(error)
        return JSONResponse({"jobs": found}, 200 if found else 404)

    async def health(_: "Request") -> JSONResponse:
        try:
            told = await tower.health()
        except EarnestError as error:
            return _refused(error)
        return JSONResponse(told.to_json(), 200 if told.is_well else 503)

    return Starlette(
        routes=[
            Route("/jobs", post, methods=["POST"]),
            Route("/jobs/{channel_id}", show),
            Route("/health", health),
        ]
    )


async def _body(request: "Request") -> bytes:
    """No more of it than a job has is ever read, and for no longer. Raises `Malformed`, `TooSlow`."""
    found = bytearray()
    try:
        async with asyncio.timeout(_WITHIN):
            async for part in request.stream():
                found += part
                if len(found) > LONGEST:
                    raise Malformed("job", f"it is longer than {LONGEST} bytes")
    except TimeoutError:
        raise TooSlow(_WITHIN) from None
    return bytes(found)


def _public(guarded: Guarded) -> Guarded:
    """A failure's name alone: what a node has said of it may hold its address or a key."""
    return replace(guarded, failure=guarded.failure.partition(":")[0])


def _refused(error: EarnestError) -> JSONResponse:
    told: dict[str, Any] = {"error": type(error).__name__, "why": str(error)[:_LONGEST_WHY]}
    return JSONResponse(told, _status(error), {"Connection": "close"} if isinstance(error, TooSlow) else None)


def _status(error: EarnestError) -> int:
    """Too many: 429; too slow: 408; what may be right in a moment: 503; all else is the sender's to change."""
    if isinstance(error, OverQuota):
        return 429
    if isinstance(error, TooSlow):
        return 408
    return 503 if isinstance(error, ChainError | StoreError) else 422


def _hex(value: bytes | Hash32) -> str:
    return "0x" + value.hex()
