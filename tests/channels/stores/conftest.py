import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from chain.typed_data import Domain
from channels import Channel
from channels.stores.book import Book
from channels.stores.opening import SqliteStore
from tests.channels.aio.blocking import Blocking
from tests.channels.stores.steps import look

Open = Callable[..., Any]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


@pytest.fixture(params=["sync", "async"])
def opened(request: pytest.FixtureRequest, domain: Domain) -> Iterator[Open]:
    """Tills and wallets of either form, closed with the test."""
    loop, stores = asyncio.new_event_loop(), list[Any]()

    def new(kind: str, path: Path | str = ":memory:", *, restored: bool = False) -> Any:
        store = SqliteStore(path, restored=restored)
        if request.param == "sync":
            stores.append(getattr(store, kind)(domain))
        else:
            stores.append(Blocking(getattr(store, f"async_{kind}")(domain), loop))
        return stores[-1]

    yield new
    for store in stores:
        store.close()
    loop.close()


@pytest.fixture
def till(opened: Open) -> Any:
    return opened("till")


@pytest.fixture
def wallet(opened: Open) -> Any:
    return opened("wallet")


@pytest.fixture
def book(till: Any, channel: Channel) -> Book:
    """Epoch 0, nothing accepted."""
    found = till.see(channel, look(), None)
    assert isinstance(found, Book)
    return found
