import pytest

from chain.errors import Malformed
from escrow.journal.strict_json import DEEPEST, LONGEST, canonical, members, parse


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        '{"a":1,"a":1}',
        '[{"b":{"a":1,"a":2}}]',
        "1.0",
        "1e3",
        "NaN",
        "-Infinity",
        "[1] [2]",
        '"\n"',
        "[" * 200_000,
        '"' + "[" * 100,
        "9" * 5_000,
    ],
)
def test_what_two_readers_could_read_differently_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        parse("text", text)


@pytest.mark.parametrize(("depth", "allowed"), [(DEEPEST, True), (DEEPEST + 1, False)])
@pytest.mark.parametrize("brackets", ["[]", "{}"])
def test_nesting_has_an_end(brackets: str, depth: int, allowed: bool) -> None:
    opened = "[" if brackets == "[]" else '{"a":'
    text = opened * (depth - 1) + brackets + brackets[1] * (depth - 1)
    if allowed:
        assert canonical(parse("text", text)) == text
    else:
        with pytest.raises(Malformed):
            parse("text", text)


def test_brackets_inside_strings_are_no_nesting() -> None:
    text = canonical(["[" * 100, '\\"[' * 100, {"{{": '"'}])
    assert canonical(parse("text", text)) == text


@pytest.mark.parametrize(("length", "allowed"), [(LONGEST, True), (LONGEST + 1, False)])
def test_length_has_an_end(length: int, allowed: bool) -> None:
    text = '"' + "a" * (length - 2) + '"'
    if allowed:
        assert parse("text", text) == "a" * (length - 2)
    else:
        with pytest.raises(Malformed):
            parse("text", text)


def test_one_value_has_one_form() -> None:
    assert canonical({"b": 1, "a": "ä\U0001f600"}) == '{"a":"\\u00e4\\ud83d\\ude00","b":1}'
    assert parse("text", '{ "b": 1, "a": "x" }') == {"a": "x", "b": 1}


@pytest.mark.parametrize("data", [None, [], "ab", {"a": 1}, {"a": 1, "b": 2, "c": 3}])
def test_members_are_exactly_those_that_belong(data: object) -> None:
    with pytest.raises(Malformed):
        members("data", data, "a", "b")


@pytest.mark.parametrize("text", ['"' + '\\"' * 60_000, '"' + '\\"' * 60_000 + "\\", '{"' + "[" * 100, '"' * 100_001])
def test_a_string_that_never_ends_is_read_once(text: str) -> None:
    """With a scan for each quote this would take minutes."""
    with pytest.raises(Malformed):
        parse("journal", text)
