from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chain.refusals import InvalidAmount
from chain.signing import Signed
from chain.typed_data import Domain
from chain.units import Amount
from channels import Channel, Lane, PayeeSession, SignedVoucher, Voucher
from channels.errors import ChainWentBack, KeyReused, NotEnough, UnknownLane
from channels.stores.till import Book, Till

Sign = Callable[..., Signed[Voucher]]
DEPOSIT: Any = 2**96 - 1


def lane_of(**members: Any) -> Lane:
    return Lane(**{"deposit": DEPOSIT} | members)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "till.db"


@pytest.fixture
def till(path: Path, domain: Domain) -> Iterator[Till]:
    store = Till(path, domain)
    yield store
    store.close()


@pytest.fixture
def book(till: Till, channel: Channel) -> Book:
    """Epoch 0, nothing accepted."""
    return till.see(channel, lane_of(), 1_000, None)


def accept(till: Till, signed: Signed[Voucher]) -> bool:
    return till.keep(signed, till.book(signed.message.channel_id).session)


def test_a_channel_is_known_once_it_was_seen(till: Till, channel: Channel) -> None:
    assert till.find(channel.id) is None
    with pytest.raises(UnknownLane):
        till.book(channel.id)
    seen = till.see(channel, lane_of(settled=7, closes_at=9, epoch=3), 1_000, None)
    assert seen == till.book(channel.id)
    assert seen.session.accepted == 7, "what is settled is accepted"
    assert (seen.session.lane.epoch, seen.session.lane.closes_at, seen.seen_at) == (3, 9, 1_000)


def test_the_newest_voucher_is_kept_with_its_signature(
    till: Till, book: Book, sign: Sign, path: Path, domain: Domain
) -> None:
    for amount in (2**64, DEPOSIT):
        assert accept(till, sign(amount))
    till.close()
    again = Till(path, domain)
    kept, signed = again.book(book.session.channel.id), sign(DEPOSIT)
    assert kept.session == replace(book.session, accepted=DEPOSIT)
    assert kept.voucher == SignedVoucher(
        channel=book.session.channel, voucher=signed.message, signature=signed.signature
    )
    again.close()


def test_of_two_that_read_the_same_one_wins(till: Till, book: Book, sign: Sign) -> None:
    assert till.keep(sign(5), book.session)
    assert not till.keep(sign(9), book.session)
    assert till.book(book.session.channel.id).session.accepted == 5


@pytest.mark.parametrize(
    "change",
    [
        lambda till, book: till.stop(book, stopped=True),
        lambda till, book: till.see(book.session.channel, lane_of(closes_at=5), 2_000, book),
        lambda till, book: till.see(book.session.channel, lane_of(deposit=99), 2_000, book),
        lambda till, book: till.see(book.session.channel, lane_of(epoch=1), 2_000, book),
        lambda till, book: till.see(book.session.channel, lane_of(settled=1), 2_000, book),
    ],
)
def test_nothing_is_kept_once_the_lane_has_changed(
    till: Till, book: Book, sign: Sign, change: Callable[[Till, Book], object]
) -> None:
    change(till, book)
    before = till.books()
    assert not till.keep(sign(100), book.session)
    assert till.books() == before


def test_stopping_can_be_taken_back(till: Till, book: Book, sign: Sign) -> None:
    till.stop(book, stopped=True)
    assert till.book(book.session.channel.id).session.stopped
    till.stop(book, stopped=False)
    assert till.keep(sign(5), book.session)


def test_a_look_that_another_process_has_overtaken_is_dropped(till: Till, book: Book, channel: Channel) -> None:
    till.see(channel, lane_of(closes_at=5), 2_000, book)
    assert till.see(channel, lane_of(), 1_500, book).session.lane.closes_at == 5
    assert till.see(channel, lane_of(), 1_500, None).session.lane.closes_at == 5


def test_a_clock_that_was_set_back_does_not_blind_the_till(till: Till, book: Book, channel: Channel) -> None:
    future = till.see(channel, lane_of(), 9_000_000, book)
    assert till.see(channel, lane_of(closes_at=5), 2_000, future).session.lane.closes_at == 5


