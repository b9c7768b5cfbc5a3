import asyncio
import os
from collections.abc import AsyncIterator, Iterator

import asyncpg
import pytest

from chain.typed_data import Domain
from chain.units import Amount
from channels import Channel
from channels.stores.database import AsyncTransaction
from channels.stores.errors import (
    StoreBusy,
    StoreFailed,
    StoreOfAnotherChain,
    StoreOfAnotherProcess,
    StoreUnreadable,
    StoreVersion,
)
from channels.stores.postgres import PostgresStore
from channels.stores.postgres.database import AsyncPostgresDatabase
from channels.stores.postgres.dsn import shown
from tests.channels.stores.postgres.making import OpenTill, accept, known, newer
from tests.postgres_server import PostgresServer

_ADD = "INSERT INTO fees VALUES ('a', 'b', 1)"
_TERMINATE = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = $1"
_AT_COMMIT = """
    CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {what}; RETURN NULL; END $$;
    CREATE CONSTRAINT TRIGGER dying AFTER INSERT ON fees DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION die()
"""
_DIE = "PERFORM pg_terminate_backend(pg_backend_pid())"
_CONFLICT = "RAISE EXCEPTION USING ERRCODE = '{state}'"


@pytest.fixture
async def database(dsn: str, domain: Domain) -> AsyncIterator[AsyncPostgresDatabase]:
    made = AsyncPostgresDatabase(dsn, "till", domain, connections=2)
    yield made
    await made.close()


@pytest.fixture
def servers_settings(postgres: PostgresServer) -> Iterator[None]:
    yield
    asyncio.run(_set(postgres, "ALTER SYSTEM RESET ALL"))


async def _set(postgres: PostgresServer, statement: str) -> None:
    connection = await asyncpg.connect(postgres.dsn())
    await connection.execute(statement)
    await connection.execute("SELECT pg_reload_conf()")
    await connection.close()


async def _shows_off(dsn: str) -> None:
    """The server takes a new setting a little later."""
    for _ in range(1_000):
        connection = await asyncpg.connect(dsn)
        found = await connection.fetchval("SHOW fsync")
        await connection.close()
        if found == "off":
            return
        await asyncio.sleep(0.01)


async def fees(database: AsyncPostgresDatabase) -> int:
    return len(await database.rows("SELECT 1 FROM fees"))


async def add(transaction: AsyncTransaction) -> int:
    return await transaction.change(_ADD)


async def test_a_transaction_that_raises_leaves_nothing(database: AsyncPostgresDatabase) -> None:
    async def step(transaction: AsyncTransaction) -> None:
        assert await add(transaction) == 1
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await database.run(step)
    assert await fees(database) == 0
    assert await database.run(add) == 1
    assert await database.change(_ADD + " ON CONFLICT DO NOTHING") == 0
    assert await fees(database) == 1


async def test_a_connection_that_is_lost_in_a_transaction_leaves_nothing_and_the_next_call_connects(
    database: AsyncPostgresDatabase, admin: asyncpg.Connection
) -> None:
    async def step(transaction: AsyncTransaction) -> None:
        await add(transaction)
        await admin.execute(_TERMINATE, await admin.fetchval("SELECT current_database()"))
        await transaction.rows("SELECT 1")

    with pytest.raises(StoreFailed):
        await database.run(step)
    assert await fees(database) == 0


async def test_a_connection_that_is_lost_at_the_commit_is_no_answer(
    database: AsyncPostgresDatabase, admin: asyncpg.Connection
) -> None:
    await database.open()
    await admin.execute(_AT_COMMIT.format(what=_DIE))
    for call in (database.run(add), database.change(_ADD)):
        with pytest.raises(StoreFailed, match="may have been written, or not"):
            await call
    assert await fees(database) == 0


