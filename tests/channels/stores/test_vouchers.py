"""Newest wins, and only for what it was decided by."""

from collections.abc import Callable
from typing import Any

import pytest

from chain.signing import Signed
from chain.typed_data import Domain
from channels import Channel, MemoryStore, Voucher
from channels.exposure import Limits, OverLimit
from channels.stores.book import Book, Newer
from channels.stores.columns import blob, proven_text
from tests.channels.promise_states import offer, promise, proven
from tests.channels.stores.steps import accept, deliver, look, newer

Sign = Callable[..., Signed[Voucher]]
P = promise(1)


def test_of_two_that_read_the_same_one_wins(till: Any, book: Book, sign: Sign) -> None:
    first, second = newer(till, sign(5)), newer(till, sign(9))
    assert till.keep([first], {}) == [True]
    assert till.keep([second], {}) == [False]
    assert till.book(book.session.channel.id).session.newest == sign(5)


def test_in_memory_too_of_two_that_read_the_same_one_wins(domain: Domain, channel: Channel, sign: Sign) -> None:
    """Where the one before them was taken without a statement."""
    till = MemoryStore().till(domain)
    till.see(channel, look(), None)
    first = newer(till, sign(5))
    assert till.keep([first], {}) == [True]
    session, at = first.after, first.at
    richer, poorer = (Newer(session, session.receive(sign(amount))[0], sign(amount), at) for amount in (9, 7))
    assert till.keep([richer], {}) == [True]
    assert till.keep([poorer], {}) == [False]
    assert till.book(channel.id).session.newest == sign(9)
    till.close()


def test_of_one_batch_the_first_wins_too(till: Any, book: Book, sign: Sign) -> None:
    assert till.keep([newer(till, sign(5)), newer(till, sign(9))], {}) == [True, False]
    assert till.book(book.session.channel.id).session.accepted == 5
    assert till.exposure()[book.session.channel.token].at_risk == 5


@pytest.mark.parametrize(
    "change",
    [
        lambda till, book: till.alter(book.session.channel.id, lambda session: session.stop()),
        lambda till, book: till.alter(book.session.channel.id, lambda session: session.prove(proven(P, 7), 0)),
        lambda till, book: till.see(book.session.channel, look(2_000, closes_at=5), book),
        lambda till, book: till.see(book.session.channel, look(2_000, deposit=99), book),
        lambda till, book: till.see(book.session.channel, look(2_000, epoch=1), book),
        lambda till, book: till.see(book.session.channel, look(2_000, settled=1), book),
        lambda till, book: till.see(book.session.channel, look(2_000, settled=6), book),
    ],
    ids=["stopped", "proven", "closing", "smaller", "ended", "settled", "settled more"],
)
def test_nothing_is_kept_once_the_channel_has_changed(
    till: Any, book: Book, sign: Sign, change: Callable[[Any, Book], object]
) -> None:
    signed, promises = offer(sign, 5, P)
    accept(till, signed, *promises)
    decided = newer(till, sign(100))
    change(till, till.book(book.session.channel.id))
    before = till.books(), till.exposure()
    assert till.keep([decided], {}) == [False]
    assert (till.books(), till.exposure()) == before


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("channel_id", b"\1" * 32),
        ("epoch", 1),
        ("signature", b"\1" * 65),
        ("accepted", blob(6)),
        ("proven", proven_text([proven(P, 7)])),
        ("deposit", blob(99)),
        ("settled", blob(1)),
        ("unconfirmed", blob(1)),
        ("stopped", 1),
        ("closes_at", 7),
    ],
)
def test_each_column_that_a_voucher_was_decided_by_is_compared(
    domain: Domain, channel: Channel, sign: Sign, column: str, value: Any
) -> None:
    """Whoever changes one of them alone, even outside of these rules."""
    till = MemoryStore().till(domain)
    till.see(channel, look(), None)
    accept(till, sign(5))
    decided = newer(till, sign(100))
    till.database.change(f"UPDATE epochs SET {column} = $1", value)  # noqa: S608  # a name from the table above
    before = till.database.rows("SELECT * FROM epochs")
    assert till.keep([decided], {}) == [False]
    assert till.database.rows("SELECT * FROM epochs") == before
    till.close()


@pytest.mark.parametrize("column", ["delivered", "refunded", "pending", "included", "seen_at"])
def test_what_a_voucher_was_not_decided_by_does_not_stop_it(
    domain: Domain, channel: Channel, sign: Sign, column: str
) -> None:
    till = MemoryStore().till(domain)
    till.see(channel, look(), None)
    accept(till, sign(5))
    decided = newer(till, sign(100))
    till.database.change(f"UPDATE epochs SET {column} = $1", 9 if column == "seen_at" else blob(4))  # noqa: S608  # as above
    assert till.keep([decided], {}) == [True]
    (kept,) = till.database.rows(f"SELECT {column} FROM epochs")  # noqa: S608  # as above
    assert kept[0] == (9 if column == "seen_at" else blob(4))
    till.close()


def test_a_delivery_meanwhile_is_not_undone(till: Any, book: Book, sign: Sign) -> None:
    channel_id = book.session.channel.id
    accept(till, sign(50))
    decided = newer(till, sign(60))
    deliver(till, channel_id, {"a": 20})
    assert till.keep([decided], {}) == [True]
    assert till.book(channel_id).session.delivered == 20


