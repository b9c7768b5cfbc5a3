"""One POST over HTTP; the async client has the same under the same names."""

import requests

from channels.watchtower.transport.unanswered import Unanswered

__all__ = ["Post"]


class Post:
    """Over kept-alive connections."""

    def __init__(self, timeout: float) -> None:
        self._timeout = timeout
        self._session = requests.Session()

    def post(self, url: str, body: bytes) -> tuple[int, bytes]:
        """Status and body. Raises `Unanswered`; no redirect is followed."""
        headers = {"Content-Type": "application/json"}
        try:
            answer = self._session.post(url, data=body, headers=headers, timeout=self._timeout, allow_redirects=False)
        except (requests.RequestException, OSError) as error:
            raise Unanswered(type(error).__name__) from None
        return answer.status_code, answer.content

    def close(self) -> None:
        """Idempotent."""
        self._session.close()
