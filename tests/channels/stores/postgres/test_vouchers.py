from typing import Any

import pytest
from msgspec.structs import replace

from chain.units import Amount, Hash32, Seconds, address
from channels import Channel, Promise
from channels.exposure import Limits, OverLimit
from channels.proven import Proven
from channels.stores.aio.till import AsyncTill
from channels.stores.book import Newer
from channels.stores.columns import blob
from channels.stores.opening import Store
from tests.channels.stores.postgres.making import OpenTill, accept, at_risk, known, newer, recomputed, seen

PROMISE = Promise(
    condition=address("0x" + "c1" * 20),
    data_hash=Hash32(bytes(32)),
    amount=Amount(5),
    expiry=Seconds(99),
    salt=Hash32(bytes(32)),
)
PROVEN = Proven(promise=PROMISE, data=b"data", proof=b"proof", released=Amount(3))


async def test_a_batch_comes_back_as_it_was_kept(till: AsyncTill, crowd: list[Channel]) -> None:
    batch = [newer(await known(till, channel), 10 + number) for number, channel in enumerate(crowd)]
    assert await till.keep(batch, {}) == [True] * len(crowd)
    found = {book.session.channel.id: book.session for book in await till.all_newest()}
    assert found == {one.after.channel.id: one.after for one in batch}
    assert await till.keep([newer(one.after, 999) for one in batch], {}) == [True] * len(crowd)


async def test_promises_and_their_proofs_come_back(till: AsyncTill, channel: Channel) -> None:
    first = newer(await known(till, channel), 10, (PROMISE,))
    assert await till.keep([first], {}) == [True]
    proven = (await till.alter(channel.id, lambda session: replace(session, proven=(PROVEN,)))).session
    assert proven.proven == (PROVEN,)
    assert await till.keep([newer(proven, 10, (PROMISE,))], {}) == [True]
    assert (await till.book(channel.id)).session.proven == (PROVEN,)


async def test_another_process_that_opens_the_store_knows_how_old_money_is(
    store: Store, opened: OpenTill, channel: Channel
) -> None:
    till = opened(store)
    await known(till, channel)
    await accept(till, channel, 50, at=100)
    await till.claiming([await till.book(channel.id)], Seconds(150))
    await till.close()
    till = opened(store)
    assert (await till.book(channel.id)).unsettled_since == 100
    await accept(till, channel, 60, at=200)
    assert (await till.see(channel, seen(at=9_000, settled=50), await till.find(channel.id))).unsettled_since == 150


async def test_an_empty_batch_keeps_nothing(till: AsyncTill) -> None:
    assert await till.keep([], {}) == []


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("epoch", 1),
        ("accepted", blob(11)),
        ("signature", b"another"),
        ("proven", "another"),
        ("deposit", blob(2_000)),
        ("deposit", blob(999)),
        ("settled", blob(1)),
        ("unconfirmed", blob(1)),
        ("stopped", 1),
        ("closes_at", 1),
    ],
)
async def test_nothing_is_kept_of_a_channel_that_is_no_longer_as_it_was(
    till: AsyncTill, crowd: list[Channel], column: str, value: Any
) -> None:
    """Each column by itself, beside a channel that has not changed."""
    for channel in crowd[:2]:
        await known(till, channel)
        await accept(till, channel, 10)
    batch = [newer((await till.book(channel.id)).session, 20) for channel in crowd[:2]]
    await till.database.change(f"UPDATE epochs SET {column} = $1 WHERE channel_id = $2", value, crowd[0].id)  # noqa: S608
    everything = "SELECT * FROM epochs WHERE channel_id = $1"
    before = [tuple(row) for row in await till.database.rows(everything, crowd[0].id)]

    assert await till.keep(batch, {}) == [False, True]
    assert [tuple(row) for row in await till.database.rows(everything, crowd[0].id)] == before
    assert await at_risk(till) == (30, 0), "only what was kept is counted"
    risky = {channel.token: Limits(at_risk=Amount(1_000)) for channel in crowd}
    assert await till.keep([newer(batch[0].before, 30), newer(batch[1].after, 30)], risky) == [False, True]
    assert await at_risk(till) == (40, 0)