def test_promises_and_proofs_are_kept_with_their_voucher(till: Any, book: Book, sign: Sign) -> None:
    channel_id = book.session.channel.id
    first, promises = offer(sign, 5, P, promise(2))
    assert accept(till, first, *promises) is True
    till.alter(channel_id, lambda session: session.prove(proven(P, 7), 0))
    second, rest = offer(sign, 45, promise(2))
    assert accept(till, second, *rest) is True
    kept = till.book(channel_id).session
    assert (kept.newest, kept.promises, kept.proven) == (second, rest, ())


def test_a_promise_without_an_amount_is_kept_too(till: Any, book: Book, sign: Sign) -> None:
    signed, promises = offer(sign, 0, P)
    assert accept(till, signed, *promises) is True
    kept = till.book(book.session.channel.id).session
    assert (kept.newest, kept.promises, kept.accepted) == (signed, (P,), 0)


def test_of_one_amount_a_voucher_with_other_promises_is_another(till: Any, book: Book, sign: Sign) -> None:
    first, second = offer(sign, 5, P), offer(sign, 5, P, promise(2))
    accept(till, sign(5))
    decided = newer(till, first[0], *first[1]), newer(till, second[0], *second[1])
    assert till.keep(decided, {}) == [True, False]
    assert till.book(book.session.channel.id).session.promises == (P,)


@pytest.fixture
def others(till: Any, describe: Callable[..., Channel]) -> list[Channel]:
    """Three channels, 60 of each accepted deposit of 100 final, and 40 more believed."""
    listed = [describe(salt=number) for number in (1, 2, 3)]
    for channel in listed:
        till.see(channel, look(latest=look(deposit=100).lane, deposit=60, unconfirmed=40), None)
    return listed


@pytest.mark.parametrize(
    ("named", "amounts", "refused"),
    [
        ({"at_risk": 120}, (60, 60, 1), {2: ("at_risk", 121, 120)}),
        ({"at_risk": 120}, (60, 61, 60), {1: ("at_risk", 121, 120)}),
        ({"at_risk_per_channel": 50}, (51, 50, 50), {0: ("at_risk_per_channel", 51, 50)}),
        ({}, (60, 61, 60), {1: ("unconfirmed_per_channel", 1, 0)}),
        ({"unconfirmed_per_channel": 9, "unconfirmed": 9}, (69, 60, 61), {2: ("unconfirmed", 10, 9)}),
        ({"unconfirmed_per_channel": 9, "unconfirmed": None}, (69, 70, 69), {1: ("unconfirmed_per_channel", 10, 9)}),
        ({"unconfirmed_per_channel": None, "unconfirmed": 40}, (100, 60, 60), {}),
    ],
)
def test_limits_hold_in_the_order_of_the_vouchers(
    till: Any, others: list[Channel], sign: Sign, named: dict[str, Any], amounts: Any, refused: dict[int, Any]
) -> None:
    token = others[0].token
    pairs = list(zip(others, amounts, strict=True))
    batch = [newer(till, sign(amount, channel_id=channel.id)) for channel, amount in pairs]
    kept = till.keep(batch, {token: Limits(**named)})
    for place, (channel, amount) in enumerate(pairs):
        accepted = till.book(channel.id).session.accepted
        if place in refused:
            limit_name, would_be, limit = refused[place]
            assert isinstance(kept[place], OverLimit)
            assert kept[place].facts == {"limit_name": limit_name, "would_be": would_be, "limit": limit}
            assert accepted == 0
            continue
        assert (kept[place], accepted) == (True, amount)
    sessions = [till.book(channel.id).session.exposure for channel in others]
    assert till.exposure()[token].at_risk == sum(at_risk for at_risk, _ in sessions)
    assert till.exposure()[token].unconfirmed == sum(part for _, part in sessions)


def test_limits_are_of_one_token(till: Any, others: list[Channel], describe: Any, sign: Sign) -> None:
    other = describe(token="0x" + "22" * 20)
    till.see(other, look(), None)
    limits = {others[0].token: Limits(at_risk=10)}  # type: ignore[arg-type]
    batch = [newer(till, sign(9, channel_id=others[0].id)), newer(till, sign(99, channel_id=other.id))]
    assert till.keep(batch, limits) == [True, True]
    assert {token: sums.at_risk for token, sums in till.exposure().items()} == {others[0].token: 9, other.token: 99}


def test_a_settlement_makes_room_again(till: Any, others: list[Channel], sign: Sign) -> None:
    channel, limits = others[0], {others[0].token: Limits(at_risk=10)}  # type: ignore[arg-type]
    assert till.keep([newer(till, sign(10, channel_id=channel.id))], limits) == [True]
    assert isinstance(till.keep([newer(till, sign(11, channel_id=channel.id))], limits)[0], OverLimit)
    till.see(channel, look(2_000, deposit=60, settled=1), till.book(channel.id))
    assert till.keep([newer(till, sign(11, channel_id=channel.id))], limits) == [True]


def test_no_vouchers_are_kept_in_no_time(till: Any) -> None:
    assert till.keep([], {}) == []


def test_a_batch_is_kept_as_a_whole_or_not_at_all(till: Any, others: list[Channel], sign: Sign) -> None:
    class Failing(dict[Any, Any]):
        calls = 0

        def get(self, *_: Any) -> None:
            self.calls += 1
            if self.calls == 2:
                raise OSError("the disk is full")

    batch = [newer(till, sign(9, channel_id=channel.id)) for channel in others]
    with pytest.raises(OSError, match="full"):
        till.keep(batch, Failing())
    assert [till.book(channel.id).session.accepted for channel in others] == [0, 0, 0]
    assert till.exposure() == {}
    assert till.keep(batch, {}) == [True, True, True]
