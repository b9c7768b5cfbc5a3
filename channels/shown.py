"""Values for people and for the wire."""

from dataclasses import fields
from typing import Any


class Shown:
    """Base of frozen values with a JSON form: names in camel case, numbers as decimal strings, bytes as 0x hex."""

    __slots__ = ()

    def to_json(self) -> dict[str, Any]:
        """Every field that its repr has, nested values too."""
        shown = [field.name for field in fields(self) if field.repr]  # type: ignore[arg-type]
        return {_camel(name): _json(getattr(self, name)) for name in shown}


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
