from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from chain.signing import Signed
from chain.typed_data import Domain
from chain.units import Amount
from channels import Channel, Lane, PayeeSession, SignedVoucher, Voucher
from channels.errors import ChainWentBack, NotEnough, UnknownLane
from channels.stores.book import Book
from channels.stores.columns import blob
from channels.stores.opening import MemoryStore
from tests.channels.promise_states import offer, promise, proven
from tests.channels.stores.steps import DEPOSIT, accept, deliver, lane_of, look

Sign = Callable[..., Signed[Voucher]]


def test_a_channel_is_known_once_it_was_seen(till: Any, channel: Channel) -> None:
    assert till.find(channel.id) is None
    with pytest.raises(UnknownLane) as caught:
        till.book(channel.id)
    assert caught.value.facts == {"channel_id": channel.id}
    with pytest.raises(UnknownLane):
        till.epoch(channel.id, 3)
    seen = till.see(channel, look(settled=7, closes_at=9, epoch=3), None)
    assert seen == till.book(channel.id) == till.epoch(channel.id, 3)
    assert seen.session == PayeeSession(
        channel=channel, lane=lane_of(settled=7, closes_at=9, epoch=3), accepted=Amount(7)
    )
    assert (seen.seen_at, seen.included) == (1_000, 7)
    with pytest.raises(UnknownLane):
        till.epoch(channel.id, 2)


def test_all_that_a_session_knows_comes_back_from_the_file(
    opened: Any, path: Path, channel: Channel, sign: Sign, domain: Domain
) -> None:
    till, known = opened("till", path), promise(1)
    latest = lane_of(deposit=2**95 + 9, settled=2**64)
    till.see(channel, look(latest=latest, deposit=2**95, settled=2**64, unconfirmed=5), None)
    signed, promises = offer(sign, 2**65, known, promise(2))
    assert accept(till, signed, *promises) is True
    deliver(till, channel.id, {"a": 2**64 + 7})
    till.refund(channel.id, "a", 3)
    till.alter(channel.id, lambda session: session.prove(proven(known, 30, 9, is_last=True), 0).stop())
    till.close()

    lane: Any = {"deposit": 2**95 + 5, "settled": 2**64}
    sums: Any = {"accepted": 2**65, "delivered": 2**64 + 7, "refunded": 3, "pending": 4, "unconfirmed": 5}
    expected = PayeeSession(
        channel=channel,
        lane=Lane(**lane),
        newest=signed,
        promises=promises,
        proven=(proven(known, 30, 9, is_last=True),),
        stopped=True,
        **sums,
    )
    kept = opened("till", path).book(channel.id)
    assert kept == Book(session=expected, included=Amount(2**64), seen_at=1_000)
    said: Any = {"channel": channel, "voucher": signed.message, "signature": signed.signature, "promises": promises}
    assert kept.voucher(domain) == SignedVoucher(**said)


def test_a_look_that_another_process_has_overtaken_is_dropped(till: Any, book: Book, channel: Channel) -> None:
    till.see(channel, look(2_000, closes_at=5), book)
    assert till.see(channel, look(1_500), book).session.lane.closes_at == 5
    assert till.see(channel, look(1_500), None).session.lane.closes_at == 5


def test_a_clock_that_was_set_back_does_not_blind_the_till(till: Any, book: Book, channel: Channel) -> None:
    future = till.see(channel, look(9_000_000), book)
    assert till.see(channel, look(2_000, closes_at=5), future).session.lane.closes_at == 5


def test_every_look_says_what_is_final_and_what_is_coming(till: Any, book: Book, channel: Channel) -> None:
    coming = lane_of(deposit=9)
    seen = till.see(channel, look(2_000, latest=coming, deposit=5, unconfirmed=3), book)
    assert (seen.session.lane.deposit, seen.session.unconfirmed, seen.session.pending) == (8, 3, 1)
    seen = till.see(channel, look(3_000, deposit=9), seen)
    assert (seen.session.lane.deposit, seen.session.unconfirmed, seen.session.pending) == (9, 0, 0)


def test_money_that_others_claimed_is_accepted_beside_the_voucher(till: Any, book: Book, sign: Sign) -> None:
    channel = book.session.channel
    assert accept(till, sign(5))
    seen = till.see(channel, look(2_000, settled=6), book)
    assert (seen.session.accepted, seen.session.owed, seen.session.newest) == (6, 0, sign(5))
    assert not seen.session.claimable
    assert accept(till, sign(8))
    assert till.book(channel.id).session.owed == 2


def test_an_end_starts_a_new_book_and_closes_the_old_one(till: Any, book: Book, sign: Sign) -> None:
    channel = book.session.channel
    accept(till, sign(50))
    deliver(till, channel.id, {"a": 20})
    till.include(channel.id, lane_of(settled=40))
    till.include(channel.id, lane_of(settled=30))
    new = till.see(channel, look(2_000, deposit=0, epoch=1), till.book(channel.id))

    old, newest = till.books()
    assert new == newest == till.book(channel.id)
    assert newest.session == PayeeSession(channel=channel, lane=Lane(epoch=1))
    assert old.session == PayeeSession(
        channel=channel,
        lane=lane_of(settled=40),
        accepted=Amount(50),
        delivered=Amount(20),
        newest=sign(50),
        stopped=True,
    )
    assert till.all_newest() == [newest]
    with pytest.raises(ChainWentBack):
        till.see(channel, look(3_000), newest)
    assert till.books() == [old, newest]


