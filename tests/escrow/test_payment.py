from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chain.errors import InvalidValue
from chain.typed_data import Domain
from chain.units import Amount, Seconds
from escrow import Holding, Payment, Phase


@pytest.fixture
def payment(pay: Callable[..., Payment]) -> Payment:
    return replace(pay(), holding=Holding(held=Amount(600), refundable=Amount(300), used=True))


def test_a_payment_comes_back_from_json_as_it_was(payment: Payment) -> None:
    assert Payment.from_json(payment.to_json()) == payment


def test_the_id_is_that_of_the_terms_under_the_domain(payment: Payment, domain: Domain) -> None:
    assert payment.payment_id == domain.digest(payment.terms)
    assert replace(payment, domain=Domain(1, domain.contract)).payment_id != payment.payment_id


@pytest.mark.parametrize(
    "change",
    [
        {"paymentId": "0x" + "00" * 32},
        {"chainId": "1"},
        {"chainId": 31337},
        {"chainId": "031337"},
        {"chainId": "-1"},
        {"contract": "0x12"},
        {"terms": None},
        {"holding": []},
        {"holding": {"held": "600", "refundable": "300", "disputedAt": "0"}},
        {"holding": {"held": "600", "refundable": "300", "disputedAt": "0", "used": 1}},
        {"holding": {"held": 600, "refundable": "300", "disputedAt": "0", "used": True}},
        {"holding": {"held": str(2**96), "refundable": "300", "disputedAt": "0", "used": True}},
        {"surplus": "1"},
    ],
)
def test_json_that_is_not_exactly_a_payment_is_refused(payment: Payment, change: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue):
        Payment.from_json(payment.to_json() | change)


@pytest.mark.parametrize(("second", "phase"), [(7_199, Phase.OPEN), (7_200, Phase.OVER), (7_201, Phase.OVER)])
def test_at_the_expiry_itself_the_hold_is_over(payment: Payment, start: int, second: int, phase: Phase) -> None:
    assert payment.phase(Seconds(start + second)) is phase


def test_what_is_neither_held_nor_with_the_payee_is_back_with_the_payer(payment: Payment) -> None:
    assert payment.returned == 100
