from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from chain.errors import EarnestError
from chain.signing import Signed
from chain.typed_data import Domain
from channels import Channel, Lane, MemoryStore, Voucher
from channels.exposure import Limits
from channels.promise import promises_hash
from channels.stores.book import Book, Seen
from tests.channels.promise_states import promise, proven
from tests.channels.stores.steps import accept, deliver, lane_of

Sign = Callable[..., Signed[Voucher]]
P = promise(1, 4)
NOW: Any = 0
LIMITS = Limits(at_risk=25, unconfirmed=None, unconfirmed_per_channel=None)  # type: ignore[arg-type]
VERBS = ["see", "see", "see", "keep", "keep", "keep", "keep", "end", "include", "deliver", "refund", "stop", "prove"]
SMALL: Any = st.integers(0, 12)
STEPS = st.lists(
    st.tuples(st.sampled_from(VERBS), st.integers(0, 2), SMALL, SMALL, st.booleans()), min_size=15, max_size=30
)


class Shop:
    """A till with three channels of two tokens, whose chains show what they are told to."""

    def __init__(self, domain: Domain, channels: list[Channel], sign: Sign) -> None:
        self.till, self.channels, self._sign, self._at = MemoryStore().till(domain), channels, sign, 1_000
        for channel in channels:
            self.till.see(channel, self._seen(lane_of(deposit=20), lane_of(deposit=20)), None)

    def see(self, book: Book, one: Any, two: Any, flag: bool) -> None:
        lane = book.session.lane
        settled: Any = max(lane.settled, one) if flag else lane.settled
        deposits: Any = 20 - two, 20
        final, latest = (Lane(epoch=lane.epoch, deposit=deposit, settled=settled) for deposit in deposits)
        self.till.see(book.session.channel, self._seen(final, latest), book)

    def end(self, book: Book, one: Any, two: Any, flag: bool) -> None:
        later = Lane(epoch=book.session.lane.epoch + 1, deposit=one + 8)
        self.till.see(book.session.channel, self._seen(later, later), book)

    def include(self, book: Book, one: Any, two: Any, flag: bool) -> None:
        epoch = max(book.session.lane.epoch - flag, 0)
        self.till.include(book.session.channel.id, Lane(epoch=epoch, settled=one))

    def keep(self, book: Book, one: Any, two: Any, flag: bool) -> None:
        channel, promises = book.session.channel, (P,) if flag else ()
        named = {"channel_id": channel.id, "epoch": book.session.lane.epoch, "promises": promises_hash(promises)}
        signed = self._sign(book.session.accepted + one, **named)
        accept(self.till, signed, *promises, limits={channel.token: LIMITS} if two > 6 else None)

    def prove(self, book: Book, one: Any, two: Any, flag: bool) -> None:
        self.till.alter(book.session.channel.id, lambda session: session.prove(proven(P, min(one, 4)), NOW))

    def stop(self, book: Book, one: Any, two: Any, flag: bool) -> None:
        self.till.alter(book.session.channel.id, lambda session: session.stop() if flag else session.go_on())

    def deliver(self, book: Book, one: Any, two: Any, flag: bool) -> None:
        deliver(self.till, book.session.channel.id, {f"key {one}": two})

    def refund(self, book: Book, one: Any, two: Any, flag: bool) -> None:
        self.till.refund(book.session.channel.id, f"key {one}", two)

    def _seen(self, final: Lane, latest: Lane) -> Seen:
        self._at += 1
        return Seen.of(final, latest, self._at, None if self._at % 2 else 3)


@settings(max_examples=60)
@given(steps=STEPS)
def test_whatever_happens_the_sums_are_those_of_the_books(
    domain: Domain, describe: Callable[..., Channel], sign: Sign, steps: list[Any]
) -> None:
    """Exposure is carried on with each change; and sums of an epoch only rise, and no more is served than accepted."""
    channels = [describe(), describe(salt=1), describe(token="0x" + "22" * 20)]
    shop = Shop(domain, channels, sign)
    before = shop.till.books()
    for verb, place, one, two, flag in steps:
        try:
            getattr(shop, verb)(shop.till.book(channels[place].id), one, two, flag)
        except EarnestError:
            assert shop.till.books() == before, "what was refused has changed nothing"
        books = shop.till.books()
        expected: dict[str, list[int]] = {channel.token: [0, 0] for channel in channels}
        for book in shop.till.all_newest():
            for part, amount in enumerate(book.session.exposure):
                expected[book.session.channel.token][part] += amount
        kept = shop.till.exposure()
        for token, sums in expected.items():
            assert sums == ([kept[token].at_risk, kept[token].unconfirmed] if token in kept else [0, 0])  # type: ignore[index]
        known = {(book.session.channel.id, book.session.lane.epoch): book.session for book in books}
        for old in before:
            new = known[old.session.channel.id, old.session.lane.epoch]
            for name in ("accepted", "delivered", "refunded"):
                assert getattr(new, name) >= getattr(old.session, name)
            assert new.lane.settled >= old.session.lane.settled
            assert new.left >= 0
        before = books
    shop.till.close()
