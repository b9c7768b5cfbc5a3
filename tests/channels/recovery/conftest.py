from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from chain import Chain
from tests.channels.recovery.shop import Shop


@pytest.fixture(scope="session")
def first_shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Made once: a test has its own copy of the stores, and what it does to the chain is undone."""
    with Chain.local() as chain, ExitStack() as ends:
        shop = Shop(chain, tmp_path_factory.mktemp("shop"), ends)
        shop.in_every_state()
        yield shop


@pytest.fixture
def shop(first_shop: Shop, tmp_path: Path) -> Iterator[Shop]:
    moment = first_shop.chain.snapshot()
    with ExitStack() as ends:
        yield first_shop.again(tmp_path, ends)
    first_shop.chain.restore(moment)
