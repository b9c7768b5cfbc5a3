"""Asking within a time, in coroutines."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

Answer = TypeVar("Answer")


async def answer_within(seconds: float, ask: Callable[[], Awaitable[Answer]]) -> Answer:
    """Raises `TimeoutError`, and what `ask` raises."""
    async with asyncio.timeout(seconds):
        return await ask()
