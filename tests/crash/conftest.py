import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.market import Market, opened
from tests.crash.seccomp import unavailable


@pytest.fixture(scope="session")
def market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Market]:
    """One for the run; its lanes grow with every test."""
    if why := unavailable():
        pytest.skip(why)
    with opened(tmp_path_factory.mktemp("market")) as market:
        yield market


@pytest.fixture
def chance() -> random.Random:
    return random.Random(5)


@pytest.fixture
def till_path(tmp_path: Path) -> Path:
    return tmp_path / "till.db"
