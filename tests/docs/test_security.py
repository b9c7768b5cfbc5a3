import re
from functools import cache

import pytest

from tests.docs.pages import ROOT, section, text

_PROVEN = [section(text("security.md"), title).split("\n### ")[0] for title in ("Escrow", "Channels")]
PROPERTIES = [
    told for part in _PROVEN for told in re.findall(r"^\d+\. (.*?)(?=^\d+\. |\Z)", part, re.DOTALL | re.MULTILINE)
]
_TEST = re.compile(r"`((?:test|invariant|check)_\w+)`")


@cache
def _proofs() -> dict[str, str]:
    """Every test's name, and the ending of the file that has it."""
    found: dict[str, str] = {}
    for path in (ROOT / "tests").rglob("*.*"):
        if path.suffix == ".py":
            names = re.findall(r"^\s*(?:async )?def (test_\w+)\(", path.read_text("utf-8"), re.MULTILINE)
            found |= dict.fromkeys(names, ".py")
        elif path.suffix == ".sol":
            names = re.findall(r"function ((?:test|invariant|check)_\w+)\(", path.read_text("utf-8"))
            found |= dict.fromkeys(names, ".sol")
    return found


def test_the_properties_are_found() -> None:
    assert len(PROPERTIES) == 25 + 15


@pytest.mark.parametrize("told", PROPERTIES, ids=range(1, len(PROPERTIES) + 1))
def test_a_property_is_a_sentence_and_names_tests_that_exist(told: str) -> None:
    names = _TEST.findall(told)

    assert _TEST.split(told)[0].strip().endswith(".")
    assert names
    assert set(names) <= _proofs().keys()


def test_no_test_is_named_on_the_page_outside_the_properties() -> None:
    assert set(_TEST.findall("".join(_PROVEN))) == {name for told in PROPERTIES for name in _TEST.findall(told)}


def test_both_languages_prove_something() -> None:
    endings = {_proofs()[name] for told in PROPERTIES for name in _TEST.findall(told)}

    assert endings == {".py", ".sol"}
