"""In every database: ticks of a promise that a newer voucher carries no more, and promises that two meters want."""

import asyncio
import dataclasses
from typing import Any

import pytest
from msgspec.structs import replace

from chain.units import Amount, Seconds
from channels import Channel, PayeeSession
from channels.exposure import Limits
from channels.promise import Promise, promises_hash
from channels.stores.aio.till import AsyncTill
from channels.stores.book import MeterRow, Newer
from channels.stores.meter_rows import opening_of, opening_text
from channels.stores.postgres import PostgresStore
from channels.ticks import Stretch, TicksOpening
from channels.ticks.errors import AlreadyMetered
from tests.channels.stores.postgres.making import OpenTill, accept, at_risk, known, newer
from tests.channels.stores.postgres.test_advancing import PROMISE, TICKS, begun, to

LIMITS: list[dict[str, Any]] = [{}, {"at_risk": Amount(500)}]
OTHER = TICKS.promise(Seconds(9_001))


async def position_and_served(till: AsyncTill, channel: Channel) -> list[tuple[int, int]]:
    return [(row.position, row.served) for row in await till.meters(channel.id)]


async def delivered(till: AsyncTill, channel: Channel) -> tuple[int, int]:
    """By the session, and by its deliveries."""
    session = (await till.book(channel.id)).session
    return session.delivered, sum(each.price for each in await till.deliveries() if each.channel_id == channel.id)


@pytest.mark.parametrize("bounds", LIMITS)
async def test_ticks_are_delivered_with_the_voucher_that_leaves_them_out(
    till: AsyncTill, crowd: list[Channel], bounds: dict[str, Any]
) -> None:
    meters = [await begun(till, channel) for channel in crowd[:3]]
    plain = await known(till, crowd[3])
    assert await till.advance([to(meter, 40) for meter in meters]) == [True] * 3
    sessions = [(await till.book(channel.id)).session for channel in crowd[:3]]
    batch = [
        newer(sessions[1], 100),
        newer(sessions[0], 100),
        newer(sessions[2], 9, (PROMISE,)),
        newer(plain, 7),
    ]
    limits = {crowd[0].token: Limits(**bounds)} if bounds else {}
    assert await till.keep(batch, limits) == [True] * 4
    assert [await delivered(till, channel) for channel in crowd[:4]] == [(40, 40), (40, 40), (0, 0), (0, 0)]
    assert [await position_and_served(till, channel) for channel in crowd[:3]] == [[(40, 40)], [(40, 40)], [(40, 0)]]
    assert await at_risk(till) == (216, 0)


async def test_a_voucher_that_is_not_kept_delivers_nothing(till: AsyncTill, channel: Channel) -> None:
    await till.advance([to(await begun(till, channel), 40)])
    session = (await till.book(channel.id)).session
    assert await till.keep([newer(replace(session, accepted=Amount(1)), 100)], {}) == [False]
    (over,) = await till.keep([newer(session, 100)], {channel.token: Limits(at_risk=Amount(99))})
    assert over not in (True, False)
    assert await position_and_served(till, channel) == [(40, 0)]


async def test_no_more_is_delivered_than_the_voucher_brings(till: AsyncTill, channel: Channel) -> None:
    """A promise that has lapsed with 30 of 40 on record; what was paid for goods before stays for goods."""
    meter = await begun(till, channel)
    await till.advance([to(meter, 40)])
    session = (await till.book(channel.id)).session
    assert await till.keep([newer(session, 50, (PROMISE,))], {}) == [True]
    assert await till.keep([newer((await till.book(channel.id)).session, 80)], {}) == [True]
    assert await delivered(till, channel) == (30, 30)
    await accept(till, channel, 90)
    assert await delivered(till, channel) == (30, 30)


async def test_a_promise_that_has_lapsed_pays_for_what_is_recorded_of_its_ticks(
    till: AsyncTill, crowd: list[Channel]
) -> None:
    """What the same voucher pays for goods is credit; 40 ticks were counted, and so much of them is on record."""
    for channel, recorded in ((crowd[0], 0), (crowd[1], 30), (crowd[2], 90)):
        await till.advance([to(await begun(till, channel), 40)])
        one = newer((await till.book(channel.id)).session, 100)
        lapsed = {PROMISE.struct_hash(): Amount(recorded)}
        assert await till.keep([Newer(one.before, one.after, one.signed, one.at, lapsed)], {}) == [True]
        assert await delivered(till, channel) == (min(recorded, 40),) * 2
        (row,) = await till.meters(channel.id)
        await till.tick([row, to(row, 20).after])
        assert await delivered(till, channel) == (min(recorded, 40),) * 2, "what is written again brings nothing"


