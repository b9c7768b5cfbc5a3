"""Databases of version 2, which did not keep how old money is."""

import asyncio

import asyncpg
import pytest
from msgspec.structs import replace

from chain.typed_data import Domain
from chain.units import Amount, Seconds
from channels import Channel, Lane, PayerSession
from channels.duplex.session import Memory
from channels.stores.aio.till import AsyncTill
from channels.stores.book import Book, Delivery, Fee, Order
from channels.stores.errors import StoreBusy, StoreFailed, StoreOfAnotherChain
from channels.stores.postgres import PostgresStore
from tests.channels.duplex.duplex_forms import CHANNEL
from tests.channels.stores import version_2
from tests.channels.stores.postgres.making import OpenTill, accept, at_risk, known, seen

_VERSION = "SELECT version FROM belongs_to"
_COLUMNS = "SELECT count(*) FROM information_schema.columns WHERE table_name = 'epochs'"
_NEW = "INSERT INTO epochs VALUES ($1, 1, $2, $3, 0, $3, $3, $4, $3, $3, 0, $4, $5, '', '', $3, 1)"
_WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
_AT_COMMIT = """
    CREATE SEQUENCE tries;
    CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {what}; RETURN NULL; END $$;
    CREATE CONSTRAINT TRIGGER dying AFTER UPDATE ON belongs_to DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION die()
"""


Content = tuple[list[Book], list[Delivery], list[Fee], tuple[int, int]]


async def all_of(till: AsyncTill) -> Content:
    """What is in it, but for the age of money."""
    books = [replace(book, unsettled_since=Seconds(0)) for book in await till.books()]
    return books, await till.deliveries(), await till.fees(), await at_risk(till)


@pytest.fixture(params=[False, True], ids=["in sets", "by channel"])
def store(request: pytest.FixtureRequest, dsn: str) -> PostgresStore:
    return PostgresStore(dsn, by_channel=request.param)


@pytest.fixture
async def before(store: PostgresStore, opened: OpenTill, crowd: list[Channel]) -> Content:
    """Three channels, the first of which owes 50, the second of which has settled what it owed."""
    till = opened(store)
    for channel in crowd[:3]:
        await known(till, channel)
    await accept(till, crowd[0], 50, at=100)
    await accept(till, crowd[1], 40, at=100)
    await till.deliver([Order(crowd[0].id, {"a": Amount(30)}, Seconds(1))])
    await till.see(crowd[1], seen(at=2_000, settled=40), await till.find(crowd[1].id))
    await till.journal([], [Fee(transaction_hash=b"\1" * 32, amount=9, at=Seconds(5))])
    content = await all_of(till)
    await till.close()
    return content


@pytest.fixture
async def old(store: PostgresStore, before: Content, admin: asyncpg.Connection) -> PostgresStore:
    """The same as version 2 has it."""
    assert len(before[0]) == 3
    for statement in (*version_2.TILL, version_2.OWN):
        await admin.execute(statement)
    return store


async def test_a_till_comes_with_all_that_is_in_it(
    old: PostgresStore, before: Content, opened: OpenTill, admin: asyncpg.Connection
) -> None:
    for _ in range(2):
        till = opened(old)
        assert await all_of(till) == before
        assert await admin.fetchval(_VERSION) == 4
        await till.close()


async def test_what_it_owed_is_older_than_any_wait_until_a_claim_is_settled(
    old: PostgresStore, opened: OpenTill, crowd: list[Channel]
) -> None:
    till, channel = opened(old), crowd[0]
    await accept(till, channel, 60, at=200)
    await accept(till, crowd[1], 50, at=200)
    assert [(await till.book(one.id)).unsettled_since for one in crowd[:2]] == [0, 200]
    await till.claiming([await till.book(channel.id)], Seconds(300))
    await accept(till, channel, 70, at=400)
    book = await till.see(channel, seen(at=9_000, settled=60), await till.find(channel.id))
    assert book.unsettled_since == 300


async def test_of_processes_that_open_it_at_once_one_brings_it_up_to_date(
    old: PostgresStore, before: Content, opened: OpenTill, admin: asyncpg.Connection, dsn: str
) -> None:
    """All of them have found the old version before the first may raise it."""
    tills, other = [opened(old) for _ in range(4)], await asyncpg.connect(dsn)
    async with other.transaction():
        await other.execute("SELECT 1 FROM belongs_to FOR UPDATE")
        opening = [asyncio.create_task(all_of(till)) for till in tills]
        for _ in range(1_000):
            if await admin.fetchval(_WAITING) == 4:
                break
            await asyncio.sleep(0.01)
        else:
            pytest.fail("not all of them wait")
    await other.close()
    assert await asyncio.gather(*opening) == [before] * 4
    assert (await admin.fetchval(_VERSION), await admin.fetchval(_COLUMNS)) == (4, 20)


