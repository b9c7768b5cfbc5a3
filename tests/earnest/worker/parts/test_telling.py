import json
from collections.abc import Callable
from pathlib import Path

import pytest

from chain import LocalChain
from chain.follower.errors import FinalBlockUndone
from earnest.worker.errors import FollowedAnew
from earnest.worker.news import Cursor, News, Seen
from earnest.worker.parts.telling import Telling
from earnest.worker.webhooks.deliveries import Deliveries
from tests.chain.follower.nodes import Nodes, nodes, replaced_at
from tests.earnest.worker.shop import DEEP, Desk, captured, desk, paid
from tests.earnest.worker.values import endpoint

__all__ = ["nodes"]

Told = tuple[str, str, str]
"""Which payment, what happened, how sure."""


def emptied(desk: Desk) -> list[Told]:
    """What an endpoint that takes everything gets, in its order."""
    told = []
    while due := desk.deliveries.due("shop", 0, 99):
        for delivery in due:
            body = json.loads(delivery.body)
            told.append((delivery.subject, body["type"].partition(".")[2], body["finality"]))
            desk.deliveries.delivered(desk.held, delivery)
    return told


def remove(folder: Path, pattern: str) -> None:
    for file in folder.glob(pattern):
        file.unlink()


def later(chain: LocalChain) -> None:
    """Else the same transactions would make the same blocks."""
    chain.travel(to=chain.after(seconds=1))


def about(told: list[Told], payment_id: bytes) -> list[tuple[str, str]]:
    return [(name, finality) for subject, name, finality in told if subject == "0x" + payment_id.hex()]


async def test_an_event_is_told_when_it_is_seen_and_again_when_it_is_final(
    chain: LocalChain, url: str, tmp_path: Path
) -> None:
    async with desk(url, tmp_path, endpoint()) as shop:
        await shop.read()
        emptied(shop)
        payment = captured(chain, paid(chain))
        await shop.read()
        assert about(emptied(shop), payment.payment_id) == [("Authorized", "latest"), ("Captured", "latest")]

        chain.mine(DEEP)
        await shop.read()

        assert about(emptied(shop), payment.payment_id) == [("Authorized", "final"), ("Captured", "final")]
        await shop.read()
        assert not emptied(shop)


async def test_what_is_undone_is_told_before_what_replaced_it(chain: LocalChain, url: str, tmp_path: Path) -> None:
    async with desk(url, tmp_path, endpoint()) as shop:
        expiry = chain.after(days=14)
        await shop.read()
        before = chain.snapshot()
        payment = captured(chain, paid(chain, expiry=expiry))
        await shop.read()
        chain.restore(before)
        later(chain)
        again = paid(chain, expiry=expiry)
        chain.mine(DEEP)
        await shop.read()

        assert again.payment_id == payment.payment_id
        assert about(emptied(shop), payment.payment_id) == [
            ("Authorized", "latest"),
            ("Captured", "latest"),
            ("Captured", "undone"),
            ("Authorized", "undone"),
            ("Authorized", "latest"),
            ("Authorized", "final"),
        ]


async def test_what_was_undone_while_nobody_read_is_told_in_full(chain: LocalChain, url: str, tmp_path: Path) -> None:
    async with desk(url, tmp_path, endpoint()) as shop:
        await shop.read()
        before = chain.snapshot()
        payment = paid(chain)
        await shop.following.round(shop.held, 0)
        chain.restore(before)
        later(chain)
        chain.mine(DEEP + 2)
        await shop.following.round(shop.held, 0)

        await shop.read()

        assert about(emptied(shop), payment.payment_id) == [("Authorized", "latest"), ("Authorized", "undone")]


async def test_every_telling_of_an_event_has_another_id(chain: LocalChain, url: str, tmp_path: Path) -> None:
    async with desk(url, tmp_path, endpoint()) as shop:
        paid(chain)
        chain.mine(DEEP)
        await shop.read()

        ids = shop.file.rows("SELECT id FROM messages")
        assert len(ids) == len(set(ids)) > 1


async def test_a_worker_that_is_killed_between_reading_and_keeping_reads_again(
    chain: LocalChain, url: str, tmp_path: Path
) -> None:
    async with desk(url, tmp_path, endpoint()) as shop:
        paid(chain)
        await shop.following.round(shop.held, 0)
        news = shop.telling._news
        first, _ = news.after(shop.deliveries.cursor, 99)

        second, cursor = news.after(shop.deliveries.cursor, 99)

        assert first == second
        shop.deliveries.keep(shop.held, second, cursor, 0)
        assert news.after(shop.deliveries.cursor, 99) == ([], cursor)


async def test_small_helpings_tell_the_same_in_the_same_order(chain: LocalChain, url: str, tmp_path: Path) -> None:
    async with desk(url, tmp_path, endpoint()) as shop:
        await shop.following.round(shop.held, 0)
        before = chain.snapshot()
        captured(chain, paid(chain))
        await shop.following.round(shop.held, 0)
        chain.restore(before)
        later(chain)  # What was undone makes the news longer than what is final.
        for salt in range(3):
            captured(chain, paid(chain, salt=salt))
        chain.mine(DEEP)
        await shop.following.round(shop.held, 0)
        news, cursor, helpings = shop.telling._news, Cursor(), []
        while (helping := news.after(cursor, 1))[0]:
            helpings += helping[0]
            cursor = helping[1]

        at_once, end = news.after(Cursor(), 999)

        assert end == cursor
        for seen in at_once:
            assert helpings.count(seen) == 1
        for place, seen in enumerate(helpings):
            if seen.finality == "final":
                assert (seen.position, "latest") in {(told.position, told.finality) for told in helpings[:place]}


