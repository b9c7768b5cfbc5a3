"""How a database is named in messages."""

from urllib.parse import parse_qsl, urlencode, urlsplit

_SECRETS = frozenset({"password", "sslpassword"})


def shown(dsn: str) -> str:
    """A DSN without its passwords."""
    parts = urlsplit(dsn)
    user, at, hosts = parts.netloc.rpartition("@")
    query = urlencode([pair for pair in parse_qsl(parts.query) if pair[0] not in _SECRETS], safe="/")
    place = f"{parts.scheme}://{user.partition(':')[0]}{at}{hosts}{parts.path}"
    return f"{place}?{query}" if query else place
