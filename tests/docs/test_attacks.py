import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "attacks.md").read_text()
NAMED = re.findall(r"`([\w/.]+\.sol)(?:::(\w+))?`", TEXT)
IN_PYTHON = re.findall(r"`([\w/.]+\.py)(?:::(\w+))?`", TEXT)
NAMES_TEST = re.compile(r"`[\w/.]+\.(?:sol|py)(?:::\w+)?`")
ROWS = dict(re.findall(r"^\| (.+?) \| (.+) \|$", TEXT, re.MULTILINE))
LISTS = TEXT.split("## By number")[1]


def numbered(name: str) -> list[tuple[list[int], str]]:
    """The numbers and the words of each line of a list."""
    table = re.search(rf"\| {name} \| \|\n\|---\|---\|\n((?:\|.*\n)+)", LISTS)
    assert table
    lines = re.findall(r"^\| (\d+)(?: to (\d+))? \| (.+) \|$", table[1], re.MULTILINE)
    return [(list(range(int(first), int(last or first) + 1)), words) for first, last, words in lines]


@pytest.mark.parametrize(("name", "last"), [("the base chain", 8), ("channels", 30)])
def test_every_attack_of_the_lists_is_a_row_with_a_test_or_a_reason(name: str, last: int) -> None:
    lines = numbered(name)
    numbers = [number for some, _ in lines for number in some]

    assert numbers == sorted(numbers)
    assert sorted(set(numbers)) == list(range(1, last + 1))
    for _, words in lines:
        answer = ROWS[words]
        assert NAMES_TEST.search(answer) or answer.startswith("not here, because ")


@pytest.mark.parametrize(("file", "test"), sorted(set(NAMED)))
def test_each_test_that_the_attacks_name_is_there(file: str, test: str) -> None:
    source = (ROOT / "tests" / "contracts" / file).read_text()
    assert not test or f"function {test}(" in source


@pytest.mark.parametrize(("file", "test"), sorted(set(IN_PYTHON)))
def test_each_test_of_the_library_that_the_attacks_name_is_there(file: str, test: str) -> None:
    source = (ROOT / "tests" / file).read_text()
    assert not test or f"def {test}(" in source


def test_the_attacks_name_tests() -> None:
    assert len(NAMED) > 50
    assert len(IN_PYTHON) > 10
