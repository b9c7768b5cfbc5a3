"""How old the oldest money is that is owed: never taken for younger than it is, whoever settles what."""

from collections.abc import Sequence
from typing import Any

import pytest
from msgspec.structs import replace

from chain.units import Hash32, Seconds
from channels import Channel, PayeeSession
from channels.stores.aio.till import AsyncTill
from channels.stores.book import Book, MeterRow
from tests.channels.promise_states import promise, proven
from tests.channels.stores.postgres.making import accept, known, newer, seen
from tests.channels.stores.steps import spent

KINDS = ("memory", "sqlite", "postgres", "by channel")
pytestmark = pytest.mark.parametrize("store", KINDS, indirect=True)
P = promise(1)


async def since(till: AsyncTill, channel: Channel) -> int:
    return (await till.book(channel.id)).unsettled_since


async def look(till: AsyncTill, channel: Channel, at: int, **lane: Any) -> Book:
    return await till.see(channel, seen(at=at, **lane), await till.find(channel.id))


async def claim(till: AsyncTill, channel: Channel, at: int) -> None:
    """As a payee does, before it sends."""
    await till.claiming([await till.book(channel.id)], Seconds(at))


async def test_the_oldest_money_counts(till: AsyncTill, channel: Channel) -> None:
    await known(till, channel)
    for number, at in enumerate((100, 200, 150), 1):
        await accept(till, channel, number, at)
        assert await since(till, channel) == 100


async def test_each_channel_of_a_batch_has_its_own(till: AsyncTill, crowd: list[Channel]) -> None:
    for one in crowd[:3]:
        await known(till, one)
    await accept(till, crowd[1], 5, at=70)
    sessions = [(await till.book(one.id)).session for one in crowd[:3]]
    batch = [newer(session, 9, at=100 + place) for place, session in enumerate(sessions)]
    assert await till.keep(batch, {}) == [True, True, True]
    assert [await since(till, one) for one in crowd[:3]] == [100, 70, 102]


async def test_what_was_decided_by_an_older_session_changes_no_age(till: AsyncTill, channel: Channel) -> None:
    before = await known(till, channel)
    await accept(till, channel, 5, at=100)
    assert await till.keep([newer(before, 9, at=50)], {}) == [False]
    assert await since(till, channel) == 100


async def test_a_promise_is_no_money_until_it_is_folded(till: AsyncTill, channel: Channel) -> None:
    before = await known(till, channel)
    assert await till.keep([newer(before, 0, (P,), at=100)], {}) == [True]
    await till.alter(channel.id, lambda session: replace(session, proven=(proven(P, 30),)), Seconds(200))
    before = (await till.book(channel.id)).session
    assert await till.keep([newer(before, 40, proven=(), at=300)], {}) == [True]
    assert await since(till, channel) == 300


async def test_what_is_recorded_of_a_promise_is_money(till: AsyncTill, channel: Channel) -> None:
    before = await known(till, channel)
    assert await till.keep([newer(before, 0, (P,), at=100)], {}) == [True]
    for at in (200, 250):
        recorded = (proven(P, 30, 30),)
        await till.alter(channel.id, lambda session: replace(session, proven=recorded), Seconds(at))  # noqa: B023
        assert await since(till, channel) == 200
    assert await till.keep([newer((await till.book(channel.id)).session, 40, proven=(), at=300)], {}) == [True]
    assert await since(till, channel) == 200


async def test_a_change_that_brings_nothing_makes_no_money_younger(till: AsyncTill, channel: Channel) -> None:
    await known(till, channel)
    await till.alter(channel.id, PayeeSession.stop)
    await till.alter(channel.id, PayeeSession.go_on)
    await accept(till, channel, 5, at=100)
    await till.alter(channel.id, PayeeSession.stop)
    await till.alter(channel.id, PayeeSession.go_on, Seconds(200))
    await look(till, channel, 300_000)
    await till.include(channel.id, seen(settled=5).lane)
    assert await since(till, channel) == 100


