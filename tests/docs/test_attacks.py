import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAMED = re.findall(r"`([\w/.]+\.sol)(?:::(\w+))?`", (ROOT / "docs" / "attacks.md").read_text())


@pytest.mark.parametrize(("file", "test"), sorted(set(NAMED)))
def test_each_test_that_the_attacks_name_is_there(file: str, test: str) -> None:
    source = (ROOT / "tests" / "contracts" / file).read_text()
    assert not test or f"function {test}(" in source


def test_the_attacks_name_tests() -> None:
    assert len(NAMED) > 50