async def test_of_one_batch_each_counts_against_the_total(till: AsyncTill, crowd: list[Channel]) -> None:
    limits = {crowd[0].token: Limits(at_risk=Amount(25))}
    batch = [newer(await known(till, channel), 10) for channel in crowd[:4]]
    kept = await till.keep(batch, limits)
    assert kept[:2] == [True, True]
    assert [over.facts for over in kept[2:] if isinstance(over, OverLimit)] == [
        {"limit_name": "at_risk", "would_be": 30, "limit": 25}
    ] * 2
    assert await at_risk(till) == (20, 0)
    assert await till.keep([newer(batch[3].before, 5)], limits) == [True], "what is refused leaves room"


async def test_what_is_settled_leaves_room(till: AsyncTill, channel: Channel) -> None:
    limits = {channel.token: Limits(at_risk=Amount(25))}
    session = await known(till, channel)
    assert await till.keep([newer(session, 25)], limits) == [True]
    session = await known(till, channel, seen(settled=20, at=2_000))
    assert await at_risk(till) == (5, 0)
    assert await till.keep([newer(session, 45)], limits) == [True]
    assert await at_risk(till) == (25, 0)


@pytest.mark.parametrize(
    ("limits", "unconfirmed", "name"),
    [
        (Limits(at_risk_per_channel=Amount(10)), 0, "at_risk_per_channel"),
        (Limits(), 995, "unconfirmed_per_channel"),
        (Limits(unconfirmed_per_channel=None), 995, "unconfirmed"),
        (Limits(unconfirmed_per_channel=None, unconfirmed=Amount(5)), 995, "unconfirmed"),
    ],
)
async def test_every_limit_is_kept(
    till: AsyncTill, crowd: list[Channel], limits: Limits, unconfirmed: int, name: str
) -> None:
    sessions = [await known(till, channel, seen(unconfirmed)) for channel in crowd[:2]]
    policy = {crowd[0].token: limits}
    within = await till.keep([newer(session, 5) for session in sessions], policy)
    assert within == [True, True], "up to what is confirmed nothing is unconfirmed"
    kept = await till.keep([newer((await till.book(channel.id)).session, 11) for channel in crowd[:2]], policy)
    assert [over.limit_name for over in kept if isinstance(over, OverLimit)] == [name] * 2
    assert await at_risk(till) == recomputed(await till.all_newest()) == (10, 0)


async def test_what_is_not_final_counts_over_all_channels(till: AsyncTill, crowd: list[Channel]) -> None:
    sessions = [await known(till, channel, seen(995)) for channel in crowd[:2]]
    limits = {crowd[0].token: Limits(unconfirmed=Amount(10), unconfirmed_per_channel=None)}
    kept, over = await till.keep([newer(session, 11) for session in sessions], limits)
    assert kept is True
    assert isinstance(over, OverLimit)
    assert over.facts == {"limit_name": "unconfirmed", "would_be": 12, "limit": 10}
    assert await at_risk(till) == (11, 6)


async def test_limits_of_one_token_are_nothing_to_another(till: AsyncTill, describe: Any) -> None:
    tokens = ["0x" + digit * 40 for digit in "12"]
    sessions = [await known(till, describe(token=token)) for token in tokens]
    batch: list[Newer] = [newer(session, 10) for session in sessions]
    kept = await till.keep(batch, {batch[0].before.channel.token: Limits(at_risk=Amount(5))})
    assert isinstance(kept[0], OverLimit)
    assert kept[1] is True
    sums = {token: exposure.at_risk for token, exposure in (await till.exposure()).items() if exposure.at_risk}
    assert sums == {batch[1].before.channel.token: 10}
