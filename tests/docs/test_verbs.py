import inspect
import json
import re
from typing import Any

import pytest
import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup

from chain import artifact
from chain.typed_data import TypedData
from earnest import errors
from earnest.cli.app import app
from escrow import messages
from tests.docs.pages import DOCS, ROOT, run, section, text
from tests.docs.solidity import raises

PAGES = sorted(path.name for path in (DOCS / "verbs").glob("*.md") if path.name != "README.md")
HEADINGS = [
    "Who and when",
    "What moves",
    "What it refuses",
    "By signature",
    "Python",
    "Command line",
    "Gas",
    "Who gains",
]
EVERYWHERE = {"NotEnoughGas"}
"""Of every verb that pays: the page about credits explains it."""
FROM_LIBRARIES = {"Reentrancy", "SafeERC20FailedOperation"}
WHERE = {"network", "rpc"}
"""The chain, which every command takes and the index explains."""
ABI = artifact.load("Escrow").abi


def _ticked(cell: str, pattern: str = r"\w+") -> list[str]:
    return re.findall(f"`({pattern})`", cell)


def _functions(name: str) -> list[str]:
    (line,) = re.findall(r"^Contract: (.*)$", text(f"verbs/{name}"), re.MULTILINE)
    return _ticked(line)


def _refused(name: str) -> set[str]:
    """The errors that a page's table gives a reason for."""
    rows = section(text(f"verbs/{name}"), "What it refuses").splitlines()
    return {error for row in rows if row.startswith("| `") for error in _ticked(row.split("|")[1])}


@pytest.mark.parametrize("name", PAGES)
def test_every_page_has_the_same_headings_in_the_same_order(name: str) -> None:
    assert re.findall(r"^## (.+)$", text(f"verbs/{name}"), re.MULTILINE) == HEADINGS


@pytest.mark.parametrize("name", PAGES)
def test_the_snippets_of_a_page_do_what_they_say(name: str, names: dict[str, Any]) -> None:
    assert run(f"verbs/{name}", names) >= 1


def test_every_verb_of_the_contract_has_exactly_one_page() -> None:
    verbs = [entry["name"] for entry in ABI if entry["type"] == "function" and entry["stateMutability"] != "view"]

    assert sorted(function for name in PAGES for function in _functions(name)) == sorted(verbs)


def test_every_error_of_the_contract_is_explained_on_some_page() -> None:
    declared = {entry["name"] for entry in ABI if entry["type"] == "error"}

    assert declared - {error for name in PAGES for error in _refused(name)} == set()


@pytest.mark.parametrize("name", PAGES)
def test_every_error_that_a_page_names_exists(name: str) -> None:
    known = {entry["name"] for entry in ABI if entry["type"] == "error"}

    assert _refused(name) <= known
    also = section(text(f"verbs/{name}"), "What it refuses").split("\n\n")[1:]
    assert set(_ticked(" ".join(also), "[A-Z][a-z]+[A-Z][A-Za-z]+")) <= set(errors.__all__)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_names_the_errors_that_its_verbs_can_raise_and_no_others(name: str) -> None:
    raised = set().union(*map(raises, _functions(name)))
    referred = _refused("authorize.md") if "(authorize.md) refuses about" in text(f"verbs/{name}") else set()

    assert raised - EVERYWHERE - referred <= _refused(name)
    assert _refused(name) <= raised | EVERYWHERE | FROM_LIBRARIES


@pytest.mark.parametrize(
    "message",
    [found for _, found in inspect.getmembers(messages, inspect.isclass) if found.__module__ == messages.__name__],
)
def test_what_a_party_signs_stands_on_a_page_as_it_is_hashed(message: type[TypedData]) -> None:
    own = message.type_string.split(")")[0] + ")"

    assert any(own in section(text(f"verbs/{name}"), "By signature") for name in PAGES)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_names_rows_of_the_gas_table(name: str) -> None:
    named = set(_ticked(section(text(f"verbs/{name}"), "Gas"), r"escrow\.[\w.]+"))

    assert named <= json.loads((ROOT / "tests" / "snapshots" / "gas.json").read_text("utf-8")).keys()


def _command(words: list[str]) -> tuple[TyperCommand, list[str]]:
    """The command that a line begins with, and what is left of the line."""
    found = typer.main.get_command(app)
    while isinstance(found, TyperGroup):
        found, words = found.commands[words[0]], words[1:]
    assert isinstance(found, TyperCommand)
    return found, words


@pytest.mark.parametrize("name", PAGES)
def test_a_command_line_is_one_that_exists_with_all_that_it_needs(name: str) -> None:
    for line in re.findall(r"^    earnest (.*)$", section(text(f"verbs/{name}"), "Command line"), re.MULTILINE):
        command, rest = _command(line.split())
        options = {option: parameter for parameter in command.params for option in parameter.opts}
        given = {options[word] for word in rest if word.startswith("--")}
        needed = {found for found in command.params if found.required and found.name not in WHERE}
        positional = [found for found in needed if isinstance(found, TyperArgument)]
        assert needed - set(positional) <= given, line
        assert len([word for word in rest if not word.startswith("--")]) == len(positional) + len(given), line


def test_the_index_lists_every_page() -> None:
    assert sorted(re.findall(r"^\| \[\w+\]\((\w+\.md)\)", text("verbs/README.md"), re.MULTILINE)) == PAGES
