"""The books balance after every fact, and nothing is ever negative."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chain.units import NOBODY
from channels import Channel
from channels.ledger import (
    Accepted,
    Account,
    BookedTwice,
    BooksDiffer,
    Delivered,
    Fee,
    Forgone,
    Ledger,
    Overdrawn,
    Refunded,
    Returned,
    Settled,
    Side,
    Sums,
)
from tests.channels.conftest import TOKEN
from tests.channels.ledger.conftest import KINDS

FACTS: Any = st.lists(
    st.tuples(st.sampled_from([Accepted, *KINDS]), st.integers(1, 50), st.integers(0, 60), st.integers(0, 1)),
    max_size=25,
)
Facts = Callable[..., Any]


def booked(facts: Any, fact: Facts, describe: Callable[..., Channel]) -> Ledger:
    """What can be booked of it."""
    ledger = Ledger()
    for kind, amount, mark, salt in facts:
        changes = {} if kind is Fee else {"channel": describe(salt=salt), "epoch": salt}
        try:
            ledger = ledger.book([fact(kind, amount, mark, **changes)])
        except (Overdrawn, BookedTwice):
            continue
    return ledger


@given(facts=FACTS)
def test_whatever_happens_the_books_balance_and_nothing_is_negative(
    fact: Facts, describe: Callable[..., Channel], facts: Any
) -> None:
    ledger = booked(facts, fact, describe)
    for token in ledger.tokens:
        places: list[Any] = [(), (describe(salt=0).id,), (describe(salt=1).id, 1)]
        for place in places:
            sums, balances = ledger.sums(token, *place), ledger.balances(token, *place)
            assert min(balances.values()) >= 0
            assert sums.accepted == sums.settled + sums.owed + sums.forgone + sums.returned
            assert sums.accepted == sums.delivered - sums.refunded + sums.undelivered + sums.returned
            assert min(sums.owed, sums.undelivered, sums.delivered - sums.refunded) >= 0
            assert (sums.owed, sums.undelivered) == (balances[Account.RECEIVABLE], balances[Account.UNDELIVERED])
            assert sum(amount * account.side.value for account, amount in balances.items()) == 0


@given(facts=FACTS)
def test_the_sums_of_all_are_the_sums_of_its_channels(
    fact: Facts, describe: Callable[..., Channel], facts: Any
) -> None:
    ledger = booked(facts, fact, describe)
    parts = [ledger.sums(TOKEN, describe(salt=salt).id) for salt in (0, 1)]
    whole = ledger.sums(TOKEN)
    assert whole.accepted == parts[0].accepted + parts[1].accepted
    assert whole.owed == parts[0].owed + parts[1].owed
    assert whole.fees == 0, "fees are in the native currency's books"


@given(facts=FACTS, chance=st.randoms(use_true_random=False))
def test_a_missing_or_changed_entry_does_not_go_unnoticed(
    fact: Facts, describe: Callable[..., Channel], facts: Any, chance: Any
) -> None:
    ledger = booked([(Accepted, 7, 0, 0), *facts], fact, describe)
    at = chance.randrange(len(ledger.entries))
    entry = ledger.entries[at]
    truth = ledger.sums(entry.token)
    truth.require(truth)

    changed = replace(entry, amount=entry.amount + 1)
    for middle in ((), (changed,)):
        with pytest.raises((BooksDiffer, Overdrawn)):
            Ledger((*ledger.entries[:at], *middle, *ledger.entries[at + 1 :])).sums(entry.token).require(truth)


def test_the_books_of_a_channel_from_beginning_to_end(told: Ledger, channel: Channel) -> None:
    assert told.sums(TOKEN) == Sums(accepted=100, delivered=60, refunded=10, settled=70, returned=20, forgone=10)
    assert told.sums(NOBODY) == Sums(fees=5_000)
    assert told.balances(TOKEN, channel.id, 3) == {
        Account.RECEIVABLE: 0,
        Account.CASH: 70,
        Account.UNDELIVERED: 30,
        Account.REVENUE: 60,
        Account.REFUNDS: 10,
        Account.LOSS: 10,
        Account.FEES: 0,
        Account.OWNER: 0,
    }
    assert told.sums(TOKEN, channel.id, 4) == Sums()
    assert told.tokens == (NOBODY, TOKEN)


@pytest.mark.parametrize(
    ("before", "kind", "amount", "error"),
    [
        ([], Delivered, 1, Overdrawn("undelivered", 0, 1)),
        ([], Settled, 1, Overdrawn("receivable", 0, 1)),
        ([(Accepted, 5)], Delivered, 6, Overdrawn("undelivered", 5, 6)),
        ([(Accepted, 5)], Settled, 6, Overdrawn("receivable", 5, 6)),
        ([(Accepted, 5)], Forgone, 6, Overdrawn("receivable", 5, 6)),
        ([(Accepted, 5), (Delivered, 4)], Returned, 2, Overdrawn("undelivered", 1, 2)),
        ([(Accepted, 5), (Settled, 4)], Returned, 2, Overdrawn("receivable", 1, 2)),
        ([(Accepted, 5), (Delivered, 4)], Refunded, 5, Overdrawn("revenue", 4, 5)),
        ([(Accepted, 5), (Delivered, 4), (Refunded, 3)], Refunded, 2, Overdrawn("revenue", 1, 2)),
    ],
)
def test_what_is_not_there_cannot_leave(fact: Facts, before: Any, kind: Any, amount: int, error: Overdrawn) -> None:
    ledger = Ledger.of(fact(*each) for each in before)
    ledger.book([fact(kind, amount - 1)] if amount > 1 else [])
    with pytest.raises(Overdrawn) as caught:
        ledger.book([fact(kind, amount)])
    assert caught.value.facts == error.facts


@pytest.mark.parametrize("kind", [Delivered, Settled, Fee])
def test_one_delivery_and_one_settlement_are_booked_once(fact: Facts, kind: Any) -> None:
    ledger = Ledger.of([fact(Accepted, 9), fact(kind, 2, 1)])
    with pytest.raises(BookedTwice):
        ledger.book([fact(kind, 3, 1)])
    ledger.book([fact(kind, 2, 2)])


@pytest.mark.parametrize("kind", [Delivered, Settled])
def test_another_channel_or_epoch_has_keys_and_money_of_its_own(
    fact: Facts, describe: Callable[..., Channel], kind: Any
) -> None:
    here = Ledger.of([fact(Accepted, 9), fact(kind, 2)])
    for place in ({"epoch": 4}, {"channel": describe(salt=9)}):
        here.book([fact(Accepted, 9, **place), fact(kind, 2, **place)])
        with pytest.raises(Overdrawn):
            here.book([fact(kind, 2, **place)])


def test_what_is_accepted_and_refunded_twice_is_twice_as_much(fact: Facts) -> None:
    ledger = Ledger.of([fact(Accepted, 4), fact(Accepted, 4), fact(Delivered, 8), fact(Refunded, 4), fact(Refunded, 4)])
    assert ledger.sums(TOKEN).undelivered == 8


def test_debits_and_credits_are_told_apart() -> None:
    credit = {account for account in Account if account.side is Side.CREDIT}
    assert credit == {Account.UNDELIVERED, Account.REVENUE, Account.OWNER}


def test_sums_can_be_shown(told: Ledger) -> None:
    assert told.sums(NOBODY).to_json()["fees"] == "5000"
