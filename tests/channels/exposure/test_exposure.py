from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chain.errors import OutOfRange
from channels.exposure import ChannelExposure, Exposure

AMOUNTS = st.integers(0, 50)


def of(accepted: Any = 0, settled: Any = 0, deposit: Any = 0, unproven: Any = 0) -> ChannelExposure:
    return ChannelExposure(accepted=accepted, settled=settled, deposit=deposit, unproven=unproven)


CHANNELS = st.builds(
    lambda settled, more, deposit, unproven: of(settled + more, settled, deposit, unproven),
    AMOUNTS,
    AMOUNTS,
    AMOUNTS,
    AMOUNTS,
)


@pytest.mark.parametrize(
    ("channel", "at_risk", "unconfirmed", "covered"),
    [
        (of(), 0, 0, 0),
        (of(10, 4, 100), 6, 0, 90),
        (of(10, 4, 10), 6, 0, 0),
        (of(11, 4, 10), 7, 1, 0),
        (of(10, 10, 0), 0, 0, 0),
        (of(12, 10, 0), 2, 2, 0),
        (of(10, 10, 4), 0, 0, 0),
        (of(10, 0, 0), 10, 10, 0),
    ],
)
def test_at_risk_is_what_is_not_settled_and_unconfirmed_what_is_above_the_final_deposit(
    channel: ChannelExposure, at_risk: int, unconfirmed: int, covered: int
) -> None:
    assert (channel.at_risk, channel.unconfirmed, channel.covered) == (at_risk, unconfirmed, covered)


@pytest.mark.parametrize("wrong", [(1, 2), (-1, -1), (2**96, 0), (1, 0, -1), (1, 0, 2**96), (1, 0, 0, -1)])
def test_a_channel_that_cannot_be_is_refused(wrong: tuple[int, ...]) -> None:
    with pytest.raises(OutOfRange):
        of(*wrong)


@given(channels=st.lists(CHANNELS, min_size=1, max_size=6), after=CHANNELS)
def test_the_sum_carried_on_is_the_sum_made_anew(channels: list[ChannelExposure], after: ChannelExposure) -> None:
    total = Exposure.of(channels)
    assert total.at_risk == sum(channel.accepted - channel.settled for channel in channels)
    assert total.moved(channels[0], after) == Exposure.of([after, *channels[1:]])


@pytest.mark.parametrize(
    "wrong", [{"at_risk": -1}, {"at_risk": 1.5}, {"at_risk": 1, "unconfirmed": 2}, {"unproven": -1}]
)
def test_a_sum_that_cannot_be_is_refused(wrong: Any) -> None:
    with pytest.raises(OutOfRange):
        Exposure(**wrong)


def test_a_channel_that_was_never_counted_cannot_be_taken_out() -> None:
    with pytest.raises(OutOfRange):
        Exposure.of([of(3)]).moved(of(4), of())


def test_unproven_promises_stand_beside_and_are_no_money_at_risk() -> None:
    assert Exposure.of([of(5, 0, 5, 7), of(unproven=1)]) == Exposure(at_risk=5, unproven=8)
