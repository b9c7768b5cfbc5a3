from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from chain.errors import EarnestError, Malformed
from chain.refusals import InvalidAmount
from chain.signing import Signed
from chain.typed_data import Domain
from channels import Channel, Voucher
from channels.errors import KeyReused, NotEnough, RefundTooLarge, UnknownDelivery, UnknownLane, WrongEpoch
from channels.stores.book import Book, Delivered, Delivery, Order
from channels.stores.fulfilment import LONGEST_KEY
from channels.stores.opening import MemoryStore
from tests.channels.stores.steps import LATER, accept, deliver, look

Sign = Callable[..., Signed[Voucher]]


@pytest.fixture
def channel_id(till: Any, book: Book, sign: Sign) -> Any:
    """50 accepted."""
    accept(till, sign(50))
    return book.session.channel.id


def sums(price: Any, delivered: Any, left: Any) -> Delivered:
    return Delivered(price, delivered, left)


def test_a_key_is_delivered_once(till: Any, channel_id: Any) -> None:
    assert deliver(till, channel_id, {"a": 20}) == [sums(20, 20, 30)]
    assert deliver(till, channel_id, {"b": 20}) == [sums(20, 40, 10)]
    assert deliver(till, channel_id, {"a": 20}) == [sums(20, 20, 30)], "the same answer"
    assert till.book(channel_id).session.delivered == 40


@pytest.mark.parametrize(
    ("prices", "error", "facts"),
    [
        ({"a": 10}, KeyReused, {"key": "a", "price": 10, "delivered": 20}),
        ({"c": 31}, NotEnough, {"price": 31, "left": 30}),
        ({"c": 0}, InvalidAmount, {}),
        ({"c": -1}, InvalidAmount, {}),
        ({"c": 10, "d": 21}, NotEnough, {"price": 21, "left": 20}),
        ({"c": 10, "a": 10}, KeyReused, {"key": "a", "price": 10, "delivered": 20}),
    ],
)
def test_an_order_that_is_refused_changes_nothing(
    till: Any, channel_id: Any, prices: dict[str, Any], error: type[EarnestError], facts: dict[str, Any]
) -> None:
    deliver(till, channel_id, {"a": 20})
    with pytest.raises(error) as caught:
        deliver(till, channel_id, prices)
    assert caught.value.facts == facts
    assert till.book(channel_id).session.delivered == 20
    assert [made.key for made in till.deliveries()] == ["a"]
    assert deliver(till, channel_id, {"c": 30, "a": 20}) == [sums(30, 50, 0), sums(20, 20, 30)]


def test_orders_are_answered_in_their_order_and_each_for_itself(till: Any, channel_id: Any) -> None:
    said: list[tuple[Any, dict[str, Any]]] = [
        (channel_id, {"a": 20, "b": 10}),
        (channel_id, {"c": 21}),
        (bytes(32), {"a": 1}),
        (channel_id, {"a": 20, "d": 20}),
        (channel_id, {}),
    ]
    orders = [Order(lane, prices, LATER) for lane, prices in said]
    first, short, unknown, last, empty = till.deliver(orders)
    assert first == [sums(20, 20, 30), sums(10, 30, 20)]
    assert isinstance(short, NotEnough)
    assert isinstance(unknown, UnknownLane)
    assert last == [sums(20, 20, 30), sums(20, 50, 0)]
    assert empty == []


def test_a_key_that_was_refused_can_be_used_later(till: Any, channel_id: Any, sign: Sign) -> None:
    with pytest.raises(NotEnough):
        deliver(till, channel_id, {"a": 60})
    accept(till, sign(60))
    assert deliver(till, channel_id, {"a": 60}) == [sums(60, 60, 0)]


def test_a_key_counts_for_one_channel_over_all_its_epochs(
    till: Any, channel_id: Any, sign: Sign, describe: Callable[..., Channel], channel: Channel
) -> None:
    other = describe(salt=1)
    till.see(other, look(), None)
    accept(till, sign(30, channel_id=other.id))
    assert deliver(till, channel_id, {"a": 20}) == [sums(20, 20, 30)]
    assert deliver(till, other.id, {"a": 10}) == [sums(10, 10, 20)], "another customer can't take a key away"

    till.see(channel, look(2_000, epoch=1), till.book(channel_id))
    accept(till, sign(40, epoch=1))
    assert deliver(till, channel_id, {"a": 20}) == [sums(20, 20, 30)], "served before the re-open: not charged again"
    assert till.book(channel_id).session.delivered == 0
    assert deliver(till, channel_id, {"b": 20}) == [sums(20, 20, 20)]
    assert (till.delivery(channel_id, "a").epoch, till.delivery(channel_id, "b").epoch) == (0, 1)


