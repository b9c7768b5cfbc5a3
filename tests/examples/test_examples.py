import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ENDS = {
    "arbiter_panel.py": "Ann has 410 USDC, the shop 90 USDC",
    "conditional_release.py": "Ann has 380 USDC, the shop 120 USDC",
    "dispute.py": "Ann has 470 USDC, the shop 30 USDC",
    "escrow_purchase.py": "Ann has 470 USDC, the shop 30 USDC",
    "milestones.py": "Ann has 2100 USDC, the shop 2900 USDC",
    "paid_channel.py": "Ann has 9 USDC, the shop 1 USDC",
    "ticks.py": "Ann has 9 USDC, the shop 1 USDC",
    "two_way_channel.py": "Ann has 70 USDC, Ben 130 USDC",
    "two_way_session.py": "Ann has 70 USDC, Ben 130 USDC",
}
README = (ROOT / "README.md").read_text("utf-8")


def test_every_example_is_tried() -> None:
    assert {path.name for path in (ROOT / "examples").glob("*.py")} == ENDS.keys()


@pytest.mark.parametrize("name", ENDS)
def test_an_example_runs_as_it_is(name: str, tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "examples" / name)]

    ended = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path)

    assert ended.stdout.splitlines()[-1] == ENDS[name]
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["escrow_purchase.py", "paid_channel.py"])
def test_the_readme_shows_the_example_as_it_is(name: str) -> None:
    example = (ROOT / "examples" / name).read_text("utf-8")

    assert f"```python\n{example}```\n" in README


@pytest.mark.parametrize("name", ENDS)
def test_the_readme_shows_or_links_every_example(name: str) -> None:
    assert f"(examples/{name})" in README or (ROOT / "examples" / name).read_text("utf-8") in README
