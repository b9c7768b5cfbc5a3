from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any, cast

import pytest

from chain.errors import InvalidValue
from chain.units import NO_HASH
from channels.ledger import Accepted, Account, Delivered, Entry, Fee, errors
from tests.channels.conftest import TOKEN
from tests.channels.ledger.conftest import KINDS

OURS = [leaf for leaf in vars(errors).values() if isinstance(leaf, type) and leaf.__module__ == errors.__name__]


@pytest.mark.parametrize("kind", KINDS)
def test_every_fact_is_one_entry_of_its_own_pair(fact: Callable[..., Any], kind: Any) -> None:
    entry = fact(kind, 9, 4).entry
    assert entry.amount == 9
    assert (entry.channel_id is None) == (kind is Fee)
    others = {fact(other, 9).entry.pair for other in KINDS if other is not kind}
    assert entry.pair not in others


@pytest.mark.parametrize(
    "wrong",
    [
        {"time": -1},
        {"time": 253_402_300_800},
        {"token": TOKEN.lower()},
        {"amount": 0},
        {"amount": 2**96},
        {"channel_id": None},
        {"channel_id": None, "epoch": None},
        {"epoch": None},
        {"channel_id": b"short"},
        {"epoch": -1},
        {"memo": "\ud800"},
        {"memo": b"key"},
        {"debit": Account.CASH},
        {"debit": Account.FEES, "credit": Account.OWNER},
    ],
)
def test_an_entry_that_cannot_be_is_refused(fact: Callable[..., Any], wrong: Any) -> None:
    entry: Entry = fact(Delivered, 9).entry
    with pytest.raises(InvalidValue):
        replace(entry, **wrong)


def test_a_fee_is_of_no_channel(fact: Callable[..., Any]) -> None:
    with pytest.raises(InvalidValue):
        replace(fact(Fee, 9).entry, channel_id=NO_HASH, epoch=0)
    with pytest.raises(InvalidValue):
        replace(fact(Fee, 9).entry, epoch=0)


def test_the_last_second_of_the_calendar_can_be_booked(fact: Callable[..., Any]) -> None:
    assert fact(Accepted, 9, time=253_402_300_799).entry.time == 253_402_300_799


@pytest.mark.parametrize("leaf", OURS)
def test_every_error_says_its_sentence_whatever_its_facts(leaf: type[Exception]) -> None:
    assert str(leaf(*[field.name for field in fields(cast(Any, leaf))]))
    assert leaf.__name__ in (errors.__doc__ or "").split()
