"""Strict reading of a TOML table: every value has its type, and none is left unread."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from chain.errors import InvalidValue
from earnest.worker.errors import BadConfig

T = TypeVar("T")
N = TypeVar("N", int, float)
_NAMES = {str: "text", int: "a whole number", float: "a number", bool: "true or false", list: "a list", dict: "a table"}


class Table:
    """`place` is how a person finds it. Raises `BadConfig`."""

    def __init__(self, data: Mapping[str, Any], place: str = "") -> None:
        self._data, self._place = dict(data), place

    def key(self, name: str) -> str:
        """The place of one of its values."""
        return f"{self._place}.{name}" if self._place else name

    def has(self, name: str) -> bool:
        """Whether it is there, and was not taken yet."""
        return name in self._data

    def take(self, name: str, kind: type[T], default: T | None = None) -> T:
        """A value, once; without a default it must be there."""
        if name not in self._data:
            if default is None:
                raise BadConfig(self.key(name), f"it is missing: {_NAMES[kind]}")
            return default
        return _typed(self.key(name), self._data.pop(name), kind)

    def any(self, name: str) -> Any:
        """A value of whatever type, None where there is none: who asks, checks."""
        return self._data.pop(name, None)

    def whole(self, name: str, default: int, least: int, most: int) -> int:
        """A whole number within bounds, both allowed."""
        return self._within(name, self.take(name, int, default), least, most)

    def number(self, name: str, default: float, least: float, most: float) -> float:
        """A number within bounds, both allowed."""
        return self._within(name, self.take(name, float, default), least, most)

    def texts(self, name: str, *, least: int) -> tuple[str, ...]:
        """A list of texts."""
        found = self.take(name, list, [] if not least else None)
        if len(found) < least:
            raise BadConfig(self.key(name), f"at least {least} is needed")
        return tuple(_typed(f"{self.key(name)}[{place}]", item, str) for place, item in enumerate(found))

    def table(self, name: str) -> "Table | None":
        """A section, if it is there."""
        return Table(self.take(name, dict), self.key(name)) if self.has(name) else None

    def tables(self, name: str) -> list["Table"]:
        """Sections in double brackets."""
        found = self.take(name, list, [])
        return [
            Table(_typed(f"{self.key(name)}[{place}]", item, dict), f"{self.key(name)}[{place}]")
            for place, item in enumerate(found)
        ]

    def done(self) -> None:
        """Nothing may be left: a misspelt name would be a wish that nobody heard."""
        for name in self._data:
            raise BadConfig(self.key(name), "nothing is known by this name")

    def _within(self, name: str, value: N, least: N, most: N) -> N:
        if not least <= value <= most:  # Neither is a number that is none.
            raise BadConfig(self.key(name), f"it is {value:g}, allowed are {least:g} to {most:g}")
        return value


def checked(key: str, make: Callable[[], T]) -> T:
    """What `make` answers; its `InvalidValue` becomes a `BadConfig` that says where."""
    try:
        return make()
    except BadConfig:
        raise
    except InvalidValue as error:
        raise BadConfig(key, str(error)) from None


def _typed(key: str, value: Any, kind: type[T]) -> T:
    if kind is float and type(value) is int:
        value = float(value)
    if type(value) is not kind:
        raise BadConfig(key, f"it is not {_NAMES[kind]}")
    return value
