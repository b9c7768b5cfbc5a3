"""Many payments at once: all or none, with one transfer."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chain.errors import IllegalAction
from chain.refusals import InvalidAmount, NotPayer, WrongValue
from chain.units import Address, Amount, Seconds, address
from escrow import Holding, Payment, Pull
from escrow.actions import Authorize
from escrow.errors import AlreadyUsed, FundingTooLate, OtherToken
from escrow.machine import authorize_many

Batch = Callable[..., list[Payment]]


@pytest.fixture
def batch(pay: Callable[..., Payment]) -> Batch:
    """Three payments over 1,000, 2,000 and 3,000, the last one with changes."""
    return lambda **changes: [
        pay(salt=1, amount=1_000),
        pay(salt=2, amount=2_000),
        pay(**{"salt": 3, "amount": 3_000} | changes),
    ]


def _refusal(payments: list[Payment], action: Authorize, second: int) -> IllegalAction:
    with pytest.raises(IllegalAction) as raised:
        authorize_many(payments, action, Seconds(second))
    return raised.value


def test_all_are_funded_by_one_transfer(batch: Batch, people: dict[str, Address], start: int) -> None:
    newer, effects = authorize_many(batch(), Authorize(caller=people["payer"], value=6_000), Seconds(start))

    assert [payment.holding for payment in newer] == [
        Holding(held=Amount(amount), used=True) for amount in (1_000, 2_000, 3_000)
    ]
    assert effects == (Pull(people["payer"], Amount(6_000)),)


def test_of_nothing_nothing_is_funded(people: dict[str, Address], start: int) -> None:
    assert isinstance(_refusal([], Authorize(caller=people["payer"]), start), InvalidAmount)


@pytest.mark.parametrize(
    ("changes", "value", "refusal"),
    [
        ({"token": address("0x" + "c0" * 20)}, 6_000, OtherToken),
        ({"payer": address("0x" + "11" * 20)}, 6_000, NotPayer),
        ({"fund_by": 1}, 6_000, FundingTooLate),
        ({"salt": 2, "amount": 2_000}, 5_000, AlreadyUsed),
        ({}, 5_999, WrongValue),
        ({}, 6_001, WrongValue),
    ],
)
def test_one_bad_row_is_the_end_of_all(
    batch: Batch,
    people: dict[str, Address],
    start: int,
    changes: dict[str, Any],
    value: int,
    refusal: type[IllegalAction],
) -> None:
    action = Authorize(caller=people["payer"], value=value)

    assert type(_refusal(batch(**changes), action, start)) is refusal


def test_what_is_used_is_not_funded_again(batch: Batch, people: dict[str, Address], start: int) -> None:
    first, *others = batch()
    used = replace(first, holding=Holding(used=True))

    refusal = _refusal([*others, used], Authorize(caller=people["payer"], value=6_000), start)

    assert refusal.facts == {"payment_id": used.payment_id}
