from typing import Any

import pytest

from chain.preflight.means import RULES, Means
from chain.preflight.payment import Call
from chain.preflight.rule import findings
from tests.chain.preflight.planned import ARBITER, ETH, names, planned

CALL = Call(to=ARBITER, data=b"")


def found(payment: Any = None, **said: Any) -> set[str]:
    return names(findings(RULES, Means(payment=payment or planned(), **{"units": 5_000_000, "native": 100} | said)))


@pytest.mark.parametrize(("units", "name"), [(4_999_999, {"InsufficientBalance"}), (5_000_000, set())])
def test_the_balance_is_enough_or_one_unit_short(units: int, name: set[str]) -> None:
    assert found(units=units) == name


@pytest.mark.parametrize(("fee", "name"), [(None, set()), (100, set()), (101, {"FeeNotCovered"})])
def test_the_fee_is_covered_or_one_wei_short(fee: int | None, name: set[str]) -> None:
    assert found(fee=fee) == name


@pytest.mark.parametrize(("fee", "name"), [(5, set()), (6, {"FeeNotCovered"})])
def test_an_amount_in_native_currency_leaves_less_for_the_fee(fee: int, name: set[str]) -> None:
    payment = planned(money=ETH.units(95))

    assert found(payment, units=100, fee=fee) == name


@pytest.mark.parametrize(
    ("allowance", "name"), [(None, set()), (4_999_999, {"AllowanceMissing"}), (5_000_000, set()), (2**256 - 1, set())]
)
def test_an_allowance_is_missing_where_one_is_needed(allowance: int | None, name: set[str]) -> None:
    assert found(planned(call=CALL), allowance=allowance) == name


def test_what_the_simulation_says() -> None:
    assert found(error="Reverted: paused") == {"WouldRevert"}
    assert found() == set()


def test_a_transaction_must_be_able_to_pay_twice_the_base_fee_and_a_fifth_more_gas() -> None:
    assert Means(payment=planned(), units=0, native=0).costing(gas=100, tip=3, base_fee=10).fee == 120 * 23


def test_only_a_call_with_a_token_spends_by_allowance() -> None:
    assert planned(call=CALL).spender == ARBITER
    assert planned().spender is None
    assert planned(call=CALL, money=ETH("1")).spender is None
