import re
from pathlib import Path

import pytest

from escrow.journal import Flaw

TEXT = (Path(__file__).parents[3] / "docs" / "evidence.md").read_text("utf-8")


def test_the_example_runs(capsys: pytest.CaptureFixture[str]) -> None:
    (source,) = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)

    exec(compile(source, "docs/evidence.md", "exec"), {})  # noqa: S102

    assert "sound" in capsys.readouterr().out


def test_every_finding_is_explained_on_its_side() -> None:
    table = TEXT[TEXT.index("| broken | open |") : TEXT.index("`report.anchored`")]
    rows = [line.split("|") for line in table.splitlines()[2:] if line.startswith("|")]
    broken, left_open = ("".join(row[side] for row in rows) for side in (1, 2))

    for flaw in Flaw:
        assert f"`{flaw}`" in (broken if flaw.breaks else left_open)
