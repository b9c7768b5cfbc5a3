from typing import Any

import pytest

from chain.errors import OutOfRange
from chain.preflight.past import RULES, Past
from chain.preflight.rule import findings
from tests.chain.preflight.planned import PAYEE, names


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({}, {"FirstPayment"}),
        ({"paid": 1, "since": 7}, {"PaidBefore"}),
        ({"paid": 3, "since": 7, "disputed": 1}, {"PaidBefore", "DisputedBefore"}),
        ({"paid": 3, "since": 7, "disputed": 2, "lost": 1}, {"PaidBefore", "DisputedBefore", "LostBefore"}),
    ],
)
def test_what_was_before(said: dict[str, Any], found: set[str]) -> None:
    assert names(findings(RULES, Past(payee=PAYEE, **said))) == found


@pytest.mark.parametrize("wrong", [{"paid": -1}, {"disputed": 1.0}, {"lost": True}])
def test_what_was_before_is_counted(wrong: dict[str, Any]) -> None:
    with pytest.raises(OutOfRange):
        Past(payee=PAYEE, **wrong)
