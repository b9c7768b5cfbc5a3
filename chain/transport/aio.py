"""What the async clients stand on, and the sync ones have under the same names: bodies over HTTP, web3's classes."""

import aiohttp
from web3 import AsyncWeb3
from web3.providers.async_base import AsyncBaseProvider, AsyncJSONBaseProvider

from chain.transport.unanswered import Unanswered, checked

__all__ = ["AsyncBaseProvider", "AsyncJSONBaseProvider", "AsyncWeb3", "AsyncWire"]


class AsyncWire:
    """Posts to one URL; the connection is opened with the first request, in the loop that makes it."""

    def __init__(self, url: str, timeout: float) -> None:
        self._url, self._timeout = url, aiohttp.ClientTimeout(total=timeout)
        self._session: aiohttp.ClientSession | None = None
        self._closed = False

    async def post(self, body: bytes) -> bytes:
        """The body of a 200 answer. Raises `Unanswered`; no redirect is followed."""
        if self._closed:  # A session opened now, nobody would end.
            raise Unanswered("it was closed meanwhile")
        self._session = self._session or aiohttp.ClientSession(timeout=self._timeout, trust_env=True)
        headers = {"Content-Type": "application/json"}
        try:
            async with self._session.post(self._url, data=body, headers=headers, allow_redirects=False) as answer:
                return checked(answer.status, await answer.read())
        except TimeoutError:
            raise Unanswered(f"no answer in {self._timeout.total:g} seconds") from None
        except (aiohttp.ClientError, OSError) as error:
            raise Unanswered(type(error).__name__) from None

    async def close(self) -> None:
        """Idempotent."""
        self._closed = True
        if self._session:
            await self._session.close()
