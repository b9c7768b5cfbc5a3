"""What the sync clients stand on, and the async ones have under the same names: bodies over HTTP, web3's classes."""

import requests
from web3 import Web3
from web3.providers.base import BaseProvider, JSONBaseProvider

from chain.transport.unanswered import Unanswered, checked

__all__ = ["BaseProvider", "JSONBaseProvider", "Web3", "Wire"]


class Wire:
    """Posts to one URL over kept-alive connections."""

    def __init__(self, url: str, timeout: float) -> None:
        self._url, self._timeout = url, timeout
        self._session = requests.Session()

    def post(self, body: bytes) -> bytes:
        """The body of a 200 answer. Raises `Unanswered`; no redirect is followed."""
        headers = {"Content-Type": "application/json"}
        try:
            answer = self._session.post(
                self._url, data=body, headers=headers, timeout=self._timeout, allow_redirects=False
            )
        except requests.Timeout:
            raise Unanswered(f"no answer in {self._timeout:g} seconds") from None
        except (requests.RequestException, OSError) as error:
            raise Unanswered(type(error).__name__) from None
        return checked(answer.status_code, answer.content)

    def close(self) -> None:
        """Idempotent."""
        self._session.close()
