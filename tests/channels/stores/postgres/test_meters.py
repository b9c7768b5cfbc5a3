import asyncio

import asyncpg
import pytest
from msgspec.structs import replace

from chain.units import Amount, Hash32, Seconds
from channels import Channel, Promise, SignedVoucher, Voucher
from channels.promise import promises_hash
from channels.stores.aio.till import AsyncTill
from channels.stores.book import MeterRow
from channels.stores.meter_rows import opening_text
from channels.stores.postgres import PostgresStore
from channels.ticks import Stretch, TicksOpening
from channels.ticks.errors import AlreadyMetered
from tests.channels.stores.postgres.making import OpenTill, known, somebody_waits
from tests.channels.stores.steps import spent

TICKS = Stretch(each=Amount(1), count=10, position=5, anchor=Hash32(b"\5" * 32))
PROMISE = TICKS.promise(Seconds(9_000))


def row(channel: Channel, position: int, promise: bytes = b"\1" * 32) -> MeterRow:
    return MeterRow(
        channel_id=channel.id,
        promise_hash=Hash32(promise),
        epoch=0,
        opening=spent(channel),
        position=position,
        tip=Hash32(position.to_bytes(32, "big")),
    )


async def test_positions_only_rise_and_each_with_its_tip(till: AsyncTill, crowd: list[Channel]) -> None:
    for channel in crowd[:3]:
        await till.begin(row(channel, 0))
    await till.begin(row(crowd[0], 0, b"\2" * 32))
    await till.tick([row(crowd[0], 5), row(crowd[1], 7), row(crowd[0], 9), row(crowd[0], 8), row(crowd[3], 1)])
    assert await till.meters(crowd[0].id) == [row(crowd[0], 0, b"\2" * 32), row(crowd[0], 9)]
    await till.tick([row(crowd[0], 8), row(crowd[1], 6)])
    await till.tick([])
    assert await till.meters(crowd[0].id) == [row(crowd[0], 0, b"\2" * 32), row(crowd[0], 9)]
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


def counting_by(channel: Channel, promise: Promise, ticks: Stretch) -> MeterRow:
    """A meter that has begun with another promise, and goes on with this one."""
    voucher = Voucher(channel_id=channel.id, epoch=0, cumulative_amount=Amount(5), promises=promises_hash((promise,)))
    signed = SignedVoucher(channel=channel, voucher=voucher, signature=bytes(64) + b"\x1b", promises=(promise,))
    return replace(row(channel, 5), opening=opening_text(TicksOpening(voucher=signed, ticks=ticks)))


async def test_no_meter_begins_with_a_promise_that_another_one_counts_by(till: AsyncTill, channel: Channel) -> None:
    await till.begin(counting_by(channel, PROMISE, TICKS))
    with pytest.raises(AlreadyMetered):
        await till.begin(row(channel, 0, PROMISE.struct_hash()))
    assert len(await till.meters(channel.id)) == 1


@pytest.mark.parametrize("by_channel", [False, True])
async def test_a_meter_that_begins_waits_for_the_fold_that_takes_its_promise(
    dsn: str, opened: OpenTill, channel: Channel, admin: asyncpg.Connection, by_channel: bool
) -> None:
    till, other = opened(PostgresStore(dsn, by_channel=by_channel)), await asyncpg.connect(dsn)
    await known(till, channel)
    await till.begin(row(channel, 5))
    taken = counting_by(channel, PROMISE, TICKS).opening
    async with other.transaction():
        await other.execute("SELECT 1 FROM epochs WHERE channel_id = $1 FOR UPDATE", channel.id)
        beginning = asyncio.create_task(till.begin(row(channel, 0, PROMISE.struct_hash())))
        await somebody_waits(admin)
        await other.execute("UPDATE meters SET opening = $2 WHERE channel_id = $1", channel.id, taken)
    await other.close()
    with pytest.raises(AlreadyMetered):
        await beginning
