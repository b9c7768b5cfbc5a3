"""The pages under docs/, and the code in them."""

import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


def text(name: str) -> str:
    """Of one page, by its path below docs/."""
    return (DOCS / name).read_text("utf-8")


def section(page: str, heading: str) -> str:
    """What stands below a heading of the second level."""
    parts = re.split(r"^## (.+)\n", page, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))[heading]


def run(name: str, names: dict[str, Any]) -> int:
    """Executes a page's snippets in their order, each at its own lines; how many there are."""
    page = text(name)
    blocks = list(re.finditer(r"^```python\n(.*?)^```", page, re.DOTALL | re.MULTILINE))
    for block in blocks:
        above = "\n" * page[: block.start(1)].count("\n")
        exec(compile(above + block[1], DOCS / name, "exec"), names)  # noqa: S102 -- our own page
    return len(blocks)
