"""What every record of a journal can do."""

from abc import ABC, abstractmethod
from typing import Any, ClassVar, Self

from chain.errors import Malformed

LONGEST_TEXT = 10_000
"""Characters of a statement."""
LONGEST_NAME = 255
"""Characters of a name."""


class Record(ABC):
    """One thing that is kept as evidence; a subclass is a frozen value, checked at birth."""

    __slots__ = ()
    kind: ClassVar[str]

    @abstractmethod
    def to_json(self) -> dict[str, Any]:
        """Without its kind; numbers as decimal strings, bytes as 0x hex."""

    @classmethod
    @abstractmethod
    def from_json(cls, data: object) -> Self:
        """The strict inverse. Raises `InvalidValue`."""


def text(what: str, value: object, longest: int = LONGEST_TEXT) -> str:
    """`value` if it is text that has a UTF-8 form and 1 to `longest` characters. Raises `Malformed`."""
    if not isinstance(value, str) or not 1 <= len(value) <= longest:
        raise Malformed(what, f"it is not a text of 1 to {longest} characters")
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise Malformed(what, "it holds half a character")
    return value


def name(what: str, value: object) -> str:
    """`value` if it is a short text of one line that shows all that it holds. Raises `Malformed`."""
    found = text(what, value, LONGEST_NAME)
    if not found.isprintable():
        raise Malformed(what, f"{found!r} can't be shown as it is")
    return found
