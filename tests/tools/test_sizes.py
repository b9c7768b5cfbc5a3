from pathlib import Path

import pytest

from tools import sizes


@pytest.mark.parametrize(("lines", "code"), [(sizes.LIMIT, 0), (sizes.LIMIT + 1, 1)])
@pytest.mark.parametrize("name", ["chain/deep/er/long.py", "contracts/Long.sol"])
def test_a_file_may_have_as_many_lines_as_the_limit_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, lines: int, code: int
) -> None:
    (tmp_path / name).parent.mkdir(parents=True)
    (tmp_path / name).write_text("x\n" * lines)
    monkeypatch.chdir(tmp_path)

    assert sizes.main() == code
