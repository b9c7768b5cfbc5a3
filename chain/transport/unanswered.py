"""When a node has not answered, whatever the HTTP library says; a URL's secrets never enter the reason."""


class Unanswered(Exception):
    """No answer that is JSON-RPC; another node may be asked the same."""


def checked(status: int, body: bytes) -> bytes:
    """`body` if `status` is 200. Raises `Unanswered`."""
    if status != 200:
        raise Unanswered(f"HTTP {status}")
    return body
