from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chain.errors import OutOfRange, TokenMismatch
from chain.money import Money, Token
from chain.units import Amount
from escrow import Holding, PayeeShare, Payment
from escrow.errors import NotAShare
from escrow.levels import held_after_paying, held_after_returning, payee_bps, refundable_after_returning
from escrow.shares import share

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


@pytest.mark.parametrize(
    ("held", "to_payee", "bps"), [(600, 0, 0), (600, 600, 10_000), (600, 150, 2_500), (7, 3, 4_286), (3, 1, 3_334)]
)
def test_a_ruling_is_the_least_share_that_gives_the_amount(
    pay: Callable[..., Payment], usdc: Token, held: int, to_payee: int, bps: int
) -> None:
    payment = replace(pay(token=usdc.address), holding=Holding(held=Amount(held), used=True))

    assert payee_bps(payment, usdc.units(to_payee)) == bps
    assert share(held, bps) == to_payee


@pytest.mark.parametrize(("to_payee", "below", "above"), [(1, 0, 100), (99, 0, 100), (101, 100, 200)])
def test_what_no_share_gives_is_told_with_its_neighbours(
    pay: Callable[..., Payment], usdc: Token, to_payee: int, below: int, above: int
) -> None:
    payment = replace(pay(token=usdc.address), holding=Holding(held=Amount(1_000_000), used=True))

    with pytest.raises(NotAShare) as raised:
        payee_bps(payment, usdc.units(to_payee))
    assert raised.value.facts == {"units": to_payee, "held": 1_000_000, "below": below, "above": above}


@pytest.mark.parametrize("bps", [0, 1, 10_000])
def test_a_share_is_a_share(payment: Payment, bps: int) -> None:
    assert payee_bps(payment, PayeeShare(bps=bps)) == bps


@pytest.mark.parametrize("bps", [-1, 10_001, True])
def test_another_share_is_out_of_range(payment: Payment, bps: int) -> None:
    with pytest.raises(OutOfRange):
        payee_bps(payment, PayeeShare(bps=bps))


def test_nothing_of_nothing_is_a_ruling(pay: Callable[..., Payment], usdc: Token) -> None:
    assert payee_bps(pay(token=usdc.address), usdc.units(0)) == 0