async def test_folded_ticks_count_from_the_first_fold(till: AsyncTill, channel: Channel) -> None:
    before = await known(till, channel)
    row = MeterRow(
        channel_id=channel.id,
        promise_hash=P.struct_hash(),
        epoch=0,
        opening=spent(channel),
        position=1,
        tip=Hash32(bytes(32)),
    )
    assert await till.keep([newer(before, 0, (P,), at=100)], {}) == [True]
    await till.begin(row)

    for amount, at in ((20, 200), (30, 300)):

        def decide(
            session: PayeeSession, meter: MeterRow, others: Sequence[MeterRow], total: tuple[int, int] | None
        ) -> tuple[PayeeSession, MeterRow]:
            return newer(session, amount, session.promises).after, meter  # noqa: B023

        await till.fold(channel.id, row.promise_hash, Seconds(at), decide)
        assert await since(till, channel) == 200


async def test_what_comes_after_all_was_settled_is_young(till: AsyncTill, channel: Channel) -> None:
    await known(till, channel)
    await accept(till, channel, 5, at=100)
    await look(till, channel, 200_000, settled=5)
    await accept(till, channel, 6, at=300)
    assert await since(till, channel) == 300


async def test_what_comes_after_a_claim_is_as_old_as_the_claim_once_that_is_settled(
    till: AsyncTill, channel: Channel
) -> None:
    await known(till, channel)
    await accept(till, channel, 50, at=100)
    await claim(till, channel, 150)
    await accept(till, channel, 60, at=160)
    await look(till, channel, 200_000)
    assert await since(till, channel) == 100, "nothing is settled yet"
    await look(till, channel, 300_000, settled=49)
    assert await since(till, channel) == 100, "somebody has shown an older voucher"
    await look(till, channel, 400_000, settled=50)
    assert await since(till, channel) == 150


async def test_a_part_that_somebody_settles_makes_the_rest_no_younger(till: AsyncTill, channel: Channel) -> None:
    """Else a payer could put off the rest for ever, for the fee of a claim each time."""
    await known(till, channel)
    await accept(till, channel, 50, at=100)
    for settled in (1, 2, 49):
        await look(till, channel, settled * 100_000, settled=settled)
        assert await since(till, channel) == 100


async def test_a_claim_that_is_tried_again_makes_nothing_younger(till: AsyncTill, channel: Channel) -> None:
    """What came between the two is in neither."""
    await known(till, channel)
    await accept(till, channel, 50, at=100)
    claimed = await till.book(channel.id)
    await till.claiming([claimed], Seconds(150))
    await accept(till, channel, 60, at=160)
    await till.claiming([claimed], Seconds(900))
    await look(till, channel, 1_000_000, settled=50)
    assert await since(till, channel) == 150


async def test_an_older_claim_does_not_set_the_age_back(till: AsyncTill, channel: Channel) -> None:
    await known(till, channel)
    await accept(till, channel, 50, at=100)
    await claim(till, channel, 150)
    await look(till, channel, 200_000, settled=50)
    await accept(till, channel, 60, at=300)
    await look(till, channel, 400_000, settled=50)
    assert await since(till, channel) == 300


async def test_of_many_claims_each_is_noted_and_what_has_no_voucher_is_passed_over(
    till: AsyncTill, crowd: list[Channel], monkeypatch: pytest.MonkeyPatch
) -> None:
    for form in ("aio", "sync"):
        monkeypatch.setattr(f"channels.stores.{form}.journal._SOME", 7)
    for one in crowd:
        await known(till, one)
    for one in crowd[1:]:
        await accept(till, one, 10, at=100)
    await till.claiming([await till.book(one.id) for one in reversed(crowd)], Seconds(150))
    for one in crowd[1:]:
        await accept(till, one, 20, at=200)
        await look(till, one, 300_000, settled=10)
    assert [book.unsettled_since for book in await till.all_newest() if book.session.newest] == [150] * 39


async def test_what_was_recovered_is_older_than_any_wait(till: AsyncTill, channel: Channel) -> None:
    session = PayeeSession(channel=channel, lane=seen().lane)
    await till.recover([newer(session, 10).after])
    book = await till.book(channel.id)
    assert (book.session.owed, book.unsettled_since) == (10, 0)


async def test_an_epochs_claim_says_nothing_of_the_next_one(till: AsyncTill, channel: Channel) -> None:
    await known(till, channel)
    await accept(till, channel, 10, at=100)
    claimed = await till.book(channel.id)
    await look(till, channel, 200_000, epoch=1)
    await accept(till, channel, 20, at=300)
    await till.claiming([claimed], Seconds(400))
    await look(till, channel, 500_000, epoch=1, settled=10)
    assert (await till.book(channel.id)).unsettled_since == 300