@pytest.mark.parametrize(
    ("key", "good"),
    [
        ("k", True),
        ("k" * LONGEST_KEY, True),
        ("é" * (LONGEST_KEY // 2), True),
        ("k" * (LONGEST_KEY + 1), False),
        ("é" * (LONGEST_KEY // 2) + "k", False),
        ("\ud800", False),
        ("a\0b", False),
        ("", False),
        (None, False),
        (7, False),
    ],
)
def test_a_key_is_text_that_every_database_can_keep(till: Any, channel_id: Any, key: Any, good: bool) -> None:
    orders = [Order(channel_id, {key: 1}, LATER), Order(channel_id, {"b": 1}, LATER)]  # type: ignore[dict-item]
    answer, other = till.deliver(orders)
    assert isinstance(other, list), "it stands in nobody's way"
    if good:
        assert (answer, till.delivery(channel_id, key).key) == ([sums(1, 1, 49)], key)
        return
    assert isinstance(answer, Malformed)
    assert answer.what == "key"
    assert till.book(channel_id).session.delivered == 1


def test_a_refund_can_be_spent_again_and_is_given_once(till: Any, channel_id: Any) -> None:
    deliver(till, channel_id, {"a": 20, "b": 30})
    for _ in range(2):
        book, made = till.refund(channel_id, "a", 15)
        assert (book.session.refunded, book.session.delivered, book.session.left) == (15, 50, 15)
        assert made == Delivery(channel_id=channel_id, key="a", epoch=0, at=LATER, price=20, refunded=15)  # type: ignore[arg-type]
    assert till.refund(channel_id, "a", 10)[1].refunded == 15, "it is never taken back"
    assert till.refund(channel_id, "a", 16)[0].session.refunded == 16
    assert till.refund(channel_id, "b", 1)[0].session.refunded == 17
    assert deliver(till, channel_id, {"c": 17}) == [sums(17, 50, 0)]
    (old,) = deliver(till, channel_id, {"a": 20})
    assert old == replace(sums(20, 20, 30), refunded=16), "the answer of old, and what was refunded since"
    with pytest.raises(NotEnough):
        deliver(till, channel_id, {"d": 1})


def test_no_more_is_refunded_than_the_delivery_cost(till: Any, channel_id: Any) -> None:
    deliver(till, channel_id, {"a": 20, "b": 30})
    assert till.refund(channel_id, "a", 20)[1].refunded == 20
    with pytest.raises(RefundTooLarge) as caught:
        till.refund(channel_id, "a", 21)
    assert caught.value.facts == {"key": "a", "price": 20, "refund": 21}
    assert till.refund(channel_id, "a", 0)[0].session.refunded == 20


def test_only_what_was_delivered_in_this_epoch_is_refunded(till: Any, channel_id: Any, channel: Channel) -> None:
    deliver(till, channel_id, {"a": 20})
    till.refund(channel_id, "a", 5)
    with pytest.raises(UnknownDelivery) as caught:
        till.refund(channel_id, "b", 1)
    assert caught.value.facts == {"key": "b"}
    with pytest.raises(UnknownDelivery):
        till.delivery(channel_id, "b")
    with pytest.raises(UnknownLane):
        till.refund(bytes(32), "a", 1)

    new = till.see(channel, look(2_000, epoch=1), till.book(channel_id))
    assert till.refund(channel_id, "a", 5)[0] == new, "it was refunded before"
    with pytest.raises(WrongEpoch) as ended:
        till.refund(channel_id, "a", 6)
    assert ended.value.facts == {"epoch": 0, "current": 1}
    assert till.delivery(channel_id, "a").refunded == 5


@pytest.mark.parametrize("number", [3, 4, 5, 8])
def test_deliveries_come_page_by_page_by_channel_and_key(
    domain: Domain, describe: Any, sign: Sign, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    monkeypatch.setattr("channels.stores.sync.deliveries.PAGE", 4)
    till, channels = MemoryStore().till(domain), [describe(salt=salt) for salt in range(2)]
    expected = []
    for channel in channels:
        till.see(channel, look(), None)
        accept(till, sign(50, channel_id=channel.id))
        deliver(till, channel.id, {f"key {place}": 1 for place in range(number)})
        expected += [(channel.id, f"key {place}") for place in range(number)]
    assert [(made.channel_id, made.key) for made in till.deliveries()] == sorted(expected)
    till.close()
