import pytest

from escrow.linter import amounts, times
from escrow.linter.rule import Rule
from tests.escrow.linter.cases import COLLECTOR, DAY, EXPIRY, FUND_BY, HOUR, JUDGED, START, Case, found, seen

FEE = {"fee_bps": 100, "fee_recipient": COLLECTOR}
YEAR = 365 * DAY
CASES: list[Case] = [
    ("high-fee", True, FEE | {"fee_bps": 1_001}),
    ("high-fee", False, FEE | {"fee_bps": 1_000}),
    ("fee-rounds-to-nothing", True, FEE | {"amount": 99}),
    ("fee-rounds-to-nothing", False, FEE | {"amount": 100}),
    ("fee-rounds-to-nothing", False, {"amount": 99}),
    ("share-rounds-to-nothing", True, {"payee_share_on_expiry_bps": 100, "amount": 99}),
    ("share-rounds-to-nothing", False, {"payee_share_on_expiry_bps": 100, "amount": 100}),
    ("share-rounds-to-nothing", True, JUDGED | {"payee_share_on_silence_bps": 100, "amount": 99}),
    ("share-rounds-to-nothing", False, JUDGED | {"payee_share_on_silence_bps": 100, "amount": 100}),
    ("share-rounds-to-nothing", False, JUDGED | {"payee_share_on_silence_bps": 100, "amount": 99, "flags": 0}),
    ("share-rounds-to-nothing", False, {"amount": 1}),
    ("little-time-to-fund", True, {"now": FUND_BY - 15 * 60 + 1}),
    ("little-time-to-fund", False, {"now": FUND_BY - 15 * 60}),
    ("little-time-to-fund", False, {"now": None}),
    ("little-time-after-funding", True, {"fund_by": EXPIRY - DAY + 1}),
    ("little-time-after-funding", False, {"fund_by": EXPIRY - DAY}),
    ("long-hold", True, {"authorization_expiry": START + YEAR + 1, "refund_expiry": START + 2 * YEAR}),
    ("long-hold", False, {"authorization_expiry": START + YEAR, "refund_expiry": START + 2 * YEAR}),
    ("long-hold", True, {"authorization_expiry": FUND_BY + YEAR + 1, "refund_expiry": START + 2 * YEAR, "now": None}),
    ("long-hold", False, {"authorization_expiry": FUND_BY + YEAR, "refund_expiry": START + 2 * YEAR, "now": None}),
    (
        "long-hold",
        True,
        JUDGED
        | {"authorization_expiry": START + YEAR - HOUR, "refund_expiry": START + 2 * YEAR, "ruling_period": 2 * HOUR},
    ),
    ("no-time-to-refund", True, {"refund_expiry": EXPIRY}),
    ("no-time-to-refund", False, {"refund_expiry": EXPIRY + 1}),
    ("no-time-to-refund", True, JUDGED | {"refund_expiry": EXPIRY + 7 * DAY - 1}),
    ("no-time-to-refund", False, JUDGED | {"refund_expiry": EXPIRY + 7 * DAY}),
    ("no-time-to-refund", True, JUDGED | {"refund_expiry": EXPIRY + 7 * DAY, "flags": 3}),
    ("no-time-to-refund", False, JUDGED | {"refund_expiry": EXPIRY + 7 * DAY + 1, "flags": 3}),
]


@pytest.mark.parametrize(("name", "expected", "changes"), CASES)
def test_an_amount_too_small_and_a_time_too_short_or_too_long_are_named(
    name: str, expected: bool, changes: dict[str, object]
) -> None:
    assert (name in found(changes)) is expected


def test_every_rule_about_amounts_and_times_is_tested_both_ways() -> None:
    rules = [*vars(amounts).values(), *vars(times).values()]
    names = {rule.name for rule in rules if isinstance(rule, Rule)}

    assert seen(CASES) == {(name, expected) for name in names for expected in (True, False)}
