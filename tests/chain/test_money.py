import decimal
import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chain import NOBODY, Money, Token, address
from chain.errors import Malformed, OutOfRange, TokenMismatch, TooPrecise
from chain.units import MAX_AMOUNT

ELSEWHERE = address("0x" + "11" * 20)
USDC = Token(address=ELSEWHERE, symbol="USDC", decimals=6, chain_id=1)
ETH = Token(address=NOBODY, symbol="ETH", decimals=18, chain_id=1)
WHOLE = Token(address=ELSEWHERE, symbol="PTS", decimals=0, chain_id=1)


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("0", 0),
        ("0.00", 0),
        ("0e-999", 0),
        ("19.99", 19_990_000),
        ("019.990000000", 19_990_000),
        ("1e-6", 1),
        ("1E3", 1_000_000_000),
        ("1e+3", 1_000_000_000),
        (Decimal("0.000001"), 1),
        (Decimal("1E+2"), 100_000_000),
    ],
)
def test_a_decimal_text_is_money(text: str | Decimal, units: int) -> None:
    assert USDC(text) == USDC.units(units)


@pytest.mark.parametrize("text", ["0.0000001", "1e-7", "1.0000001", "1e-999", Decimal("1e-400")])
def test_more_places_than_the_token_has_are_refused(text: str | Decimal) -> None:
    with pytest.raises(TooPrecise) as caught:
        USDC(text)

    assert (caught.value.decimals, caught.value.symbol) == (6, "USDC")


@pytest.mark.parametrize("value", [19.99, 19, True, None, b"19"])
def test_floats_and_numbers_without_a_unit_are_type_errors(value: object) -> None:
    with pytest.raises(TypeError):
        USDC(value)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text", ["", " 1", "1 ", "1_000", "1,000", "1.", ".5", "+1", "0x1", "1e", "nan", "inf", "１", "1\n", "1" * 61]
)
def test_other_texts_are_malformed(text: str) -> None:
    with pytest.raises(Malformed):
        USDC(text)


@pytest.mark.parametrize("text", ["-1", "-0", "-1e-9", "1e30", "1e999", Decimal(-1), Decimal("1e999999")])
def test_negative_and_huge_amounts_are_out_of_range(text: str | Decimal) -> None:
    with pytest.raises(OutOfRange):
        USDC(text)


def test_an_absurd_exponent_is_refused_without_being_computed() -> None:
    begun = time.monotonic()
    with pytest.raises(OutOfRange):
        USDC(Decimal("1e50000000"))
    with pytest.raises(TooPrecise):
        USDC(Decimal("1e-50000000"))

    assert time.monotonic() - begun < 1


@pytest.mark.parametrize("value", [Decimal("nan"), Decimal("inf"), Decimal("-inf"), Decimal("snan")])
def test_decimals_that_are_no_numbers_are_malformed(value: Decimal) -> None:
    with pytest.raises(Malformed):
        USDC(value)


def test_no_digit_is_rounded_away() -> None:
    with decimal.localcontext(prec=3):
        assert ETH("79228162514.264337593543950335").units == MAX_AMOUNT
    with pytest.raises(OutOfRange):
        ETH("79228162514.264337593543950336")


@pytest.mark.parametrize("units", [-1, MAX_AMOUNT + 1, 1.0, True, "1", None])
def test_units_are_whole_numbers_that_the_contracts_can_hold(units: object) -> None:
    with pytest.raises(OutOfRange):
        USDC.units(units)  # type: ignore[arg-type]


@given(st.integers(0, MAX_AMOUNT), st.sampled_from([USDC, ETH, WHOLE]))
def test_money_reads_what_it_writes(units: int, token: Token) -> None:
    money = token.units(units)

    assert token(money.text) == money


@pytest.mark.parametrize(
    ("money", "text"),
    [
        (USDC("19.9"), "19.90 USDC"),
        (USDC("19"), "19 USDC"),
        (USDC("0.000001"), "0.000001 USDC"),
        (WHOLE("7"), "7 PTS"),
        (USDC("1234567.5"), "1234567.50 USDC"),
    ],
)
def test_money_is_shown_with_its_symbol(money: Money, text: str) -> None:
    assert str(money) == text
    assert money.to_json() == {"units": str(money.units), "token": money.token.address, "text": text}


def test_money_of_one_token_is_added_and_compared() -> None:
    assert USDC("1") + USDC("2") == USDC("3")
    assert USDC("3") - USDC("3") == USDC("0")
    assert USDC("1") < USDC("2") <= USDC("2")
    assert max(USDC("1"), USDC("2")) == USDC("2")
    assert not USDC("0")
    assert USDC("0.000001")


@pytest.mark.parametrize("other", [ETH("1"), Token(address=ELSEWHERE, symbol="USDC", decimals=6, chain_id=10)("1")])
def test_money_of_another_token_or_chain_is_other_money(other: Money) -> None:
    assert USDC("1") != other
    for operation in (Money.__add__, Money.__sub__, Money.__lt__):
        with pytest.raises(TokenMismatch):
            operation(USDC("1"), other)


def test_there_is_no_debt_and_nothing_but_money_is_added() -> None:
    with pytest.raises(OutOfRange):
        USDC("1") - USDC("2")
    with pytest.raises(OutOfRange):
        USDC.units(MAX_AMOUNT) + USDC("1")
    with pytest.raises(TypeError):
        USDC("1") + 1  # type: ignore[operator]
