import pytest

from escrow import conditions
from escrow.linter import flags
from escrow.linter.rule import Rule
from tests.escrow.linter.cases import (
    CARRIER,
    DAY,
    EXPIRY,
    JUDGED,
    OPERATED,
    PAYEE,
    PAYER,
    Case,
    found,
    seen,
)

LOCK = conditions.hash_lock(sha256=bytes(32))
CHAIN = conditions.hash_chain(anchor=bytes(32), each=1)
CLOCK = conditions.after_time(EXPIRY - DAY)
WORD = conditions.approvals(1, of=[CARRIER])
UNFROZEN = JUDGED | {"flags": 3}
CASES: list[Case] = [
    ("dispute-before-secret", True, JUDGED | {"given": LOCK}),
    ("dispute-before-secret", True, JUDGED | {"given": CHAIN}),
    ("dispute-before-secret", True, JUDGED | {"given": conditions.any_of(LOCK, CLOCK)}),
    ("dispute-before-secret", False, UNFROZEN | {"given": LOCK}),
    ("dispute-before-secret", False, JUDGED | {"given": WORD}),
    ("operator-beside-secret", True, OPERATED | {"given": LOCK}),
    ("operator-beside-secret", True, OPERATED | {"given": LOCK, "operator": PAYER}),
    ("operator-beside-secret", False, OPERATED | {"given": LOCK, "operator": PAYEE}),
    ("operator-beside-secret", False, OPERATED | {"given": LOCK, "capture_from": EXPIRY}),
    ("operator-beside-secret", False, OPERATED | {"given": WORD}),
    ("operator-beside-secret", False, {"given": LOCK}),
    ("operator-beside-condition", True, OPERATED | {"given": WORD}),
    ("operator-beside-condition", True, OPERATED | {"given": LOCK, "shown": None}),
    ("operator-beside-condition", False, OPERATED | {"given": LOCK}),
    ("operator-beside-condition", False, OPERATED | {"given": WORD, "capture_from": EXPIRY}),
    ("operator-beside-condition", False, OPERATED),
    ("clock-outruns-dispute", True, UNFROZEN | {"given": CLOCK}),
    ("clock-outruns-dispute", True, UNFROZEN | {"given": conditions.any_of(LOCK, CLOCK)}),
    ("clock-outruns-dispute", False, UNFROZEN | {"given": conditions.all_of(LOCK, CLOCK)}),
    ("clock-outruns-dispute", False, JUDGED | {"given": CLOCK}),
    ("clock-outruns-dispute", False, JUDGED | {"given": CLOCK, "flags": 2}),
    ("clock-outruns-dispute", False, UNFROZEN | {"given": conditions.after_time(EXPIRY)}),
    ("clock-outruns-dispute", False, UNFROZEN | {"given": LOCK}),
    ("clock-outruns-dispute", False, {"given": CLOCK}),
    ("dispute-stops-proof", True, JUDGED | {"given": WORD}),
    ("dispute-stops-proof", True, JUDGED | {"given": WORD, "flags": 5}),
    ("dispute-stops-proof", False, JUDGED | {"given": WORD, "flags": 6}),
    ("dispute-stops-proof", False, UNFROZEN | {"given": WORD}),
    ("dispute-stops-proof", False, JUDGED | {"given": LOCK}),
    ("dispute-stops-proof", False, JUDGED | {"given": CLOCK}),
    ("condition-is-never-asked", True, JUDGED | {"given": WORD, "capture_from": EXPIRY}),
    ("condition-is-never-asked", True, JUDGED | {"given": WORD, "shown": None, "capture_from": EXPIRY}),
    ("condition-is-never-asked", False, JUDGED | {"given": WORD, "capture_from": EXPIRY - 1}),
    ("condition-is-never-asked", False, UNFROZEN | {"given": WORD, "capture_from": EXPIRY}),
    ("condition-is-never-asked", False, JUDGED | {"capture_from": EXPIRY}),
]


@pytest.mark.parametrize(("name", "expected", "changes"), CASES)
def test_a_dispute_or_an_operator_that_does_not_fit_the_condition_is_named(
    name: str, expected: bool, changes: dict[str, object]
) -> None:
    assert (name in found(changes)) is expected


def test_every_rule_about_flags_is_tested_both_ways() -> None:
    names = {rule.name for rule in vars(flags).values() if isinstance(rule, Rule)}

    assert seen(CASES) == {(name, expected) for name in names for expected in (True, False)}
