"""The key that an endpoint shares with us."""

import base64
import binascii

from chain.errors import Malformed

_PREFIX = "whsec_"
_SHORTEST, _LONGEST = 24, 64


class Secret:
    """`whsec_` and 24 to 64 bytes in base64 (Standard Webhooks). Its repr and str don't show it. Raises `Malformed`."""

    __slots__ = ("__text",)

    def __init__(self, text: str) -> None:
        try:
            key = base64.b64decode(text.removeprefix(_PREFIX), validate=True)
        except (binascii.Error, ValueError):
            raise Malformed("webhook secret", "it is not base64") from None
        if not text.startswith(_PREFIX) or not _SHORTEST <= len(key) <= _LONGEST:
            raise Malformed("webhook secret", f"it is not {_PREFIX} and {_SHORTEST} to {_LONGEST} bytes in base64")
        self.__text = text

    def reveal(self) -> str:
        """The secret itself: for signing, and for knowing what a log must not hold."""
        return self.__text

    def __repr__(self) -> str:
        return "Secret(...)"
