from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chain.errors import OutOfRange
from chain.units import Amount
from channels.exposure import ChannelExposure, Exposure, Limits, OverLimit

AMOUNTS: Any = st.integers(0, 30)
MAYBE: Any = st.none() | AMOUNTS
NONE: Any = {"unconfirmed": None, "unconfirmed_per_channel": None}


def channel(accepted: Any = 0, settled: Any = 0, deposit: Any = 1_000) -> ChannelExposure:
    return ChannelExposure(accepted=accepted, settled=settled, deposit=deposit)


OTHERS = Exposure(at_risk=40, unconfirmed=10)


@pytest.mark.parametrize(
    ("limits", "at", "room", "broken"),
    [
        ({}, channel(5), 995, ("unconfirmed_per_channel", 1, 0)),
        ({"unconfirmed_per_channel": None}, channel(5), 995, ("unconfirmed", 11, 0)),
        ({**NONE}, channel(5), None, None),
        ({**NONE, "at_risk_per_channel": 8}, channel(5), 3, ("at_risk_per_channel", 9, 8)),
        ({**NONE, "at_risk_per_channel": 8}, channel(5, 5), 8, ("at_risk_per_channel", 9, 8)),
        ({**NONE, "at_risk": 50}, channel(5), 5, ("at_risk", 51, 50)),
        ({**NONE, "unconfirmed": 12}, channel(5, 0, 7), 4, ("unconfirmed", 13, 12)),
        ({**NONE, "unconfirmed_per_channel": 3}, channel(9, 0, 7), 1, ("unconfirmed_per_channel", 4, 3)),
        ({**NONE, "unconfirmed": 9}, channel(5, 0, 7), 2, ("unconfirmed", 11, 9)),
        ({**NONE, "at_risk": 30}, channel(5), 0, ("at_risk", 46, 30)),
    ],
)
def test_one_unit_above_a_limit_is_refused_before_it_is_accepted(
    limits: dict[str, Any], at: ChannelExposure, room: int | None, broken: Any
) -> None:
    total = OTHERS.moved(channel(), at)
    assert Limits(**limits).room(total, at) == room
    if room is None:
        Limits(**limits).require(total, at, 2**96)
        return
    Limits(**limits).require(total, at, room)
    with pytest.raises(OverLimit) as caught:
        Limits(**limits).require(total, at, room + 1)
    assert tuple(caught.value.facts.values()) == broken
    assert broken[0] in str(caught.value)


@given(
    limits=st.builds(
        Limits, at_risk=MAYBE, at_risk_per_channel=MAYBE, unconfirmed=MAYBE, unconfirmed_per_channel=MAYBE
    ),
    deposits=st.lists(AMOUNTS, min_size=1, max_size=3),
    steps=st.lists(st.tuples(st.integers(0, 2), st.integers(1, 12)), max_size=20),
)
def test_whatever_comes_in_whatever_order_no_limit_is_ever_passed(
    limits: Limits, deposits: list[Any], steps: list[tuple[int, int]]
) -> None:
    channels = [ChannelExposure(deposit=deposit) for deposit in deposits]
    total = Exposure.of(channels)
    for number, more in steps:
        at = channels[number % len(channels)]
        room = limits.room(total, at)
        try:
            limits.require(total, at, more)
        except OverLimit:
            assert room is not None
            assert more > room
            continue
        assert room is None or more <= room
        channels[number % len(channels)] = at.accepting(more)
        total = total.moved(at, at.accepting(more))
        assert limits.at_risk is None or total.at_risk <= limits.at_risk
        assert limits.unconfirmed is None or total.unconfirmed <= limits.unconfirmed
        for each in channels:
            assert limits.at_risk_per_channel is None or each.at_risk <= limits.at_risk_per_channel
            assert limits.unconfirmed_per_channel is None or each.unconfirmed <= limits.unconfirmed_per_channel


def test_confirmed_money_is_accepted_beside_unconfirmed_money_above_a_lowered_limit() -> None:
    at = channel(5)
    Limits().require(Exposure(at_risk=15, unconfirmed=10), at, 7)


@pytest.mark.parametrize("name", ["at_risk", "at_risk_per_channel", "unconfirmed", "unconfirmed_per_channel"])
@pytest.mark.parametrize("wrong", [-1, 2**96, True, "5"])
def test_a_limit_that_is_no_amount_is_refused(name: str, wrong: Any) -> None:
    with pytest.raises(OutOfRange):
        Limits(**{name: wrong})


@pytest.mark.parametrize(("said", "then"), [(None, 7), (5, 5), (9, 9), (0, 0)])
def test_a_stake_is_the_limit_where_nothing_else_is_said(said: int | None, then: int) -> None:
    limits = Limits(at_risk=None if said is None else Amount(said), at_risk_per_channel=Amount(3))

    assert limits.capped(Amount(7)) == Limits(at_risk=Amount(then), at_risk_per_channel=Amount(3))
