from datetime import timedelta

import pytest
import typer

from chain.units import Seconds
from earnest.cli.escrow.when import length, moment, split
from escrow import PayeeShare

NOW = Seconds(1_800_000_000)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("90s", {"seconds": 90}), ("15m", {"minutes": 15}), ("36h", {"hours": 36}), ("+14d", {"days": 14})],
)
def test_a_length_has_a_unit(text: str, expected: dict[str, int]) -> None:
    assert length(text) == timedelta(**expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1d", 1_800_086_400),
        ("1800000001", 1_800_000_001),
        ("2027-01-15", 1_799_971_200),
        ("2027-01-15T08:00", 1_800_000_000),
        ("2027-01-15T09:00+01:00", 1_800_000_000),
    ],
)
def test_a_time_is_a_date_in_utc_a_second_or_a_length_from_now(text: str, expected: int) -> None:
    assert moment(text, NOW) == expected


def test_a_length_counts_from_no_time_where_none_is_known() -> None:
    with pytest.raises(typer.BadParameter, match="write a date"):
        moment("14d")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("payer", "payer"), ("payee", "payee"), ("0%", 0), ("12.34%", 1_234), ("100 %", 10_000)],
)
def test_a_split_names_a_party_or_the_payees_percentage(text: str, expected: object) -> None:
    assert split(text) == (PayeeShare(bps=expected) if isinstance(expected, int) else expected)


@pytest.mark.parametrize("text", ["", "14", "14w", "d", "-1d", "1.5h"])
def test_what_is_no_length_is_refused(text: str) -> None:
    with pytest.raises(typer.BadParameter):
        length(text)


@pytest.mark.parametrize("text", ["", "tomorrow", "2027-13-01", "12345678"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(typer.BadParameter):
        moment(text, NOW)


@pytest.mark.parametrize("text", ["", "both", "25", "100.01%", "12.345%", "-1%"])
def test_what_is_no_split_is_refused(text: str) -> None:
    with pytest.raises(typer.BadParameter):
        split(text)
