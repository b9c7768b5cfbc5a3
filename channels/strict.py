"""JSON from outside, before anything in it is believed: short, shallow, and no name twice."""

import json
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from chain.errors import Malformed

LONGEST_JSON = 16_384
"""Characters: twice what sixteen promises need."""
MOST_BRACKETS = 64
"""Three times what is needed. Deep nesting ends the process where a library (py_ecc) has raised the recursion limit."""


def members(
    what: str, data: object, needed: AbstractSet[str], allowed: AbstractSet[str] = frozenset()
) -> Mapping[str, Any]:
    """Of an object, or of its text: all that are `needed`, and of others only `allowed` ones. Raises `Malformed`."""
    found = _parsed(what, data) if isinstance(data, str | bytes) else data
    if not isinstance(found, Mapping):
        raise Malformed(what, "it is no JSON object")
    if not needed <= set(found) <= needed | allowed:
        raise Malformed(what, f"its members are not {', '.join(sorted(needed))}")
    return found


def _parsed(what: str, data: str | bytes) -> object:
    if len(data) > LONGEST_JSON:
        raise Malformed(what, f"it is longer than {LONGEST_JSON} characters")
    try:
        text = data if isinstance(data, str) else data.decode()
        if text.count("[") + text.count("{") > MOST_BRACKETS:
            raise Malformed(what, f"it has more than {MOST_BRACKETS} brackets")
        return json.loads(text, object_pairs_hook=_once)
    except ValueError as error:
        raise Malformed(what, f"it is no JSON: {error}") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return found