async def test_one_that_dies_as_it_commits_leaves_the_old_version_whole(
    old: PostgresStore, opened: OpenTill, admin: asyncpg.Connection
) -> None:
    await admin.execute(_AT_COMMIT.format(what="PERFORM pg_terminate_backend(pg_backend_pid())"))
    with pytest.raises(StoreFailed):
        await opened(old).books()
    assert (await admin.fetchval(_VERSION), await admin.fetchval(_COLUMNS)) == (2, 17)
    await admin.execute("DROP TRIGGER dying ON belongs_to")
    assert len(await opened(old).books()) == 3


async def test_one_that_others_are_in_the_way_of_tries_again(
    old: PostgresStore, opened: OpenTill, admin: asyncpg.Connection
) -> None:
    conflict = "RAISE EXCEPTION USING ERRCODE = '40001'"
    await admin.execute(_AT_COMMIT.format(what=f"IF nextval('tries') <= 2 THEN {conflict}; END IF"))
    assert len(await opened(old).books()) == 3
    assert (await admin.fetchval(_VERSION), await admin.fetchval("SELECT nextval('tries')")) == (4, 5)


async def test_one_that_others_are_always_in_the_way_of_is_busy(
    old: PostgresStore, opened: OpenTill, admin: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("channels.stores.postgres.schema._PAUSE", 0)
    await admin.execute(_AT_COMMIT.format(what="RAISE EXCEPTION USING ERRCODE = '40P01'"))
    with pytest.raises(StoreBusy):
        await opened(old).books()
    assert (await admin.fetchval(_VERSION), await admin.fetchval(_COLUMNS)) == (2, 17)


async def test_where_a_tables_change_is_no_part_of_a_transaction_the_rest_follows(
    old: PostgresStore, opened: OpenTill, admin: asyncpg.Connection
) -> None:
    """As in databases that speak as PostgreSQL does: the process died between the two."""
    await admin.execute("ALTER TABLE epochs ADD COLUMN unsettled_since BIGINT NOT NULL DEFAULT 0")
    assert len(await opened(old).books()) == 3
    assert (await admin.fetchval(_VERSION), await admin.fetchval(_COLUMNS)) == (4, 20)


async def test_what_a_process_of_the_old_version_goes_on_writing_counts_as_old(
    old: PostgresStore, opened: OpenTill, crowd: list[Channel], admin: asyncpg.Connection
) -> None:
    till, channel = opened(old), crowd[2]
    await till.books()
    sums = [number.to_bytes(12, "big") for number in (1_000, 0, 7)]
    await admin.execute(_NEW, channel.id, *sums, bytes(65))
    book = await till.book(channel.id)
    assert (book.session.owed, book.unsettled_since) == (7, 0)


async def test_another_chains_database_is_left_as_it_is(
    old: PostgresStore, domain: Domain, admin: asyncpg.Connection
) -> None:
    stranger = replace(old).async_till(Domain(domain.chain_id + 1, domain.contract))
    with pytest.raises(StoreOfAnotherChain):
        await stranger.books()
    await stranger.close()
    assert (await admin.fetchval(_VERSION), await admin.fetchval(_COLUMNS)) == (2, 17)


async def test_each_kind_in_a_database_has_a_version_of_its_own(
    old: PostgresStore, before: Content, domain: Domain, opened: OpenTill, admin: asyncpg.Connection
) -> None:
    wallet = old.async_wallet(domain)
    await wallet.sessions()
    await wallet.close()
    for statement in (*version_2.WALLET, "UPDATE belongs_to SET version = 2 WHERE kind = 'wallet'"):
        await admin.execute(statement)
    wallet = old.async_wallet(domain)
    await wallet.sessions()
    await wallet.close()
    assert dict(await admin.fetch("SELECT kind, version FROM belongs_to")) == {"till": 2, "wallet": 4}
    assert await all_of(opened(old)) == before


async def test_a_wallet_and_two_way_channels_go_on(
    dsn: str, domain: Domain, channel: Channel, admin: asyncpg.Connection
) -> None:
    store, known_before = PostgresStore(dsn), PayerSession(channel=channel, lane=Lane(), version=1)
    wallet, duplex = store.async_wallet(domain), store.async_duplex(domain)
    await wallet.add(known_before)
    await duplex.add(CHANNEL)
    await wallet.close()
    await duplex.close()
    for statement in (*version_2.WALLET, *version_2.DUPLEX, version_2.OWN):
        await admin.execute(statement)
    assert await wallet.sessions() == [known_before]
    assert await duplex.find(CHANNEL.id) == (CHANNEL, Memory.start(CHANNEL, 0), 0)
    await wallet.close()
    await duplex.close()
    assert [row[0] for row in await admin.fetch(_VERSION)] == [4, 4]
