"""Values for people and for the wire."""

from dataclasses import fields
from typing import Any


class Shown:
    """Base of frozen values with a JSON form: names in camel case, numbers as decimal strings, bytes as 0x hex."""

    __slots__ = ()

    def to_json(self) -> dict[str, Any]:
        """Every field, nested values too."""
        return {_camel(field.name): _json(getattr(self, field.name)) for field in fields(self)}  # type: ignore[arg-type]


def _json(value: Any) -> Any:
    match value:
        case None | bool() | str():
            return value
        case int():
            return str(value)
        case bytes():
            return "0x" + value.hex()
        case tuple():
            return [_json(item) for item in value]
        case _:
            return value.to_json()


def _camel(snake: str) -> str:
    first, *rest = snake.split("_")
    return first + "".join(map(str.title, rest))
