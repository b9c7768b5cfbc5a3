import os
from pathlib import Path

from chain.preflight import NAMES, RULES, Weight
from chain.preflight.rule import Rule
from chain.preflight.silence import SOURCE_SILENT

PAGE = Path(__file__).parents[3] / "docs" / "preflight.md"
_BEGIN, _END = "<!-- findings -->\n", "<!-- end of findings -->"


def _row(rule: Rule[object]) -> str:
    return f"| `{rule.name}` | {rule.weight} | {rule.about} |"


def _table() -> str:
    heaviest = sorted(RULES, key=lambda rule: ["block", "warn", "note"].index(rule.weight))
    silent = f"| `{SOURCE_SILENT}` | {Weight.WARN}, {Weight.BLOCK} if required | An outside source did not answer. |"
    return "\n".join(["| name | weight | means |", "|---|---|---|", *map(_row, heaviest), silent]) + "\n"


def test_the_page_lists_every_finding_with_its_meaning() -> None:
    before, rest = PAGE.read_text("utf-8").split(_BEGIN)
    page = before + _BEGIN + _table() + _END + rest.split(_END)[1]
    if os.environ.get("EARNEST_SNAPSHOTS") == "write":
        PAGE.write_text(page, "utf-8")

    assert page == PAGE.read_text("utf-8")
    assert all(f"| `{name}` |" in page for name in NAMES)