def test_what_others_claimed_before_an_end_was_accepted_too(till: Any, book: Book, sign: Sign) -> None:
    accept(till, sign(50))
    till.include(book.session.channel.id, lane_of(settled=60))
    till.see(book.session.channel, look(2_000, epoch=1), book)
    old = till.books()[0].session
    assert (old.accepted, old.lane.settled, old.owed) == (60, 60, 0)


def test_a_block_that_is_not_final_settles_nothing_yet(till: Any, book: Book, sign: Sign) -> None:
    channel = book.session.channel
    accept(till, sign(50))
    till.include(channel.id, lane_of(settled=40))
    known = till.book(channel.id)
    assert (known.session.lane.settled, known.included, known.seen_at) == (0, 40, 1_000)
    known = till.see(channel, look(2_000, latest=lane_of(settled=45)), known)
    assert (known.session.lane.settled, known.included) == (0, 45)
    known = till.see(channel, look(3_000), known)
    assert known.included == 45, "it was included once"


@pytest.mark.parametrize(("settled", "paid", "accepted"), [(30, 40, 50), (45, 45, 50), (55, 55, 55)])
def test_what_an_end_is_found_to_have_paid_later_stands_in_its_own_book(
    till: Any, book: Book, sign: Sign, settled: int, paid: int, accepted: int
) -> None:
    channel = book.session.channel
    accept(till, sign(50))
    till.include(channel.id, lane_of(settled=40))
    new = till.see(channel, look(2_000, epoch=1), till.book(channel.id))
    till.include(channel.id, lane_of(settled=settled))
    old = till.epoch(channel.id, 0)
    assert (old.session.lane.settled, old.included, old.session.accepted) == (paid, paid, accepted)
    assert till.book(channel.id) == new


def test_a_block_of_another_epoch_or_channel_tells_nothing(till: Any, book: Book, describe: Any) -> None:
    till.include(book.session.channel.id, lane_of(settled=40, epoch=1))
    till.include(describe(salt=1).id, lane_of(settled=40))
    assert till.books() == [book]
    later = lane_of(settled=40, epoch=1)
    known = till.see(book.session.channel, look(2_000, latest=later), book)
    assert (known.included, known.session.lane.deposit) == (0, 0)


def test_a_rule_changes_what_is_stopped_proven_and_refunded_and_nothing_else(till: Any, book: Book, sign: Sign) -> None:
    channel, stopped = book.session.channel, till.alter(book.session.channel.id, lambda session: session.stop())
    assert stopped == till.book(channel.id) == replace(book, session=book.session.stop())
    assert till.alter(channel.id, lambda session: session.go_on()) == book
    assert till.alter(channel.id, lambda session: replace(session, accepted=Amount(9))) == book
    with pytest.raises(ZeroDivisionError):
        till.alter(channel.id, lambda session: 1 // 0)
    assert accept(till, sign(5)) is True
    with pytest.raises(UnknownLane):
        till.alter(bytes(32), lambda session: session)


@pytest.mark.parametrize("channels", [3, 4, 5])
def test_books_come_page_by_page(
    till: Any, describe: Callable[..., Channel], monkeypatch: pytest.MonkeyPatch, channels: int
) -> None:
    """Two epochs a channel, so that a page ends within one, too."""
    for form in ("aio", "sync"):
        monkeypatch.setattr(f"channels.stores.{form}.books.PAGE", 3)
    for number in range(channels):
        first = till.see(describe(salt=number), look(), None)
        till.see(describe(salt=number), look(2_000, epoch=1), first)
    found = [(book.session.channel.id, book.session.lane.epoch) for book in till.books()]
    assert found == sorted((describe(salt=n).id, epoch) for n in range(channels) for epoch in (0, 1))


def test_a_thousand_channels_come_page_by_page(domain: Domain, describe: Callable[..., Channel]) -> None:
    till, ids = MemoryStore().till(domain), list[bytes]()
    for number in range(1_001):
        channel = describe(salt=number)
        ids.append(channel.id)
        till.see(channel, look(), None)
        if number >= 999:
            assert [book.session.channel.id for book in till.all_newest()] == sorted(ids)
    assert [book.session.channel.id for book in till.newest(sorted(ids)[1], 2)] == sorted(ids)[2:4]
    till.close()


def test_books_that_can_not_be_are_not_read(domain: Domain, channel: Channel) -> None:
    """Somebody else has written into the database: better no answer than goods for nothing."""
    till = MemoryStore().till(domain)
    till.see(channel, look(), None)
    till.database.change("UPDATE epochs SET delivered = $1", blob(1))
    with pytest.raises(NotEnough):
        till.book(channel.id)
    till.close()


def test_amounts_of_96_bits_are_kept(till: Any, book: Book, sign: Sign) -> None:
    for amount in (2**64, DEPOSIT):
        assert accept(till, sign(amount)) is True
        assert till.book(book.session.channel.id).session.accepted == amount
