import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ENDS = {
    "escrow_purchase.py": "Ann has 470 USDC, the shop 30 USDC",
    "paid_channel.py": "Ann has 9 USDC, the shop 1 USDC",
}


def test_every_example_is_tried() -> None:
    assert {path.name for path in (ROOT / "examples").glob("*.py")} == ENDS.keys()


@pytest.mark.parametrize("name", ENDS)
def test_an_example_runs_as_it_is(name: str, tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "examples" / name)]

    ended = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path)

    assert ended.stdout.splitlines()[-1] == ENDS[name]
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ENDS)
def test_the_readme_shows_the_example_as_it_is(name: str) -> None:
    example = (ROOT / "examples" / name).read_text("utf-8")

    assert f"```python\n{example}```\n" in (ROOT / "README.md").read_text("utf-8")