@pytest.mark.parametrize("state", ["40001", "40P01"])
async def test_what_others_were_in_the_way_of_is_tried_again_and_not_for_ever(
    database: AsyncPostgresDatabase, admin: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    monkeypatch.setattr("channels.stores.postgres.database._LONGEST", 0.01)
    await database.open()
    await admin.execute("CREATE SEQUENCE tries")
    twice = f"IF nextval('tries') <= 2 THEN {_CONFLICT.format(state=state)}; END IF"
    await admin.execute(_AT_COMMIT.format(what=twice))
    assert await database.run(add) == 1
    assert await admin.fetchval("SELECT nextval('tries')") == 4
    await admin.execute("SELECT setval('tries', 1, false); DELETE FROM fees")
    assert await database.change(_ADD) == 1

    await admin.execute("ALTER SEQUENCE tries MINVALUE -1000000; SELECT setval('tries', -1000000); DELETE FROM fees")
    with pytest.raises(StoreBusy):
        await database.run(add)
    assert await fees(database) == 0


async def test_a_lock_that_is_held_too_long_is_busy(database: AsyncPostgresDatabase, admin: asyncpg.Connection) -> None:
    async def step(transaction: AsyncTransaction) -> None:
        assert await transaction.rows("SHOW lock_timeout") == [("30s",)]
        assert await transaction.rows("SHOW idle_in_transaction_session_timeout") == [("30s",)]
        await transaction.rows("SET LOCAL lock_timeout = '20ms'")
        await transaction.rows("SELECT 1 FROM belongs_to FOR UPDATE")

    await database.open()
    async with admin.transaction():
        await admin.execute("SELECT 1 FROM belongs_to FOR UPDATE")
        with pytest.raises(StoreBusy) as caught:
            await database.run(step)
    assert caught.value.retryable


async def test_a_server_that_was_restarted_is_used_again(
    postgres: PostgresServer, dsn: str, opened: OpenTill, channel: Channel
) -> None:
    till = opened(PostgresStore(dsn))
    session = await known(till, channel)
    assert await till.keep([newer(session, 10)], {}) == [True]
    postgres.kill()
    with pytest.raises(StoreFailed):
        await till.book(channel.id)
    postgres.restart()
    assert (await till.book(channel.id)).session.accepted == 10
    assert (await accept(till, channel, 20)).accepted == 20


async def test_a_session_that_would_not_wait_for_the_disk_is_made_to(dsn: str, opened: OpenTill) -> None:
    connection = await asyncpg.connect(dsn)
    name = await connection.fetchval("SELECT current_database()")
    for before, after in (("off", "on"), ("remote_apply", "remote_apply")):
        await connection.execute(f"ALTER DATABASE {name} SET synchronous_commit = {before}")
        till = opened(PostgresStore(dsn))
        assert await till.database.rows("SHOW synchronous_commit") == [(after,)]
    await connection.close()


@pytest.mark.usefixtures("servers_settings")
async def test_a_server_without_fsync_is_refused(postgres: PostgresServer, dsn: str, opened: OpenTill) -> None:
    await _set(postgres, "ALTER SYSTEM SET fsync = off")
    await _shows_off(dsn)
    with pytest.raises(StoreUnreadable, match="fsync"):
        await opened(PostgresStore(dsn)).all_newest()


async def test_a_database_may_hold_every_kind_of_one_contract(
    dsn: str, domain: Domain, opened: OpenTill, channel: Channel
) -> None:
    await known(opened(PostgresStore(dsn)), channel)
    wallet = PostgresStore(dsn).async_wallet(domain)
    assert await wallet.sessions() == []
    await wallet.close()


@pytest.mark.parametrize("other", [Domain(1, "0x" + "e5" * 20), Domain(31337, "0x" + "11" * 20)], ids=str)  # type: ignore[arg-type]
async def test_a_database_belongs_to_one_contract_on_one_chain(dsn: str, opened: OpenTill, other: Domain) -> None:
    await opened(PostgresStore(dsn)).all_newest()
    stranger = PostgresStore(dsn).async_till(other)
    for _ in range(2):
        with pytest.raises(StoreOfAnotherChain):
            await stranger.all_newest()
    await stranger.close()


@pytest.mark.parametrize("version", [1, 5])
async def test_tables_of_another_version_are_refused(
    dsn: str, opened: OpenTill, admin: asyncpg.Connection, version: int
) -> None:
    await opened(PostgresStore(dsn)).all_newest()
    await admin.execute("UPDATE belongs_to SET version = $1", version)
    with pytest.raises(StoreVersion) as caught:
        await opened(PostgresStore(dsn)).all_newest()
    assert caught.value.facts == {"path": shown(dsn), "found": version, "expected": 4}


async def test_another_programs_tables_are_left_alone(
    dsn: str, opened: OpenTill, admin: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("channels.stores.postgres.schema._PAUSE", 0)
    await admin.execute("CREATE TABLE fees (theirs TEXT)")
    with pytest.raises(StoreUnreadable):
        await opened(PostgresStore(dsn)).all_newest()
    assert [row[0] for row in await admin.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")] == [
        "fees"
    ]


async def test_a_database_that_is_not_there_is_unreadable_and_its_password_stays_unsaid(
    postgres: PostgresServer, opened: OpenTill
) -> None:
    dsn = postgres.dsn("nowhere").replace("postgres@", "postgres:secret@")
    store = PostgresStore(dsn)
    with pytest.raises(StoreUnreadable) as caught:
        await opened(store).all_newest()
    for text in (str(caught.value), repr(caught.value), repr(store), str(store)):
        assert "nowhere" in text
        assert "secret" not in text


@pytest.mark.parametrize(
    ("dsn", "expected"),
    [
        ("postgresql://me:pass@host:5432/db", "postgresql://me@host:5432/db"),
        ("postgresql://me:p@ss@one,two/db?user=a&password=b&sslpassword=c", "postgresql://me@one,two/db?user=a"),
        ("postgresql:///db?host=/run/postgresql", "postgresql:///db?host=/run/postgresql"),
    ],
)
def test_a_dsn_is_shown_without_its_passwords(dsn: str, expected: str) -> None:
    assert shown(dsn) == expected


async def test_an_address_where_nobody_listens_is_a_store_error(opened: OpenTill) -> None:
    with pytest.raises(StoreFailed):
        await opened(PostgresStore("postgresql://me@/db?host=/nowhere")).all_newest()


async def test_a_store_is_not_carried_through_a_fork(
    database: AsyncPostgresDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    await database.open()
    with monkeypatch.context() as patched:
        patched.setattr(os, "getpid", lambda: -1)
        with pytest.raises(StoreOfAnotherProcess):
            await database.rows("SELECT 1")
    assert await database.rows("SELECT 1") == [(1,)]


def test_a_till_may_be_used_in_one_event_loop_after_another(dsn: str, domain: Domain, channel: Channel) -> None:
    till = PostgresStore(dsn).async_till(domain)

    async def use(amount: int) -> int:
        await asyncio.gather(till.books(), till.books())  # Both open it.
        await known(till, channel)
        session = await accept(till, channel, amount)
        await till.close()
        return session.accepted

    assert [asyncio.run(use(amount)) for amount in (10, 20)] == [10, 20]


async def test_two_vouchers_of_one_channel_in_a_batch_are_a_mistake(
    dsn: str, opened: OpenTill, channel: Channel
) -> None:
    """Of such two the database would keep one, and both would be answered."""
    till = opened(PostgresStore(dsn))
    session = await known(till, channel)
    with pytest.raises(ValueError, match="two vouchers"):
        await till.keep([newer(session, 10), newer(session, Amount(20))], {})


async def test_where_the_server_is_full_a_store_waits_until_somebody_leaves(dsn: str, domain: Domain) -> None:
    owner = await asyncpg.connect(dsn)
    await owner.execute("CREATE ROLE one LOGIN CONNECTION LIMIT 1; GRANT ALL ON SCHEMA public TO one")
    of_one = dsn.replace("postgres@", "one@")
    first, full = await asyncpg.connect(of_one), AsyncPostgresDatabase(of_one, "till", domain)
    with pytest.raises(asyncpg.TooManyConnectionsError):
        await asyncpg.connect(of_one)
    waiting = asyncio.create_task(full.rows("SELECT 1"))
    assert (await asyncio.wait([waiting], timeout=0.2))[1] == {waiting}
    await first.close()
    assert len(await waiting) == 1
    await full.close()
    await owner.execute("DROP OWNED BY one CASCADE; DROP ROLE one")
    await owner.close()
