from collections.abc import AsyncIterator, Callable
from itertools import count

import asyncpg
import pytest

from chain.typed_data import Domain
from channels import Channel
from channels.stores.aio.till import AsyncTill
from channels.stores.opening import MemoryStore, SqliteStore, Store
from channels.stores.postgres import PostgresStore
from tests.channels.stores.postgres.making import OpenTill

_NUMBERS = count()


@pytest.fixture
async def opened(domain: Domain) -> AsyncIterator[OpenTill]:
    """Tills that are closed with the test."""
    tills: list[AsyncTill] = []

    def new(store: Store) -> AsyncTill:
        tills.append(store.async_till(domain))
        return tills[-1]

    yield new
    for till in tills:
        await till.close()


@pytest.fixture(params=["sqlite", "postgres", "by channel"])
async def store(request: pytest.FixtureRequest) -> Store:
    """Every kind keeps the same law. A schema is made sooner than a database."""
    if request.param == "memory":
        return MemoryStore()
    if request.param == "sqlite":
        return SqliteStore(request.getfixturevalue("tmp_path") / "till.db")
    name, dsn = f"law_{next(_NUMBERS)}", request.getfixturevalue("postgres").dsn()
    connection = await asyncpg.connect(dsn)
    await connection.execute(f"CREATE SCHEMA {name}")
    await connection.close()
    return PostgresStore(f"{dsn}&search_path={name}", by_channel=request.param == "by channel")


@pytest.fixture
def till(store: Store, opened: OpenTill) -> AsyncTill:
    return opened(store)


@pytest.fixture
async def admin(dsn: str) -> AsyncIterator[asyncpg.Connection]:
    """Somebody else in the same database."""
    connection = await asyncpg.connect(dsn)
    yield connection
    await connection.close()


@pytest.fixture(scope="session")
def crowd(describe: Callable[..., Channel]) -> list[Channel]:
    return [describe(salt=number) for number in range(40)]
