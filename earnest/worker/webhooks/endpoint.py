"""Where deliveries go."""

import ipaddress
import re
from dataclasses import dataclass
from typing import get_args
from urllib.parse import SplitResult, urlsplit

from chain.errors import Malformed
from earnest.worker.errors import UnusableUrl
from earnest.worker.news import Finality
from earnest.worker.webhooks.secret import Secret

FINALITIES: tuple[Finality, ...] = get_args(Finality)
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
DAY = 86_400.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Endpoint:
    """Every one of `secrets` signs, so that one can be replaced while deliveries go on.

    Only https is used, and no address that isn't public: `internal` allows private ones, `allow_http` http on the
    loopback interface. After `give_up` seconds of failures of one delivery the endpoint is disabled. Raises
    `Malformed`, `UnusableUrl`.
    """

    name: str
    url: str
    secrets: tuple[Secret, ...]
    finality: tuple[Finality, ...] = FINALITIES
    internal: bool = False
    allow_http: bool = False
    answer_within: float = 10.0
    give_up: float = 5 * DAY

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise Malformed("name", "it is 1 to 64 of a-z, 0-9, - and _")
        if not self.secrets:
            raise Malformed("secrets", f"endpoint {self.name} has none")
        if not self.finality or not set(self.finality) <= set(FINALITIES):
            raise Malformed("finality", f"it is some of {', '.join(FINALITIES)}")
        if "latest" in self.finality and "undone" not in self.finality:
            raise Malformed("finality", "who is told of what is not final must be told when it is undone")
        if self.answer_within <= 0 or self.give_up <= 0:
            raise Malformed("seconds", "answer_within and give_up are above 0")
        self._require_url()

    def reaches(self, address: str) -> bool:
        """Whether deliveries may go to this IP address, whatever name it was found by."""
        found = ipaddress.ip_address(address)
        mapped = getattr(found, "ipv4_mapped", None)
        found = mapped or found
        if found.is_loopback:
            return self.allow_http
        if found.is_multicast or found.is_unspecified or found.is_link_local:  # Clouds keep credentials there.
            return False
        return self.internal or found.is_global

    def _require_url(self) -> None:
        parts = self._parts()
        host = parts.hostname or ""
        if parts.username is not None or parts.password is not None or parts.fragment:
            raise UnusableUrl(self.name, "has a user, a password or a fragment")
        if parts.scheme != "https" and not (self.allow_http and parts.scheme == "http" and _is_loopback(host)):
            raise UnusableUrl(self.name, "is not https://")
        if not host:
            raise UnusableUrl(self.name, "has no host")
        if _is_ip(host) and not self.reaches(host):
            raise UnusableUrl(self.name, "leads to an address that isn't public")

    def _parts(self) -> SplitResult:
        try:
            parts = urlsplit(self.url)
            _ = parts.port  # It is read, and refused, only when it is asked for.
        except ValueError:
            raise UnusableUrl(self.name, "can't be read") from None
        return parts


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_loopback(host: str) -> bool:
    return host == "localhost" or (_is_ip(host) and ipaddress.ip_address(host).is_loopback)
