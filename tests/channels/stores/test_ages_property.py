from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chain.signing import Signed
from chain.typed_data import Domain
from channels import Channel, Lane, MemoryStore, PayeeSession, SqliteStore, Voucher
from channels.promise import promises_hash
from channels.stores.book import Newer
from tests.channels.promise_states import promise
from tests.channels.stores.steps import look

Sign = Callable[..., Signed[Voucher]]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["accept", "accept", "accept", "promise", "claim", "settle", "settle", "read"]),
        st.integers(0, 9),
        st.integers(0, 3),
    ),
    max_size=30,
)


class Shop:
    """A till with one channel, and beside it what came when."""

    def __init__(self, till: Any, channel: Channel, sign: Sign) -> None:
        self.till, self.channel, self._sign, self._looks = till, channel, sign, 0
        self._session = PayeeSession(channel=channel, lane=Lane())
        self.now, self.accepted, self.settled = 100, 0, 0
        self.came, self._claim, self._promises = list[tuple[int, int]](), (0, 0), 0
        self.least = 0
        """What is owed came at this second or later: nothing was owed then, or the last claim took what was."""
        self._look()

    def accept(self, number: int) -> None:
        if self.accepted == self.settled and number:
            self.least = self.now
        self.accepted += number
        self.came.append((self.accepted, self.now))
        promises = tuple(map(promise, range(self._promises)))
        signed = self._sign(self.accepted, promises=promises_hash(promises))
        after, _ = self._session.receive(signed, promises)
        if after is not self._session:
            assert self.till.keep([Newer(self._session, after, signed, self.now)], {}) == [True]  # type: ignore[arg-type]
            self._session = after

    def promise(self, _: int) -> None:
        self._promises = min(self._promises + 1, 5)
        self.accept(0)

    def claim(self, _: int) -> None:
        self.till.claiming([self.till.book(self.channel.id)], self.now)
        self._claim = max(self._claim, (self.accepted, -self.now))  # The first one of an amount.

    def settle(self, number: int) -> None:
        """By whoever has a voucher that was ever sent, or by nobody."""
        sent = [amount for amount, _ in self.came if amount >= self.settled] or [self.settled]
        self.settled = sent[number % len(sent)]
        self._look()

    def read(self, _: int) -> None:
        self.till.books()

    def oldest(self) -> int:
        """When what is owed began to come."""
        return next(at for amount, at in self.came if amount > self.settled)

    def _look(self) -> None:
        self._looks += 1
        if self._claim[0] <= self.settled:
            self.least = max(self.least, -self._claim[1])
        before = self.till.find(self.channel.id)
        self._session = self.till.see(self.channel, look(self._looks, settled=self.settled), before).session


@pytest.mark.parametrize("kind", ["memory", "sqlite"])
@settings(max_examples=60)
@given(steps=STEPS)
def test_money_is_never_taken_for_younger_than_it_is_nor_for_older_than_the_last_claim(
    domain: Domain, describe: Callable[..., Channel], sign: Sign, kind: str, steps: list[tuple[str, int, int]]
) -> None:
    store = MemoryStore() if kind == "memory" else SqliteStore(Path(":memory:"))
    shop = Shop(store.till(domain), describe(), sign)
    for verb, number, seconds in steps:
        shop.now += seconds
        getattr(shop, verb)(number)
        if verb != "accept" and shop.accepted > shop.settled:  # A read would end what memory has taken.
            since = shop.till.book(shop.channel.id).unsettled_since
            assert shop.least <= since <= shop.oldest()
    shop.till.close()
