import pytest

from escrow.linter import parties
from escrow.linter.rule import Rule
from tests.escrow.linter.cases import (
    ARBITER,
    COLLECTOR,
    EXPIRY,
    FUND_BY,
    JUDGED,
    OPERATED,
    OPERATOR,
    PAYEE,
    PAYER,
    Case,
    found,
    seen,
)

FEE = {"fee_bps": 100, "fee_recipient": COLLECTOR}
CASES: list[Case] = [
    ("part-is-nobodys", True, OPERATED | {"operator": parties.BURNT}),
    ("part-is-nobodys", True, JUDGED | {"arbiter": "0x" + "00" * 19 + "01"}),
    ("part-is-nobodys", True, {"payee": "0x000000000000000000000000000000000000FFff"}),
    ("part-is-nobodys", False, {"payee": "0x0000000000000000000000000000000000010000"}),
    ("part-is-nobodys", False, OPERATED | JUDGED | FEE),
    ("operator-is-payee", True, OPERATED | {"operator": PAYEE}),
    ("operator-is-payee", True, {"operator": PAYEE}),
    ("operator-is-payee", False, OPERATED),
    ("operator-is-payee", False, {"operator": PAYEE, "capture_from": EXPIRY}),
    ("operator-is-payer", True, OPERATED | {"operator": PAYER}),
    ("operator-is-payer", False, OPERATED),
    ("operator-is-payer", False, {"operator": PAYER, "capture_from": EXPIRY}),
    ("operator-decides-alone", True, {"operator": OPERATOR}),
    ("operator-decides-alone", True, {"operator": OPERATOR, "capture_from": FUND_BY}),
    ("operator-decides-alone", False, {"operator": OPERATOR, "capture_from": FUND_BY + 1}),
    ("operator-decides-alone", False, {"operator": PAYEE}),
    ("operator-decides-alone", False, {"operator": PAYER}),
    ("operator-decides-alone", False, {}),
    ("operator-takes-the-fee", True, OPERATED | FEE | {"fee_recipient": OPERATOR}),
    ("operator-takes-the-fee", False, OPERATED | FEE),
    ("operator-takes-the-fee", False, OPERATED | {"fee_recipient": OPERATOR}),
    ("operator-takes-the-fee", False, FEE | {"operator": COLLECTOR, "capture_from": EXPIRY}),
    ("arbiter-is-payer", True, JUDGED | {"arbiter": PAYER}),
    ("arbiter-is-payer", False, JUDGED),
    ("arbiter-is-payer", False, JUDGED | {"arbiter": PAYER, "flags": 0}),
    ("arbiter-is-payee", True, JUDGED | {"arbiter": PAYEE}),
    ("arbiter-is-payee", False, JUDGED),
    ("arbiter-is-payee", False, JUDGED | {"arbiter": PAYEE, "flags": 4}),
    ("arbiter-is-operator", True, JUDGED | OPERATED | {"arbiter": OPERATOR}),
    ("arbiter-is-operator", False, JUDGED | OPERATED),
    ("arbiter-is-operator", False, JUDGED | OPERATED | {"arbiter": OPERATOR, "flags": 0}),
    ("arbiter-is-operator", False, JUDGED | {"operator": ARBITER, "capture_from": EXPIRY}),
    ("arbiter-is-operator", False, {}),
    ("arbiter-takes-the-fee", True, JUDGED | FEE | {"fee_recipient": ARBITER}),
    ("arbiter-takes-the-fee", False, JUDGED | FEE),
    ("arbiter-takes-the-fee", False, JUDGED | {"fee_recipient": ARBITER}),
    ("arbiter-takes-the-fee", False, JUDGED | FEE | {"fee_recipient": ARBITER, "flags": 0}),
    ("fee-goes-to-payer", True, FEE | {"fee_recipient": PAYER}),
    ("fee-goes-to-payer", False, FEE),
    ("fee-goes-to-payer", False, {"fee_recipient": PAYER}),
    ("operator-is-mute", True, {"operator": OPERATOR, "capture_from": EXPIRY}),
    ("operator-is-mute", False, {"operator": OPERATOR, "capture_from": EXPIRY - 1}),
    ("operator-is-mute", False, {"capture_from": EXPIRY}),
]


@pytest.mark.parametrize(("name", "expected", "changes"), CASES)
def test_one_who_plays_two_parts_is_named(name: str, expected: bool, changes: dict[str, object]) -> None:
    assert (name in found(changes)) is expected


def test_every_rule_about_parties_is_tested_both_ways() -> None:
    names = {rule.name for rule in vars(parties).values() if isinstance(rule, Rule)}

    assert seen(CASES) == {(name, expected) for name in names for expected in (True, False)}
