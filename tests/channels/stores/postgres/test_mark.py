from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from chain.units import Amount, Hash32, Seconds
from channels import Channel
from channels.stores.aio.till import AsyncTill
from channels.stores.book import MeterRow, Order
from channels.stores.errors import StoreRolledBack
from channels.stores.postgres import PostgresStore
from tests.channels.stores.postgres.making import OpenTill, accept, known, newer

CHANGES = "SELECT changes FROM marks"


@pytest.fixture
def mark(tmp_path: Path) -> Path:
    return tmp_path / "till.mark"


def count_of(mark: Path) -> int:
    return int.from_bytes(mark.read_bytes()[16:], "big")


METER: dict[str, Any] = {"promise_hash": Hash32(bytes(32)), "epoch": 0, "opening": "{}"}


@pytest.mark.parametrize(
    "change",
    [
        lambda till, channel: accept(till, channel, 10),
        known,
        lambda till, channel: till.deliver([Order(channel.id, {"a": Amount(1)}, Seconds(0))]),
        lambda till, channel: till.tick([MeterRow(channel_id=channel.id, position=1, tip=Hash32(bytes(32)), **METER)]),
        lambda till, channel: till.begin(MeterRow(channel_id=channel.id, position=0, tip=Hash32(bytes(32)), **METER)),
        lambda till, channel: till.journal([], []),
    ],
)
async def test_every_change_is_counted_in_both_places(
    dsn: str,
    opened: OpenTill,
    channel: Channel,
    mark: Path,
    admin: asyncpg.Connection,
    change: Callable[[AsyncTill, Channel], Awaitable[object]],
) -> None:
    till = opened(PostgresStore(dsn, mark=mark))
    await known(till, channel)
    before = count_of(mark)
    await change(till, channel)
    assert count_of(mark) == await admin.fetchval(CHANGES) == before + 1


@pytest.mark.parametrize("forget", ["UPDATE marks SET changes = changes - 1", "DELETE FROM marks"])
async def test_an_old_backup_is_noticed_and_refused(
    dsn: str, opened: OpenTill, channel: Channel, mark: Path, admin: asyncpg.Connection, forget: str
) -> None:
    till = opened(PostgresStore(dsn, mark=mark))
    session = await known(till, channel)
    await accept(till, channel, 10)
    await till.close()
    assert (await opened(PostgresStore(dsn, mark=mark)).book(channel.id)).session.accepted == 10
    await admin.execute(forget)
    for _ in range(2):
        with pytest.raises(StoreRolledBack) as caught:
            await opened(PostgresStore(dsn, mark=mark)).book(channel.id)
    assert caught.value.facts["expected"] == 2

    restored = opened(PostgresStore(dsn, mark=mark, restored=True))
    found = (await restored.book(channel.id)).session
    assert found.stopped
    assert await restored.keep([newer(found, 20)], {}) == [False], "what it has forgotten could be credited again"
    again = opened(PostgresStore(dsn, mark=mark))
    assert (await known(again, channel)).accepted == 10
    assert session.accepted == 0


@pytest.mark.parametrize("forget", ["UPDATE marks SET changes = changes - 1", "DELETE FROM marks"])
async def test_it_is_noticed_by_one_who_was_there_all_the_time(
    dsn: str, opened: OpenTill, channel: Channel, mark: Path, admin: asyncpg.Connection, forget: str
) -> None:
    """So is a failover to a copy that had not everything."""
    till = opened(PostgresStore(dsn, mark=mark))
    session = await known(till, channel)
    await admin.execute(forget)
    with pytest.raises(StoreRolledBack):
        await till.keep([newer(session, 10)], {})
    assert (await till.book(channel.id)).session.accepted == 0


async def test_writers_have_rows_of_their_own_and_may_share_a_file(
    dsn: str, opened: OpenTill, crowd: list[Channel], mark: Path, admin: asyncpg.Connection
) -> None:
    tills = [opened(PostgresStore(dsn, mark=place)) for place in (mark, mark, mark.with_name("other"))]
    for till, channel in zip(tills * 3, crowd, strict=False):
        await known(till, channel)
    assert sorted(row[0] for row in await admin.fetch(CHANGES)) == [3, 6]
    assert count_of(mark) == 6
    assert sorted(path.name for path in mark.parent.iterdir()) == ["other", "till.mark"], "nothing else is left there"


async def test_without_a_mark_nothing_is_counted(
    dsn: str, opened: OpenTill, channel: Channel, admin: asyncpg.Connection
) -> None:
    await known(opened(PostgresStore(dsn)), channel)
    assert await admin.fetch(CHANGES) == []
