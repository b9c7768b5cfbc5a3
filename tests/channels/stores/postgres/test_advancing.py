import asyncio
from collections.abc import Callable
from typing import Any

import asyncpg
import pytest
from msgspec.structs import replace

from chain.units import Amount, Hash32, Seconds
from channels import Channel, SignedVoucher, Voucher
from channels.promise import promises_hash
from channels.stores.aio.till import AsyncTill
from channels.stores.book import Advance, MeterRow
from channels.stores.meter_rows import opening_text
from channels.stores.postgres import PostgresStore
from channels.ticks import Stretch, TicksOpening
from tests.channels.stores.postgres.making import OpenTill, known, newer, seen, somebody_waits

TICKS = Stretch(each=Amount(1), count=100, anchor=Hash32(bytes(32)))
PROMISE = TICKS.promise(Seconds(9_000))


async def begun(till: AsyncTill, channel: Channel) -> MeterRow:
    """At position 0, its promise in the newest voucher kept."""
    message = Voucher(channel_id=channel.id, epoch=0, cumulative_amount=Amount(0), promises=promises_hash((PROMISE,)))
    voucher = SignedVoucher(channel=channel, voucher=message, signature=bytes(64) + b"\x1b", promises=(PROMISE,))
    meter = MeterRow(
        channel_id=channel.id,
        promise_hash=PROMISE.struct_hash(),
        epoch=0,
        opening=opening_text(TicksOpening(voucher=voucher, ticks=TICKS)),
        position=0,
        tip=TICKS.anchor,
    )
    assert await till.keep([newer(await known(till, channel), 0, (PROMISE,))], {}) == [True]
    await till.begin(meter)
    return meter


def to(meter: MeterRow, position: int, before: int | None = None) -> Advance:
    tip = Hash32(position.to_bytes(32, "big"))
    return Advance(meter.position if before is None else before, replace(meter, position=position, tip=tip))


async def test_a_meter_advances_from_where_it_is_and_from_nowhere_else(till: AsyncTill, crowd: list[Channel]) -> None:
    meters = [await begun(till, channel) for channel in crowd[:3]]
    unknown = replace(meters[0], channel_id=crowd[9].id)
    steps = [to(meters[2], 4), to(meters[0], 5), to(meters[1], 6, before=1), to(unknown, 1)]
    assert await till.advance(steps) == [True, True, False, False]
    assert await till.advance([to(meters[0], 7), to(meters[1], 6), to(meters[0], 8, before=5)]) == [False, True, True]
    kept = [(row.position, row.tip[-1]) for each in crowd[:3] for row in await till.meters(each.id)]
    assert kept == [(8, 8), (6, 6), (4, 4)]
    assert await till.advance([]) == []
    assert await till.advance([replace(to(meters[0], 9, before=8), settled=Amount(1))]) == [False]


async def test_of_two_with_the_same_start_in_a_batch_one_is_counted(till: AsyncTill, channel: Channel) -> None:
    meter = await begun(till, channel)
    answers = await till.advance([to(meter, 5), to(meter, 6), to(meter, 9, before=5)])
    assert answers == [True, False, True]
    assert [row.position for row in await till.meters(channel.id)] == [9]


async def fold_away(till: AsyncTill, channel: Channel) -> None:
    assert await till.keep([newer((await till.book(channel.id)).session, 10)], {}) == [True]


@pytest.mark.parametrize(
    "change",
    [
        lambda till, channel: till.alter(channel.id, lambda session: replace(session, stopped=True)),
        lambda till, channel: known(till, channel, seen(closes_at=99, at=2_000)),
        fold_away,
    ],
    ids=["stopped", "closing", "the promise is gone"],
)
async def test_ticks_that_no_voucher_will_pay_are_not_counted(
    till: AsyncTill, channel: Channel, change: Callable[[AsyncTill, Channel], Any]
) -> None:
    meter = await begun(till, channel)
    await change(till, channel)
    assert await till.advance([to(meter, 5)]) == [False]
    assert [row.position for row in await till.meters(channel.id)] == [0]


@pytest.mark.parametrize("by_channel", [False, True])
async def test_a_promise_that_goes_while_the_tick_waits_counts_no_more(
    dsn: str, opened: OpenTill, channel: Channel, admin: asyncpg.Connection, by_channel: bool
) -> None:
    till, other = opened(PostgresStore(dsn, by_channel=by_channel)), await asyncpg.connect(dsn)
    meter = await begun(till, channel)
    async with other.transaction():
        await other.execute("UPDATE epochs SET promises = '' WHERE channel_id = $1", channel.id)
        await other.execute("SELECT 1 FROM meters WHERE channel_id = $1 FOR UPDATE", channel.id)
        waiting = asyncio.create_task(till.advance([to(meter, 5)]))
        await somebody_waits(admin)
    await other.close()
    assert await waiting == [False]
