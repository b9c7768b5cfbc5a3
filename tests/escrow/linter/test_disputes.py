import pytest

from escrow import Gains
from escrow.linter import disputes
from escrow.linter.rule import Rule
from tests.escrow.linter.cases import ARBITER, DAY, JUDGED, Case, found, seen

UNASKED = {"arbiter": ARBITER, "ruling_period": DAY}
CASES: list[Case] = [
    ("arbiter-is-never-asked", True, UNASKED),
    ("arbiter-is-never-asked", True, UNASKED | {"flags": 4}),
    ("arbiter-is-never-asked", False, JUDGED),
    ("arbiter-is-never-asked", False, {}),
    ("one-party-disputes", True, JUDGED | {"flags": 1}),
    ("one-party-disputes", True, JUDGED | {"flags": 6}),
    ("one-party-disputes", False, JUDGED | {"flags": 3}),
    ("one-party-disputes", False, {}),
    ("last-second-dispute", True, JUDGED | {"payee_share_on_expiry_bps": 10_000}),
    ("last-second-dispute", True, JUDGED | {"payee_share_on_silence_bps": 1}),
    ("last-second-dispute", False, JUDGED | {"payee_share_on_silence_bps": 1, "flags": 5}),
    ("last-second-dispute", False, JUDGED | {"payee_share_on_expiry_bps": 1, "flags": 6}),
    ("last-second-dispute", True, JUDGED | {"payee_share_on_expiry_bps": 1, "flags": 5}),
    ("last-second-dispute", False, JUDGED),
    ("last-second-dispute", False, {"payee_share_on_expiry_bps": 10_000}),
    ("short-ruling-period", True, JUDGED | {"ruling_period": DAY - 1}),
    ("short-ruling-period", False, JUDGED | {"ruling_period": DAY}),
    ("short-ruling-period", False, JUDGED | {"ruling_period": DAY - 1, "flags": 0}),
]


@pytest.mark.parametrize(("name", "expected", "changes"), CASES)
def test_a_dispute_that_one_party_gains_from_is_named(name: str, expected: bool, changes: dict[str, object]) -> None:
    assert (name in found(changes)) is expected


def test_every_rule_about_disputes_is_tested_both_ways() -> None:
    names = {rule.name for rule in vars(disputes).values() if isinstance(rule, Rule)}

    assert seen(CASES) == {(name, expected) for name in names for expected in (True, False)}


@pytest.mark.parametrize(
    ("name", "changes", "gains"),
    [
        ("one-party-disputes", {"flags": 5}, Gains.PAYER),
        ("one-party-disputes", {"flags": 2}, Gains.PAYEE),
        ("last-second-dispute", {"payee_share_on_expiry_bps": 10_000}, Gains.PAYER),
        ("short-ruling-period", {"ruling_period": 7_200}, Gains.PAYER),
        ("short-ruling-period", {"ruling_period": 7_200, "payee_share_on_silence_bps": 10_000}, Gains.PAYEE),
        ("last-second-dispute", {"payee_share_on_silence_bps": 10_000}, Gains.PAYEE),
    ],
)
def test_the_one_who_gains_by_a_dispute_is_named(name: str, changes: dict[str, object], gains: Gains) -> None:
    assert found(JUDGED | changes)[name].gains is gains


def test_what_is_said_has_the_values() -> None:
    says = found(JUDGED | {"payee_share_on_expiry_bps": 10_000, "ruling_period": 7_200})

    assert "from 100 % to 0 %" in says["last-second-dispute"].says
    assert found(JUDGED | {"flags": 1})["one-party-disputes"].says.startswith("the payer may")
    assert found(JUDGED | {"flags": 2})["one-party-disputes"].says.startswith("the payee may")
    assert "2 hours" in says["short-ruling-period"].says
