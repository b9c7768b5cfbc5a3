"""What a worker refuses.

InvalidValue
    BadConfig, UnusableUrl
Refused
    WorkerLeaseLost, NoSuchEndpoint
StoreError
    FollowedAnew
"""

from chain.errors import InvalidValue, Refused, StoreError


class BadConfig(InvalidValue):
    """A line of the worker's file that can't be used; `key` is its place there, as `endpoint[0].url`."""

    says = "{key}: {why}"
    key: str
    why: str


class UnusableUrl(InvalidValue):
    """No deliveries go there. The URL itself is never shown: its path is often a secret."""

    says = "the URL of endpoint {endpoint} {why}"
    endpoint: str
    why: str


class WorkerLeaseLost(Refused):
    """Another worker has taken over, or may: what this one was about to write was not written."""

    says = "the lease of {holder} (number {fence}) is over"
    holder: str
    fence: int


class NoSuchEndpoint(Refused):
    """Only an endpoint of the worker's file can be enabled again."""

    says = "there is no endpoint {endpoint!r}, only {known}"
    endpoint: str
    known: tuple[str, ...]


class FollowedAnew(StoreError):
    """The follower's file is not the one that was read up to `position`: what was told of it may be told wrongly."""

    says = "{path} does not have at {position} what was read there: read it again from the beginning, if it was rebuilt"
    path: str
    position: int
