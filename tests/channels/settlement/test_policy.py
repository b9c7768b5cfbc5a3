from fractions import Fraction
from typing import Any

import pytest

from chain.errors import Malformed, OutOfRange
from channels.settlement import Policy, World
from tests.channels.conftest import TOKEN


@pytest.mark.parametrize(
    ("price", "amount", "buys", "pays_99"),
    [
        (Fraction(1), 99, 99, False),
        (Fraction(1), 100, 100, True),
        (Fraction(1, 3), 33, 99, False),
        (Fraction(3), 299, 99, False),
        (Fraction(3), 300, 100, True),
    ],
)
def test_an_amount_pays_if_it_brings_more_than_the_gas(price: Any, amount: int, buys: int, pays_99: bool) -> None:
    world = World(now=0, gas_prices={TOKEN: price})  # type: ignore[arg-type]
    assert world.buys(TOKEN, amount) == buys
    assert world.pays(TOKEN, amount, 99) is pays_99


def test_without_a_price_any_amount_pays_but_nothing_never_does() -> None:
    world = World(now=0)  # type: ignore[arg-type]
    assert world.buys(TOKEN, 1) is None
    assert world.pays(TOKEN, 1, 10**9)
    assert not world.pays(TOKEN, 0, 0)


@pytest.mark.parametrize(
    ("margin", "window", "seconds"),
    [
        (60, 3_600, 3_480),
        (300, 900, 300),
        (301, 900, 300),
        (600, 900, 150),
        (899, 900, 1),
        (900, 900, 0),
        (901, 900, 0),
    ],
)
def test_a_lane_is_looked_at_again_in_time_to_answer_a_close(margin: Any, window: Any, seconds: int) -> None:
    assert Policy(margin=margin).look_again(1_000, window) == 1_000 + seconds  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"margin": -1}, OutOfRange),
        ({"margin": 1.5}, OutOfRange),
        ({"margin": 1, "max_wait": -1}, OutOfRange),
        ({"margin": 1, "fee_share": 0.01}, Malformed),
        ({"margin": 1, "fee_share": Fraction(-1, 100)}, Malformed),
        ({"margin": 1, "fee_share": Fraction(101, 100)}, Malformed),
        ({"margin": 1, "at_risk": {TOKEN: -1}}, OutOfRange),
        ({"margin": 1, "at_risk_per_channel": {TOKEN: 2**96}}, OutOfRange),
    ],
)
def test_a_policy_that_cannot_be_is_refused(wrong: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        Policy(**wrong)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"now": -1}, OutOfRange),
        ({"now": 0, "gas_prices": {TOKEN: 0.5}}, Malformed),
        ({"now": 0, "gas_prices": {TOKEN: Fraction(0)}}, Malformed),
        ({"now": 0, "gas_prices": {TOKEN: Fraction(-1)}}, Malformed),
    ],
)
def test_a_world_that_cannot_be_is_refused(wrong: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        World(**wrong)