def test_money_that_others_claimed_is_accepted_without_a_voucher(till: Till, book: Book, sign: Sign) -> None:
    channel = book.session.channel
    assert accept(till, sign(5))
    seen = till.see(channel, lane_of(settled=4), 2_000, book)
    assert seen.voucher is not None
    seen = till.see(channel, lane_of(settled=6), 3_000, seen)
    assert (seen.session.accepted, seen.session.owed, seen.voucher) == (6, 0, None)
    assert accept(till, sign(8))
    assert till.book(channel.id).session.owed == 2


def test_an_end_starts_a_new_book_and_closes_the_old_one(till: Till, book: Book, sign: Sign) -> None:
    channel = book.session.channel
    accept(till, sign(50))
    till.deliver(channel.id, Amount(20), "a")
    till.include(channel.id, lane_of(settled=40))
    till.include(channel.id, lane_of(settled=30))
    new = till.see(channel, Lane(epoch=1), 2_000, book)

    old, newest = till.books()
    assert new == newest == till.book(channel.id)
    assert newest.session == PayeeSession(channel=channel, lane=Lane(epoch=1))
    assert (old.session.accepted, old.session.delivered, old.session.lane.settled) == (50, 20, 40)
    assert till.newest() == [newest]
    with pytest.raises(ChainWentBack):
        till.see(channel, lane_of(), 3_000, newest)
    assert till.books() == [old, newest]


def test_what_others_claimed_before_an_end_was_accepted_too(till: Till, book: Book, sign: Sign) -> None:
    accept(till, sign(50))
    till.include(book.session.channel.id, lane_of(settled=60))
    till.see(book.session.channel, Lane(epoch=1), 2_000, book)
    old = till.books()[0].session
    assert (old.accepted, old.lane.settled, old.owed) == (60, 60, 0)


def test_a_block_that_is_not_final_settles_nothing_yet(till: Till, book: Book, sign: Sign) -> None:
    accept(till, sign(50))
    till.include(book.session.channel.id, lane_of(settled=40))
    known = till.book(book.session.channel.id)
    assert (known.session.lane.settled, known.included) == (0, 40)


def test_a_key_is_delivered_once(till: Till, book: Book, sign: Sign) -> None:
    channel_id = book.session.channel.id
    accept(till, sign(50))
    assert till.deliver(channel_id, Amount(20), "a") == (20, 50)
    assert till.deliver(channel_id, Amount(20), "b") == (40, 50)
    assert till.deliver(channel_id, Amount(20), "a") == (20, 50), "the same answer"
    assert till.book(channel_id).session.delivered == 40
    with pytest.raises(KeyReused) as reused:
        till.deliver(channel_id, Amount(10), "a")
    assert reused.value.facts == {"key": "a", "price": 10, "delivered": 20}
    with pytest.raises(NotEnough) as short:
        till.deliver(channel_id, Amount(11), "c")
    assert short.value.facts == {"price": 11, "left": 10}
    with pytest.raises(InvalidAmount):
        till.deliver(channel_id, Amount(0), "d")
    assert till.book(channel_id).session.delivered == 40


def test_a_key_that_was_refused_can_be_used_later(till: Till, book: Book, sign: Sign) -> None:
    channel_id = book.session.channel.id
    with pytest.raises(NotEnough):
        till.deliver(channel_id, Amount(20), "a")
    accept(till, sign(20))
    assert till.deliver(channel_id, Amount(20), "a") == (20, 20)


def test_a_key_counts_for_one_channel_over_all_its_epochs(
    till: Till, book: Book, sign: Sign, describe: Callable[..., Channel]
) -> None:
    channel, other = book.session.channel, describe(salt=1)
    till.see(other, lane_of(), 1_000, None)
    accept(till, sign(20))
    accept(till, sign(30, channel_id=other.id))
    assert till.deliver(channel.id, Amount(20), "a") == (20, 20)
    assert till.deliver(other.id, Amount(10), "a") == (10, 30), "another customer can't take a key away"

    till.see(channel, lane_of(epoch=1), 2_000, till.book(channel.id))
    accept(till, sign(40, epoch=1))
    assert till.deliver(channel.id, Amount(20), "a") == (20, 20), "served before the re-open: not charged again"
    assert till.book(channel.id).session.delivered == 0


def test_an_unknown_channel_gets_nothing(till: Till, channel: Channel) -> None:
    with pytest.raises(UnknownLane):
        till.deliver(channel.id, Amount(1), "a")
