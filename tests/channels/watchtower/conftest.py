from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from chain import Chain, LocalChain
from tests.channels.shells.conftest import ann, clock, ends, funded, lane, new_till, shop, till, usdc, wallet
from tests.channels.shells.duplex_pair import duplex, keys, new_party, pair, promised
from tests.channels.watchtower.towers import Host

__all__ = [
    "ann",
    "clock",
    "duplex",
    "ends",
    "funded",
    "keys",
    "lane",
    "new_party",
    "new_till",
    "pair",
    "promised",
    "shop",
    "till",
    "usdc",
    "wallet",
]


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[LocalChain, str]]:
    with Chain.local() as chain:
        yield chain, chain.serve()


@pytest.fixture
def chain(served: tuple[LocalChain, str]) -> Iterator[LocalChain]:
    """Takes back what a test did."""
    before = served[0].snapshot()
    yield served[0]
    served[0].restore(before)


@pytest.fixture
def new_host(chain: LocalChain, served: tuple[LocalChain, str], tmp_path: Path, ends: ExitStack) -> Callable[..., Host]:
    """A tower over the file of that name; what it is made of can be another."""

    def new(name: str = "tower", **changes: Any) -> Host:
        host = Host(chain, served[1], tmp_path / f"{name}.db", **changes)
        ends.callback(host.end)
        return host

    return new


@pytest.fixture
def host(new_host: Callable[..., Host]) -> Host:
    return new_host()
