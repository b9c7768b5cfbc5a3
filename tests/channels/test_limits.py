from typing import Any

import pytest

from chain.errors import Malformed, TokenMismatch
from chain.money import Token
from chain.units import address
from channels import Limits, exposure
from channels.limits import by_token


@pytest.fixture
def euro() -> Token:
    return Token(address=address("0x" + "e0" * 20), symbol="EUR", decimals=6, chain_id=31337)


def test_a_payers_limits_are_in_base_units(usdc: Token) -> None:
    limits = Limits(per_call=usdc("1"), per_payee=usdc("20"), per_day=usdc("5"))
    assert limits.spending() == exposure.SpendLimits(per_call=1_000_000, per_payee=20_000_000, per_day=5_000_000)  # type: ignore[arg-type]
    assert Limits(per_day=usdc("5")).spending() == exposure.SpendLimits(per_day=5_000_000)  # type: ignore[arg-type]
    assert limits.token == usdc


@pytest.mark.parametrize(
    ("named", "units"),
    [
        ({"at_risk": 9}, {"at_risk": 9}),
        ({"at_risk_per_channel": 9}, {"at_risk_per_channel": 9}),
        ({"unconfirmed": 9}, {"unconfirmed": 9, "unconfirmed_per_channel": 9}),
        ({"unconfirmed": 9, "unconfirmed_per_channel": 3}, {"unconfirmed": 9, "unconfirmed_per_channel": 3}),
        ({"unconfirmed_per_channel": 3}, {"unconfirmed": None, "unconfirmed_per_channel": 3}),
        ({"unconfirmed": 0}, {"unconfirmed": 0, "unconfirmed_per_channel": 0}),
    ],
)
def test_of_an_unconfirmed_deposit_nothing_counts_unless_it_is_named(
    usdc: Token, named: dict[str, Any], units: dict[str, Any]
) -> None:
    nothing = {"unconfirmed": 0, "unconfirmed_per_channel": 0}
    limits = Limits(**{name: usdc.units(amount) for name, amount in named.items()}).accepting()
    assert limits == exposure.Limits(**nothing | units)


@pytest.mark.parametrize("name", ["at_risk", "at_risk_per_channel", "unconfirmed", "unconfirmed_per_channel"])
def test_a_payees_limit_is_none_of_a_payer(usdc: Token, name: str) -> None:
    with pytest.raises(Malformed, match=name):
        Limits(per_call=usdc("1"), **{name: usdc("0")}).spending()


@pytest.mark.parametrize("name", ["per_call", "per_payee", "per_day"])
def test_a_payers_limit_is_none_of_a_payee(usdc: Token, name: str) -> None:
    with pytest.raises(Malformed, match=name):
        Limits(at_risk=usdc("1"), **{name: usdc("0")}).accepting()


def test_limits_are_of_one_token_and_name_something(usdc: Token, euro: Token) -> None:
    with pytest.raises(Malformed):
        Limits()
    with pytest.raises(TokenMismatch):
        Limits(per_call=usdc("1"), per_day=euro("1"))
    with pytest.raises(TypeError):
        Limits(per_call=5)  # type: ignore[arg-type]


def test_each_token_has_its_own_limits_and_none_has_two(usdc: Token, euro: Token) -> None:
    ours, theirs = Limits(per_call=usdc("1")), Limits(per_call=euro("1"))
    assert by_token(ours) == by_token([ours]) == {usdc.address: ours}
    assert by_token([ours, theirs]) == {usdc.address: ours, euro.address: theirs}
    assert by_token(()) == {}
    with pytest.raises(Malformed):
        by_token([ours, Limits(per_day=usdc("2"))])
