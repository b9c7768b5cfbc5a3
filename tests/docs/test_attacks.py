import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "attacks.md").read_text()
NAMED = re.findall(r"`([\w/.]+\.sol)(?:::(\w+))?`", TEXT)
IN_PYTHON = re.findall(r"`([\w/.]+\.py)(?:::(\w+))?`", TEXT)


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
