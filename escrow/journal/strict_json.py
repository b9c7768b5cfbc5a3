"""JSON that strangers wrote: bounded in length and depth, no name twice, no floats; and the one form that is hashed."""

import json
import re
from collections.abc import Mapping
from typing import Any

from chain.errors import Malformed

LONGEST = 131_072
"""Characters of one document; a statement of the longest text, every character escaped, fits."""
DEEPEST = 24
"""Three times what is needed. Deep nesting ends the process where a library (py_ecc) has raised the recursion limit."""
_STRING = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)', re.DOTALL)
"""Possessive, and closed by the end of the text at the latest: a string is read once, whatever it holds."""


def parse(what: str, text: str) -> Any:
    """The value, its numbers integers. Raises `Malformed`."""
    if len(text) > LONGEST:
        raise Malformed(what, f"it is longer than {LONGEST} characters")
    if _depth(text) > DEEPEST:
        raise Malformed(what, f"it is nested deeper than {DEEPEST} levels")
    try:
        return json.loads(text, object_pairs_hook=_once, parse_float=_refuse, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise Malformed(what, f"it is no JSON of ours: {error}") from None


def canonical(data: Any) -> str:
    """Sorted names, no spaces, ASCII: the same value has the same text everywhere."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), allow_nan=False)


def members(what: str, data: object, *names: str) -> Mapping[str, Any]:
    """`data`, if it is an object with exactly these names. Raises `Malformed`."""
    if not isinstance(data, Mapping) or set(data) != set(names):
        raise Malformed(what, f"its members are not {', '.join(names)}")
    return data


def _depth(text: str) -> int:
    """Of the brackets outside strings, as far as a parser would read."""
    depth = deepest = 0
    for character in _STRING.sub("", text):
        depth += (character in "[{") - (character in "]}")
        deepest = max(deepest, depth)
    return deepest


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return found


def _refuse(number: str) -> Any:
    raise ValueError(f"{number} is no integer")
