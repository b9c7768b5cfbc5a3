import pytest

from escrow import conditions
from escrow.linter.amendments import CONDITION_KEPT, check_amendment
from tests.escrow.linter.cases import agreed

LOCK, OTHER = (conditions.hash_lock(sha256=bytes([number]) * 32) for number in (1, 2))
AMOUNT = agreed().amount


@pytest.mark.parametrize(
    ("old", "held", "new", "expected"),
    [
        (LOCK, AMOUNT - 1, LOCK, True),
        (LOCK, AMOUNT, LOCK, False),
        (LOCK, AMOUNT - 1, OTHER, False),
        (LOCK, AMOUNT - 1, None, False),
        (None, AMOUNT - 1, None, False),
    ],
)
def test_a_condition_of_which_something_has_gone_is_kept_by_name_only(
    old: conditions.Condition | None, held: int, new: conditions.Condition | None, expected: bool
) -> None:
    found = check_amendment(agreed(old), held, agreed(new, salt=2))

    assert [finding.name for finding in found] == [CONDITION_KEPT] * expected
