"""One POST over HTTP for asyncio; the sync client has the same under the same names."""

import aiohttp

from channels.watchtower.transport.unanswered import Unanswered

__all__ = ["AsyncPost"]


class AsyncPost:
    """The connection is opened with the first request, in the loop that makes it."""

    def __init__(self, timeout: float) -> None:
        self._timeout = aiohttp.ClientTimeout(total=timeout)
        self._session: aiohttp.ClientSession | None = None

    async def post(self, url: str, body: bytes) -> tuple[int, bytes]:
        """Status and body. Raises `Unanswered`; no redirect is followed."""
        self._session = self._session or aiohttp.ClientSession(timeout=self._timeout, trust_env=True)
        headers = {"Content-Type": "application/json"}
        try:
            async with self._session.post(url, data=body, headers=headers, allow_redirects=False) as answer:
                return answer.status, await answer.read()
        except (aiohttp.ClientError, OSError) as error:  # A TimeoutError is an OSError.
            raise Unanswered(type(error).__name__) from None

    async def close(self) -> None:
        """Idempotent."""
        if self._session:
            await self._session.close()
            self._session = None
