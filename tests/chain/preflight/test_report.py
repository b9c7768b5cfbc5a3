import pickle

import pytest

from chain.errors import OutOfRange, Refused
from chain.preflight import NAMES, RULES, Finding, PreflightRefused, Report, Thresholds, Weight
from chain.preflight.finding import weighed
from tests.chain.preflight.planned import PAYEE, PAYER, PLANNED, USDC

BURNT = Finding(name="BurnAddress", weight=Weight.BLOCK, says="it is lost", facts={"party": PAYEE})
ITSELF = Finding(name="SelfPayment", weight=Weight.BLOCK, says="pays itself")
FRESH = Finding(name="FreshPayee", weight=Weight.WARN, says="never seen")
FIRST = Finding(name="FirstPayment", weight=Weight.NOTE, says="never paid", facts={"paid": 0})


def report(*findings: Finding) -> Report:
    return Report(payment=PLANNED, findings=weighed(findings, {}))


def test_blocks_come_first_and_the_rest_in_order() -> None:
    assert report(FIRST, FRESH, BURNT, ITSELF).findings == (BURNT, ITSELF, FRESH, FIRST)


def test_only_blocks_refuse() -> None:
    report(FRESH, FIRST).require()

    with pytest.raises(PreflightRefused) as raised:
        report(FRESH, BURNT, ITSELF).require()

    assert isinstance(raised.value, Refused)
    assert raised.value.findings == (BURNT, ITSELF)
    assert str(raised.value) == "refused: BurnAddress: it is lost; SelfPayment: pays itself"
    assert pickle.loads(pickle.dumps(raised.value)).findings == (BURNT, ITSELF)  # noqa: S301


@pytest.mark.parametrize(
    ("accept", "left"),
    [
        ("BurnAddress", (ITSELF,)),
        ({"BurnAddress"}, (ITSELF,)),
        ({"BurnAddress", "SelfPayment"}, ()),
        ({"burnaddress", "all", "*", ""}, (BURNT, ITSELF)),
        ((), (BURNT, ITSELF)),
    ],
)
def test_what_is_accepted_is_accepted_by_its_name(accept: str | set[str], left: tuple[Finding, ...]) -> None:
    assert report(BURNT, ITSELF).blocking(accept) == left


def test_findings_are_weighed_anew_by_name() -> None:
    heavier = weighed((FRESH, BURNT), {"FreshPayee": Weight.BLOCK, "BurnAddress": Weight.NOTE})

    assert [(found.name, found.weight) for found in heavier] == [
        ("FreshPayee", Weight.BLOCK),
        ("BurnAddress", Weight.NOTE),
    ]


def test_a_report_is_json() -> None:
    found = report(FIRST, BURNT).to_json()

    assert (found["payer"], found["payee"], found["money"]["text"]) == (PAYER, PAYEE, "5 USDC")
    assert found["findings"] == [
        {"name": "BurnAddress", "weight": "block", "says": "it is lost", "facts": {"party": PAYEE}},
        {"name": "FirstPayment", "weight": "note", "says": "never paid", "facts": {"paid": "0"}},
    ]


def test_every_rule_has_a_name_of_its_own() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES) == len(NAMES) - 1
    assert all(rule.about for rule in RULES)


@pytest.mark.parametrize(
    "wrong", [{"shown_digits": 2}, {"shown_digits": 21}, {"fee_bps": -1}, {"high_bps": 9_999}, {"rising_bps": 10_000}]
)
def test_thresholds_are_checked_at_birth(wrong: dict[str, int]) -> None:
    with pytest.raises(OutOfRange):
        Thresholds(**wrong)


def test_money_among_the_facts_is_json_too() -> None:
    finding = Finding(name="FeeTooHigh", weight=Weight.WARN, says="dear", facts={"fee": USDC("0.5"), "bps": 1000})

    assert finding.to_json()["facts"] == {"fee": USDC("0.5").to_json(), "bps": "1000"}
