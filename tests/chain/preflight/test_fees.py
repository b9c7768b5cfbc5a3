from collections.abc import Sequence
from typing import Any

import pytest

from chain.preflight.fees import RULES, Fees
from chain.preflight.rule import findings
from chain.preflight.thresholds import Thresholds
from tests.chain.preflight.planned import ETH, USDC, names, planned


def found(**said: Any) -> set[str]:
    facts: dict[str, Any] = {"payment": planned(money=ETH.units(10_000)), "fee": 100}
    return names(findings(RULES, Fees(**facts | said)))


@pytest.mark.parametrize(("fee", "name"), [(100, set()), (101, {"FeeTooHigh"}), (None, set())])
def test_a_fee_is_too_high_from_one_wei_above_the_threshold_on(fee: int | None, name: set[str]) -> None:
    assert found(fee=fee) == name


def test_the_threshold_is_the_payers() -> None:
    assert found(fee=101, thresholds=Thresholds(fee_bps=101)) == set()
    assert found(fee=1, thresholds=Thresholds(fee_bps=0)) == {"FeeTooHigh"}


def test_a_fee_is_judged_in_the_token_by_the_price_that_is_given() -> None:
    coin = 10**18
    five = planned(money=USDC("5"))

    assert found(payment=five, fee=coin // 40_000) == set()
    assert found(payment=five, fee=coin // 40_000, native_price=USDC("2000")) == set()  # 0.05 of 5 USDC: just 1 %
    assert found(payment=five, fee=coin // 40_000 + 1, native_price=USDC("2000")) == {"FeeTooHigh"}


def test_nothing_is_not_worth_any_fee() -> None:
    assert found(payment=planned(money=ETH.units(0)), fee=1) == {"FeeTooHigh"}


@pytest.mark.parametrize(
    ("base_fees", "name"),
    [
        ([], None),
        ([10, 10, 10, 20], None),
        ([10, 10, 10, 21], "BaseFeeHigh"),
        ([10] * 10 + [12], None),
        ([8] * 11 + [10], "BaseFeeRising"),
        ([1000] * 11 + [1249], None),
        ([1000] * 11 + [1250], "BaseFeeRising"),
        ([1250] + [1000] * 9 + [1250], None),
        ([1000] * 9 + [1250], None),
        ([10] * 12 + [21], "BaseFeeHigh"),
        ([0] * 12, None),
    ],
)
def test_the_base_fee_is_high_rising_or_usual(base_fees: Sequence[int], name: str | None) -> None:
    assert found(base_fees=base_fees) == ({name} if name else set())