@pytest.mark.parametrize(("recorded", "others"), [(None, 10), (0, 0), (7, 7), (30, 10)])
async def test_a_fold_serves_no_more_of_others_than_it_brings_beside_its_own(
    till: AsyncTill, channel: Channel, recorded: int | None, others: int
) -> None:
    """50 were for goods. It holds 40 ticks of its own and 10 more, and leaves out the promise of 30 others."""
    first = await begun(till, channel)
    await till.keep([newer((await till.book(channel.id)).session, 50, (PROMISE, OTHER))], {})
    second = beside(first, OTHER)
    await till.begin(second)
    await till.tick([to(first, 40).after, to(second, 30).after])

    def decide(session: PayeeSession, meter: MeterRow, *_: Any) -> tuple[PayeeSession, MeterRow]:
        ticks = TICKS.at(40, TICKS.anchor)
        promise = ticks.promise(Seconds(9_000))
        return newer(session, 100, (promise,)).after, going_on(meter, promise, ticks)

    lapsed = {OTHER.struct_hash(): Amount(recorded)} if recorded is not None else {}
    await till.fold(channel.id, first.promise_hash, Seconds(1), decide, lapsed=lapsed)
    assert await delivered(till, channel) == (40 + others, 40 + others)
    assert await at_risk(till) == (100, 0)


async def test_ticks_that_are_written_late_are_delivered_then(till: AsyncTill, channel: Channel) -> None:
    meter = await begun(till, channel)
    await till.tick([to(meter, 20).after])
    assert await delivered(till, channel) == (0, 0), "their promise is still carried"
    assert await till.keep([newer((await till.book(channel.id)).session, 100)], {}) == [True]
    for position in (50, 30):
        await till.tick([to(meter, position).after])
        assert await delivered(till, channel) == (50, 50)
    assert await position_and_served(till, channel) == [(50, 50)]


async def test_a_fold_is_told_of_the_epochs_other_meters_and_of_all_channels(
    till: AsyncTill, crowd: list[Channel]
) -> None:
    first = await begun(till, crowd[0])
    second = beside(first, OTHER)
    for row in (second, replace(beside(first, TICKS.promise(Seconds(9_002))), epoch=1)):
        await till.begin(row)
    await known(till, crowd[1])
    await accept(till, crowd[1], 70)
    told = list[Any]()

    def decide(
        session: PayeeSession, meter: MeterRow, others: list[MeterRow], total: Any
    ) -> tuple[PayeeSession, MeterRow]:
        told.append((others, total))
        return session, meter

    for limited in (False, True):
        await till.fold(crowd[0].id, first.promise_hash, Seconds(1), decide, limited=limited)  # type: ignore[arg-type]
    assert told == [([second], None), ([second], (70, 0))]


async def test_no_meter_begins_with_the_promise_that_another_one_goes_on_with(
    till: AsyncTill, channel: Channel
) -> None:
    """A fold may have come between the look at the meters and the beginning."""
    first = await begun(till, channel)
    await till.fold(channel.id, first.promise_hash, Seconds(1), lambda session, meter, *_: (session, going_on(meter)))
    with pytest.raises(AlreadyMetered):
        await till.begin(beside(first, OTHER))
    await till.begin(first)
    await till.begin(replace(beside(first, OTHER), epoch=1))
    assert len(await till.meters(channel.id)) == 2


@pytest.mark.parametrize("by_channel", [False, True])
async def test_many_processes_deliver_ticks_once(
    dsn: str, opened: OpenTill, crowd: list[Channel], by_channel: bool
) -> None:
    """Each leaves the promises out of some channels, writes late ticks and keeps with a limit, in its own order."""
    tills = [opened(PostgresStore(dsn, by_channel=by_channel)) for _ in range(4)]
    rows = [await begun(tills[0], channel) for channel in crowd[:12]]
    limits = {crowd[0].token: Limits(at_risk=Amount(10**9))}

    async def work(number: int, till: AsyncTill) -> None:
        order = rows[number * 3 :] + rows[: number * 3]
        await till.tick([to(row, 10 * (number + 1)).after for row in order])
        sessions = [(await till.book(row.channel_id)).session for row in order]
        await till.keep([newer(session, 100) for session in sessions], limits if number % 2 else {})
        await till.tick([to(row, 60 + number).after for row in reversed(order)])

    await asyncio.gather(*(work(number, till) for number, till in enumerate(tills)))
    for channel in crowd[:12]:
        assert await position_and_served(tills[0], channel) == [(63, 63)]
        assert await delivered(tills[0], channel) == (63, 63)


def beside(meter: MeterRow, promise: Promise) -> MeterRow:
    """Another meter of the channel, which begins with this promise."""
    return replace(going_on(meter, promise), promise_hash=promise.struct_hash())


def going_on(meter: MeterRow, promise: Promise = OTHER, ticks: Stretch = TICKS) -> MeterRow:
    """The meter with this promise in its newest opening."""
    before = opening_of(meter).voucher
    message = dataclasses.replace(before.voucher, promises=promises_hash((promise,)))
    voucher = replace(before, voucher=message, promises=(promise,))
    return replace(meter, opening=opening_text(TicksOpening(voucher=voucher, ticks=ticks)))
