import json
from typing import Any

import pytest

from chain.copies import Copy, Ignored, read_file
from chain.errors import Malformed


def number(text: str) -> Any:
    """What counts here: an object with a number."""
    try:
        return json.loads(text)["n"]
    except (ValueError, TypeError, KeyError):
        raise Malformed("number", "it has none") from None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"n": 1}', [(1, 1)]),
        ('{\n  "n": 1\n}\n', [(1, 1)]),
        ('{"n": 1}\n{"n": 2}\n', [(1, 1), (2, 2)]),
        ('\n\n{"n": 1}\n', [(3, 1)]),
        ('{"n": 1}\nrubbish\n{"n": 2}', [(1, 1), (2, "number: it has none"), (3, 2)]),
        ("", []),
        (" \n\n", []),
        ("rubbish\nrubbish", [(1, "number: it has none"), (2, "number: it has none")]),
        ("{\n" + " " * 65_536 + '"n": 1}', [(1, "number: it has none"), (2, "number: it has none")]),
    ],
)
def test_a_file_is_one_object_or_one_a_line_and_a_bad_one_hides_no_other(text: str, found: list[Any]) -> None:
    read = read_file("file", text, number)
    said = [one.what if isinstance(one, Copy) else one.why.removeprefix("Malformed: ") for one in read]
    assert list(zip([one.line for one in read], said, strict=True)) == found
    assert {one.source for one in read} <= {"file"}


def test_an_ignored_copy_is_json() -> None:
    ignored = Ignored.of(Copy(what=1, source="file", line=3), Malformed("it", "is bad"))
    assert ignored.to_json() == {"source": "file", "line": 3, "why": "Malformed: it: is bad"}