async def test_a_follower_that_was_made_anew_is_noticed_and_read_again_on_demand(
    chain: LocalChain, url: str, tmp_path: Path
) -> None:
    async with desk(url, tmp_path, endpoint()) as shop:
        before = chain.snapshot()
        paid(chain)
        await shop.read()
        chain.restore(before)
    remove(tmp_path, "follower.db*")
    later(chain)
    payment = paid(chain, salt=7)
    chain.mine(DEEP)

    async with desk(url, tmp_path, endpoint()) as shop:
        with pytest.raises(FollowedAnew):
            await shop.read()
        Deliveries(shop.file, chain.chain_id, ()).read_again()
        await shop.read()
        assert ("Authorized", "final") in about(emptied(shop), payment.payment_id)


async def test_what_a_follower_made_anew_does_not_have_is_undone_before_what_replaced_it(
    chain: LocalChain, url: str, tmp_path: Path
) -> None:
    async with desk(url, tmp_path, endpoint()) as shop:
        await shop.read()
        emptied(shop)
        stays = paid(chain, salt=1)
        before = chain.snapshot()
        expiry = chain.after(days=14)
        payment = captured(chain, paid(chain, expiry=expiry))
        await shop.read()
        assert about(emptied(shop), payment.payment_id) == [("Authorized", "latest"), ("Captured", "latest")]
    remove(tmp_path, "follower.db*")
    chain.restore(before)
    later(chain)
    again = paid(chain, expiry=expiry)
    assert again.payment_id == payment.payment_id

    async with desk(url, tmp_path, endpoint()) as shop:
        shop.deliveries.read_again()
        await shop.read()
        assert emptied(shop) == []  # One block is missing, in which it may still have happened.
        chain.mine(1)
        await shop.following.round(shop.held, 0)
        report = await shop.telling.round(shop.held, 0)
        assert [(count.name, count.labels) for count in report.counts][:2] == [
            ("events_undone", ("Escrow", "Captured")),
            ("events_undone", ("Escrow", "Authorized")),
        ]
        assert {(said.event, said.warn) for said in report.said} == {("event undone", True)}
        await shop.read()

        told = emptied(shop)
        assert about(told, payment.payment_id) == [
            ("Captured", "undone"),
            ("Authorized", "undone"),
            ("Authorized", "latest"),
        ]
        assert about(told, stays.payment_id) == [("Authorized", "latest")]
        chain.mine(DEEP)
        await shop.read()
        assert about(emptied(shop), payment.payment_id) == [("Authorized", "final")]
        assert shop.file.rows("SELECT count(*) FROM told") == [(0,)]


async def test_once_a_final_block_was_undone_it_neither_follows_nor_tells(
    chain: LocalChain, nodes: Callable[[int], Nodes], tmp_path: Path
) -> None:
    node = nodes(1)
    async with desk(node.urls[0], tmp_path, endpoint(), deep=1) as shop:
        payment = paid(chain)
        report = await shop.following.round(shop.held, 0)
        (final,) = (gauge.value for gauge in report.gauges if gauge.name == "follower_final_block")
        node.lie(replaced_at(int(final)))
        chain.mine(1)
        with pytest.raises(FinalBlockUndone):
            await shop.following.round(shop.held, 0)
        node.lie(None)

        for part in (shop.following, shop.telling):
            with pytest.raises(FinalBlockUndone):
                await part.round(shop.held, 0)
        with pytest.raises(FinalBlockUndone):
            shop.telling._news.missing([(int(final), "0x", 0)])
        shop.telling._news._file.resume()
        await shop.read()

        assert about(emptied(shop), payment.payment_id) == [("Authorized", "latest"), ("Authorized", "final")]


async def test_all_is_read_again_although_a_round_is_under_way(chain: LocalChain, url: str, tmp_path: Path) -> None:
    class Person(News):
        """Asks for it between the round's reading and its keeping."""

        def after(self, cursor: Cursor, most: int) -> tuple[list[Seen], Cursor]:
            found = super().after(cursor, most)
            if found[0] and not cursor.reading:
                shop.deliveries.read_again()
            return found

    async with desk(url, tmp_path, endpoint()) as shop:
        payment = paid(chain)
        await shop.following.round(shop.held, 0)
        shop.telling = Telling(Person(shop.telling._news._file), shop.deliveries)

        report = await shop.telling.round(shop.held, 0)
        assert report.again
        assert [count for count in report.counts if count.more] == []
        await shop.read()

        assert shop.deliveries.cursor.reading == 1
        assert about(emptied(shop), payment.payment_id) == [("Authorized", "latest")]


async def test_rounds_count_what_was_read_and_warn_of_what_was_undone(
    chain: LocalChain, url: str, tmp_path: Path
) -> None:
    async with desk(url, tmp_path, endpoint()) as shop:
        await shop.read()
        before = chain.snapshot()
        paid(chain)
        report = await shop.following.round(shop.held, 0)
        assert {gauge.name for gauge in report.gauges} >= {"follower_head_block", "follower_final_block"}
        assert report.behind is not None
        read = await shop.telling.round(shop.held, 0)
        chain.restore(before)
        later(chain)
        chain.mine(2)
        await shop.following.round(shop.held, 0)
        undone = await shop.telling.round(shop.held, 0)

    labels = ("Escrow", "Authorized")
    assert [count.more for count in read.counts if count.labels == labels] == [1]
    assert [count.name for count in undone.counts if count.labels == labels] == ["events_undone"]
    assert [(said.event, said.warn) for said in undone.said] == [("event undone", True)]
