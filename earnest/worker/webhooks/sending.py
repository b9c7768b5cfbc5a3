"""One attempt over HTTP, that believes nothing of what is at the other end."""

import socket
from dataclasses import dataclass
from http import HTTPStatus

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from earnest.worker.webhooks.endpoint import Endpoint
from earnest.worker.webhooks.signing import headers_of


@dataclass(frozen=True, slots=True)
class Outcome:
    """`reason` is a short word for metrics: `ok`, the status, or how there was none."""

    delivered: bool
    reason: str

    @property
    def gone(self) -> bool:
        """The endpoint asks for no more, ever."""
        return self.reason == str(HTTPStatus.GONE.value)


class Sender:
    """To one endpoint. No redirect is followed, no proxy or cookie used, and of an answer only the status is read."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._session: aiohttp.ClientSession | None = None

    async def send(self, message_id: str, body: str, now: float) -> Outcome:
        """Any status of 200 to 299 is success; everything else, and silence, is not."""
        headers = headers_of(self._endpoint, message_id, body, now)
        try:
            async with self._open().post(
                self._endpoint.url, data=body.encode(), headers=headers, allow_redirects=False
            ) as answer:
                answer.close()  # Its body could be endless.
                return Outcome(HTTPStatus(200) <= answer.status < 300, _word(answer.status))
        except TimeoutError:
            return Outcome(False, "timeout")
        except _AddressRefused:
            return Outcome(False, "address")
        except (aiohttp.ClientError, OSError) as error:
            refused = isinstance(error.__cause__, _AddressRefused)
            return Outcome(False, "address" if refused else "connection")

    async def close(self) -> None:
        """Idempotent."""
        if self._session:
            await self._session.close()
            self._session = None

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=self._endpoint.answer_within),
                connector=aiohttp.TCPConnector(
                    resolver=_Resolver(self._endpoint), force_close=True, use_dns_cache=False
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
            )
        return self._session


class _AddressRefused(OSError):
    """Each of the name's addresses is one that deliveries may not go to."""


class _Resolver(AbstractResolver):
    """The address that is connected to is the one that was checked: a name can't be pointed elsewhere in between."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._inner = aiohttp.ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Raises `OSError` where nothing, or nothing allowed, has that name."""
        found = await self._inner.resolve(host, port, family)
        allowed = [result for result in found if self._endpoint.reaches(result["host"])]
        if not allowed:
            raise _AddressRefused(f"no address of endpoint {self._endpoint.name} may be used")
        return allowed

    async def close(self) -> None:
        await self._inner.close()


def _word(status: int) -> str:
    if 200 <= status < 300:
        return "ok"
    return "redirect" if 300 <= status < 400 else str(status)
