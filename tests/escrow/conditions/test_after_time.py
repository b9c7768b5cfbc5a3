from typing import Any

import pytest

from chain.errors import OutOfRange
from chain.units import NO_HASH, Seconds
from escrow import conditions
from escrow.conditions import Condition, Facts, Proof


@pytest.mark.parametrize(("now", "released"), [(0, 0), (159, 0), (160, 1_000), (161, 1_000)])
def test_everything_is_released_from_the_second_itself_on(now: int, released: int) -> None:
    facts = Facts(chain_id=1, now=Seconds(now))

    assert conditions.after_time(160).proof().released(NO_HASH, 1_000, facts) == released


@pytest.mark.parametrize("time", [-1, 2**48, 1.5, "160", True])
def test_a_time_is_a_whole_number_of_48_bits(time: Any) -> None:
    with pytest.raises(OutOfRange):
        conditions.after_time(time)


def test_a_condition_that_says_too_much_is_clipped_to_the_amount() -> None:
    class Generous(Condition):
        address = conditions.after_time(0).address
        data = b""

        def released(self, subject: bytes, amount: int, shown: bytes, facts: Facts) -> int:
            return 10 * amount

    facts = Facts(chain_id=1, now=Seconds(0))

    assert Proof(Generous(), b"").released(NO_HASH, 1_000, facts) == 1_000
