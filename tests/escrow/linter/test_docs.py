import os
import re
from pathlib import Path

import pytest

from escrow import Gains, Terms
from escrow.linter import CANNOT_BE_FUNDED, RISKS, RULES, amendments, bonds
from escrow.linter.amendments import CONDITION_KEPT
from escrow.linter.bonds import BOND_DOES_NOT_COVER
from escrow.linter.rule import Rule

PAGE = Path(__file__).parents[3] / "docs" / "terms.md"
_BEGIN, _END = "<!-- findings -->\n", "<!-- end of findings -->"


def _row(rule: Rule) -> str:
    gains = rule.gains if isinstance(rule.gains, Gains) else "as the terms are"
    return f"| `{rule.name}` | {rule.severity} | {gains} | {rule.about} |"


def _table() -> str:
    rows = [
        f"| `{CANNOT_BE_FUNDED}` | refuse | nobody | The contract would refuse them; nothing else is judged. |",
        *map(_row, sorted(RULES, key=lambda rule: ["refuse", "risk", "note"].index(rule.severity))),
        f"| `{BOND_DOES_NOT_COVER}` | risk | payee | {bonds.ABOUT} |",
        f"| `{CONDITION_KEPT}` | risk | payee | {amendments.ABOUT} |",
    ]
    return "\n".join(["| name | severity | gains | means |", "|---|---|---|---|", *rows]) + "\n"


def test_the_page_lists_every_finding_with_its_meaning() -> None:
    before, rest = PAGE.read_text("utf-8").split(_BEGIN)
    page = before + _BEGIN + _table() + _END + rest.split(_END)[1]
    if os.environ.get("EARNEST_SNAPSHOTS") == "write":
        PAGE.write_text(page, "utf-8")

    assert page == PAGE.read_text("utf-8")


def test_the_page_names_every_risk_that_can_be_accepted() -> None:
    text = PAGE.read_text("utf-8")

    assert {name for name in RISKS if f"| `{name}` | risk |" not in text} == set()


def test_the_page_explains_every_field() -> None:
    fields = PAGE.read_text("utf-8").split("## Fields")[1].split("## Presets")[0]

    assert {member.camel for member in Terms.members} <= set(re.findall(r"`(\w+)`", fields))


def test_the_example_runs(capsys: pytest.CaptureFixture[str]) -> None:
    (source,) = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)

    exec(compile(source, str(PAGE), "exec"), {})  # noqa: S102

    printed = capsys.readouterr().out
    assert "120 USDC from the payer" in printed
    assert "note ends-by" in printed
    assert printed.endswith("True True\n")
