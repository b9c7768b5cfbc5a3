import json
import subprocess
import sys
from typing import Any

import pytest

from chain.errors import Malformed
from channels.strict import LONGEST_JSON, MOST_BRACKETS, members


@pytest.mark.parametrize(
    "data",
    [
        {"a": 1},
        {"a": 1, "b": 2},
        '{"a": 1}',
        b'{"a": 1, "b": 2}',
        '{"a": 1}' + " " * (LONGEST_JSON - 8),
        '{"a": ' + "[" * (MOST_BRACKETS - 1) + "]" * (MOST_BRACKETS - 1) + "}",
    ],
)
def test_an_object_with_what_is_needed_and_what_is_allowed(data: Any) -> None:
    found = members("thing", data, {"a"}, {"b"})
    assert found == (data if isinstance(data, dict) else json.loads(data))


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"b": 2},
        {"a": 1, "c": 3},
        [],
        None,
        7,
        "",
        "{",
        "7",
        b"\xff",
        '{"a": 1, "a": 1}',
        '{"a": {"x": 1, "x": 2}}',
        '{"a": 1}' + " " * (LONGEST_JSON - 7),
        '{"a": ' + "[" * MOST_BRACKETS + "]" * MOST_BRACKETS + "}",
    ],
)
def test_whatever_else_is_malformed(data: Any) -> None:
    with pytest.raises(Malformed) as caught:
        members("thing", data, {"a"}, {"b"})
    assert caught.value.facts["what"] == "thing"


def test_deep_nesting_is_refused_where_a_library_has_raised_the_recursion_limit() -> None:
    """In a process of its own, which a parser without a limit would end."""
    code = (
        "import sys; from channels.strict import members; from chain.errors import Malformed\n"
        "sys.setrecursionlimit(10**6)\n"
        "try: members('thing', '[' * 16_000, set())\n"
        "except Malformed: print('refused')"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.split() == ["refused"]
