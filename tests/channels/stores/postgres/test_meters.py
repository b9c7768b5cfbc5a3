import asyncio

import asyncpg
import pytest

from chain.units import Hash32
from channels import Channel
from channels.stores.aio.till import AsyncTill
from channels.stores.book import MeterRow
from channels.stores.postgres import PostgresStore
from tests.channels.stores.postgres.making import OpenTill, somebody_waits
from tests.channels.stores.steps import spent


def row(channel: Channel, position: int, promise: bytes = b"\1") -> MeterRow:
    return MeterRow(
        channel_id=channel.id,
        promise_hash=Hash32(promise * 32),
        epoch=0,
        opening=spent(channel),
        position=position,
        tip=Hash32(position.to_bytes(32, "big")),
    )


async def test_positions_only_rise_and_each_with_its_tip(till: AsyncTill, crowd: list[Channel]) -> None:
    for channel in crowd[:3]:
        await till.begin(row(channel, 0))
    await till.begin(row(crowd[0], 0, b"\2"))
    await till.tick([row(crowd[0], 5), row(crowd[1], 7), row(crowd[0], 9), row(crowd[0], 8), row(crowd[3], 1)])
    assert await till.meters(crowd[0].id) == [row(crowd[0], 0, b"\2"), row(crowd[0], 9)]
    await till.tick([row(crowd[0], 8), row(crowd[1], 6)])
    await till.tick([])
    assert await till.meters(crowd[0].id) == [row(crowd[0], 0, b"\2"), row(crowd[0], 9)]
    assert await till.meters(crowd[1].id) == [row(crowd[1], 7)]
    assert await till.meters(crowd[2].id) == [row(crowd[2], 0)]
    assert await till.meters(crowd[3].id) == [], "a meter that was never begun is not made by a tick"


@pytest.mark.parametrize("by_channel", [False, True])
async def test_a_tick_that_waited_does_not_set_a_meter_back(
    dsn: str, opened: OpenTill, channel: Channel, admin: asyncpg.Connection, by_channel: bool
) -> None:
    till, other = opened(PostgresStore(dsn, by_channel=by_channel)), await asyncpg.connect(dsn)
    await till.begin(row(channel, 0))
    async with other.transaction():
        await other.execute("UPDATE meters SET position = 9 WHERE channel_id = $1", channel.id)
        waiting = asyncio.create_task(till.tick([row(channel, 5)]))
        await somebody_waits(admin)
    await other.close()
    await waiting
    assert [each.position for each in await till.meters(channel.id)] == [9]


async def test_a_meter_that_is_known_stays_as_it_is(till: AsyncTill, channel: Channel) -> None:
    await till.begin(row(channel, 0))
    await till.tick([row(channel, 3)])
    await till.begin(row(channel, 0))
    assert await till.meters(channel.id) == [row(channel, 3)]
