import os
from collections.abc import Callable
from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.fixture
def snapshot() -> Callable[[str, str], None]:
    """Compares text with a committed file of this folder; `make snapshots` writes it anew."""

    def compare(name: str, text: str) -> None:
        path = HERE / name
        if os.environ.get("EARNEST_SNAPSHOTS") == "write":
            path.write_text(text, "utf-8")
        assert text == path.read_text("utf-8"), f"{name} has changed; if that is meant: make snapshots"

    return compare
