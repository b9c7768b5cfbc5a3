from collections.abc import Mapping
from typing import Any

import pytest

from chain.errors import EarnestError, Malformed
from chain.refusals import InvalidAmount
from chain.units import Amount, Seconds
from channels import Channel
from channels.errors import KeyReused, NotEnough, UnknownLane
from channels.stores.aio.till import AsyncTill
from channels.stores.book import Delivered, Order
from tests.channels.stores.postgres.making import accept, known, seen


def order(channel: Channel, prices: Mapping[str, int]) -> Order:
    return Order(channel.id, {key: Amount(price) for key, price in prices.items()}, Seconds(7))


def sums(answer: list[Delivered] | EarnestError) -> list[tuple[int, int, int]]:
    assert isinstance(answer, list), answer
    return [(each.price, each.delivered, each.left) for each in answer]


@pytest.fixture
async def paid(till: AsyncTill, crowd: list[Channel]) -> list[Channel]:
    """Two channels with 100 accepted in each."""
    for channel in crowd[:2]:
        await known(till, channel)
        await accept(till, channel, 100)
    return crowd[:2]


async def delivered(till: AsyncTill, channel: Channel) -> int:
    return (await till.book(channel.id)).session.delivered


async def test_orders_of_one_batch_come_one_after_the_other(till: AsyncTill, paid: list[Channel]) -> None:
    one, other = paid
    batch = [
        order(one, {"a": 60}),
        order(other, {"a": 10, "b": 20}),
        order(one, {"b": 50}),
        order(one, {"a": 60, "c": 40}),
    ]
    first, second, short, last = await till.deliver(batch)
    assert sums(first) == [(60, 60, 40)]
    assert sums(second) == [(10, 10, 90), (20, 30, 70)]
    assert isinstance(short, NotEnough)
    assert short.facts == {"price": 50, "left": 40}
    assert sums(last) == [(60, 60, 40), (40, 100, 0)], "asked again within the batch it is answered the same"
    assert [await delivered(till, channel) for channel in paid] == [100, 30]
    assert [(each.key, each.price, each.epoch, each.at) for each in await till.deliveries()] == [
        (key, price, 0, 7)
        for _, key, price in sorted([(one.id, "a", 60), (one.id, "c", 40), (other.id, "a", 10), (other.id, "b", 20)])
    ]


async def test_a_key_is_delivered_once_and_answered_the_same_for_ever(till: AsyncTill, paid: list[Channel]) -> None:
    again = [await till.deliver([order(paid[0], {"a": 60})]) for _ in range(3)]
    assert [sums(answer) for (answer,) in again] == [[(60, 60, 40)]] * 3
    assert await delivered(till, paid[0]) == 60


@pytest.mark.parametrize(
    ("prices", "error"),
    [
        ({"b": 1, "a": 59}, KeyReused),
        ({"b": 1, "c": 40}, NotEnough),
        ({"b": 1, "c": 0}, InvalidAmount),
        ({"b": 1, "c" * 1_025: 1}, Malformed),
        ({"b": 1, "a\0": 1}, Malformed),
        ({"b": 1, "\ud800": 1}, Malformed),
        ({"b": 1, "": 1}, Malformed),
        ({"b": 1, None: 1}, Malformed),
    ],
)
async def test_an_order_that_is_refused_half_way_leaves_nothing_and_harms_no_other(
    till: AsyncTill, paid: list[Channel], prices: Mapping[str, int], error: type[EarnestError]
) -> None:
    await till.deliver([order(paid[0], {"a": 60})])
    refused, fine = await till.deliver([order(paid[0], prices), order(paid[1], {"b": 5})])
    assert isinstance(refused, error)
    assert sums(fine) == [(5, 5, 95)]
    assert await delivered(till, paid[0]) == 60
    assert sums((await till.deliver([order(paid[0], {"b": 7})]))[0]) == [(7, 67, 33)], "the key is still free"


async def test_the_longest_key_is_kept(till: AsyncTill, paid: list[Channel]) -> None:
    key = "\U0001f600" * 256
    assert sums((await till.deliver([order(paid[0], {key: 1})]))[0]) == [(1, 1, 99)]
    assert (await till.delivery(paid[0].id, key)).price == 1


async def test_an_unknown_channel_gets_nothing(
    till: AsyncTill, paid: list[Channel], channel: Any, describe: Any
) -> None:
    stranger = describe(salt=999)
    unknown, fine = await till.deliver([order(stranger, {"a": 1}), order(paid[0], {"a": 1})])
    assert isinstance(unknown, UnknownLane)
    assert sums(fine) == [(1, 1, 99)]


async def test_a_key_counts_over_all_epochs(till: AsyncTill, paid: list[Channel]) -> None:
    await till.deliver([order(paid[0], {"a": 60})])
    await known(till, paid[0], seen(epoch=1, at=2_000))
    await accept(till, paid[0], 30)
    (answer,) = await till.deliver([order(paid[0], {"a": 60, "b": 30})])
    assert sums(answer) == [(60, 60, 40), (30, 30, 0)]
    assert [book.session.delivered for book in await till.books() if book.session.channel == paid[0]] == [60, 30]


async def test_what_is_refunded_can_be_delivered_again(till: AsyncTill, paid: list[Channel]) -> None:
    await till.deliver([order(paid[0], {"a": 60})])
    for _ in range(2):
        await till.refund(paid[0].id, "a", Amount(50))
    assert sums((await till.deliver([order(paid[0], {"b": 90})]))[0]) == [(90, 100, 0)]
