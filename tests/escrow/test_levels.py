from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chain.errors import OutOfRange, TokenMismatch
from chain.money import Money, Token
from chain.units import Amount
from escrow import Holding, Payment
from escrow.levels import held_after_paying, held_after_returning, refundable_after_returning

Level = Callable[[Payment, Money | None], Amount]


@pytest.fixture
def payment(pay: Callable[..., Payment], usdc: Token) -> Payment:
    """Of 1,000 units 600 are held, 300 are with the payee, 100 went back."""
    holding = Holding(held=Amount(600), refundable=Amount(300), used=True)
    return replace(pay(token=usdc.address), holding=holding)


@pytest.mark.parametrize(
    ("level", "up_to", "left"),
    [
        (held_after_paying, None, 0),
        (held_after_paying, 1_000, 0),
        (held_after_paying, 500, 500),
        (held_after_paying, 400, 600),
        (held_after_paying, 0, 1_000),
        (held_after_returning, None, 0),
        (held_after_returning, 700, 0),
        (held_after_returning, 250, 450),
        (held_after_returning, 100, 600),
        (refundable_after_returning, None, 0),
        (refundable_after_returning, 400, 0),
        (refundable_after_returning, 150, 250),
        (refundable_after_returning, 100, 300),
    ],
)
def test_a_total_names_the_level_that_it_leaves(
    payment: Payment, usdc: Token, level: Level, up_to: int | None, left: int
) -> None:
    assert level(payment, None if up_to is None else usdc.units(up_to)) == left


@pytest.mark.parametrize(
    ("level", "most"), [(held_after_paying, 1_000), (held_after_returning, 700), (refundable_after_returning, 400)]
)
def test_a_total_beyond_what_there_is_is_refused(payment: Payment, usdc: Token, level: Level, most: int) -> None:
    with pytest.raises(OutOfRange) as raised:
        level(payment, usdc.units(most + 1))

    assert raised.value.facts == {"name": "up_to", "value": most + 1, "minimum": 0, "maximum": most}


@pytest.mark.parametrize("amount", [40, 40.0, "40"])
def test_a_total_is_money_and_nothing_else(payment: Payment, amount: Any) -> None:
    with pytest.raises(TypeError):
        held_after_paying(payment, amount)


@pytest.mark.parametrize("other", [{"address": "0x" + "D0" * 20}, {"chain_id": 1}])
def test_a_total_in_another_token_is_refused(payment: Payment, usdc: Token, other: dict[str, Any]) -> None:
    with pytest.raises(TokenMismatch):
        held_after_paying(payment, replace(usdc, **other).units(1))
