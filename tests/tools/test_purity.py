from pathlib import Path

import pytest

from tools.purity import ROOT, breaches


def root_with(folder: Path, source: str) -> Path:
    (folder / "escrow").mkdir()
    (folder / "escrow" / "machine.py").write_text(source)
    return folder


@pytest.mark.parametrize(
    "source", ["import time", "from time import time", "import os.path", "def f():\n    import random"]
)
def test_a_root_module_that_imports_the_world_is_named(tmp_path: Path, source: str) -> None:
    [breach] = breaches(root_with(tmp_path, source))

    assert breach.startswith("escrow/machine.py imports")


def test_a_sub_folder_may_import_the_world(tmp_path: Path) -> None:
    root = root_with(tmp_path, "import math")
    (root / "escrow" / "disk").mkdir()
    (root / "escrow" / "disk" / "file.py").write_text("import os")

    assert list(breaches(root)) == []


def test_the_roots_are_pure() -> None:
    assert list(breaches(ROOT)) == []
