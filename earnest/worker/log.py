"""The log: one line of JSON an event, in which no secret ever stands."""

import json
import logging
import sys
from collections.abc import Iterable, MutableMapping
from typing import Any, TextIO
from urllib.parse import urlsplit

import structlog

_MASK = "[secret]"
_SHORTEST = 6
"""Shorter texts would mask ordinary words."""


class Redacting(logging.Formatter):
    """Renders ours and other libraries' records; `secrets` are masked in the finished line, wherever they came from."""

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__()
        self._inner = structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_COMMON,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _named_error,
                structlog.processors.JSONRenderer(sort_keys=True, default=str),
            ],
        )
        known = {form for secret in secrets for form in (secret, json.dumps(secret)[1:-1]) if len(form) >= _SHORTEST}
        self._secrets = sorted(known, key=len, reverse=True)  # One may be part of another.

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        line = self._inner.format(record)
        for secret in self._secrets:
            line = line.replace(secret, _MASK)
        return line


def configure(secrets: Iterable[str], stream: TextIO = sys.stdout) -> Any:
    """The worker's log; what aiohttp, asyncio and web3 warn of goes there, too."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Redacting(secrets))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger(_NAME).setLevel(logging.INFO)
    structlog.configure(
        processors=[*_COMMON, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    return structlog.get_logger(_NAME)


def secrets_in(url: str) -> tuple[str, ...]:
    """Of a URL everything but scheme and host: nodes and shops put keys in the user, the path and the query."""
    parts = urlsplit(url)
    return tuple(part for part in (parts.username, parts.password, parts.path.strip("/"), parts.query) if part)


def _named_error(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Of an exception its type and place: its text is a stranger's, and a traceback is no line."""
    failure = event.pop("exc_info", None)
    if failure:
        kind = failure[0] if isinstance(failure, tuple) else sys.exc_info()[0]
        event["error"] = kind.__name__ if kind else ""
    return event


_NAME = "earnest.worker"
_COMMON: list[Any] = [
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
