"""The books come back from a file as they were written, or not at all."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chain.errors import InvalidValue, Malformed
from chain.money import Token
from chain.units import NOBODY, Address
from channels.ledger import Accepted, Delivered, Fee, Ledger, Settled, from_csv, from_json, to_csv, to_json
from tests.channels.conftest import TOKEN
from tests.channels.ledger.conftest import transaction

KEYS: Any = st.text(st.characters(exclude_categories=["Cs"])) | st.text("=+-@\t\r\n'\"%,;| ~a1", max_size=8)
Facts = Callable[..., Any]
Tokens = dict[Address, Token]


def keyed(fact: Facts, key: str) -> Ledger:
    return Ledger.of([fact(Accepted, 10**26), fact(Delivered, 12_345_678, key), fact(Settled, 1), fact(Fee, 1)])


@given(key=KEYS, seconds=st.integers(0, 253_402_300_799), amount=st.integers(1, 2**96 - 1))
def test_every_ledger_comes_back_from_csv_and_json(
    fact: Facts, tokens: Tokens, key: str, seconds: int, amount: int
) -> None:
    ledger = Ledger.of([fact(Accepted, amount, time=seconds), fact(Delivered, amount, key), fact(Fee, amount)])
    assert from_csv(to_csv(ledger, tokens), tokens) == ledger
    assert from_json(to_json(ledger)) == ledger


@example(key="=cmd|' /C calc'!A0")
@example(key='x;=HYPERLINK("http://evil")')
@example(key="\t=1+1")
@example(key="@SUM(1)")
@example(key="-2+3")
@example(key="+1")
@example(key="\uff1d1+1")
@example(key="a\r\n=1+1")
@given(key=KEYS)
def test_no_spreadsheet_finds_a_formula_or_a_cell_of_its_own_in_a_strangers_key(
    fact: Facts, tokens: Tokens, key: str
) -> None:
    hostile = {TOKEN: Token(address=TOKEN, symbol=key or "x", decimals=6, chain_id=31337), NOBODY: tokens[NOBODY]}
    text = to_csv(keyed(fact, key), hostile)
    assert text.isascii()
    for separator in ",;|\t ":
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            assert len(row) == (11 if separator == "," else 1)
            assert all(cell[:1].isalnum() or cell[:1] in {"", "%"} for cell in row)
    assert from_csv(text, hostile) == keyed(fact, key)


@pytest.mark.parametrize("key", ["order-17", "7d1f_2.a:b/c", "0xabc"])
def test_usual_keys_stay_readable(fact: Facts, tokens: Tokens, key: str) -> None:
    assert f",{key}," in to_csv(keyed(fact, key), tokens)


def test_a_journal_line_says_it_in_tokens_and_in_base_units(fact: Facts, tokens: Tokens, channel: Any) -> None:
    lines = to_csv(keyed(fact, "k"), tokens).split("\r\n")
    assert lines[0] == "number,time,token,symbol,channel,epoch,memo,debit,credit,amount,units"
    told = f"2,2023-11-14T22:13:20Z,{TOKEN},USDC,0x{channel.id.hex()},3,k,undelivered,revenue,12.345678,12345678"
    assert lines[2] == told
    assert lines[1].endswith(f",{10**20},{10**26}")
    assert f",ETH,,,0x{transaction(0).hex()},fees,owner," in lines[4]
    assert lines[5:] == [""]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("number,", "no,"),
        ("12.345678,", "12.345677,"),
        ("12.345678,", "12.34567800,"),
        (",12345678\r", ",12345679\r"),
        (",12345678\r", ",012345678\r"),
        (",12345678\r", ",12345678,\r"),
        (",12345678\r", ',"12345678\r'),
        (",12345678\r", ",1.2345678E+07\r"),
        ("2023-11-14T22", "14.11.2023T22"),
        ("2023-11-14T22", "2023-11-14T21:73"),
        (",key,", ",%6Bey,"),
        (",key,", ",=key,"),
        (",key,", ',"ke"y,'),
        ("undelivered,revenue", "revenue,undelivered"),
        ("undelivered,revenue", "undelivered,profit"),
        (",3,key", ",03,key"),
        (",3,key", ",-3,key"),
        (",3,key", ",,key"),
        ("USDC", "usdc"),
        (TOKEN, TOKEN.lower()),
        (TOKEN, NOBODY),
        ("\r\n2,", "\r\n3,"),
    ],
)
def test_a_csv_that_was_changed_is_refused(fact: Facts, tokens: Tokens, old: str, new: str) -> None:
    text = to_csv(keyed(fact, "key"), tokens)
    assert old in text
    with pytest.raises(InvalidValue):
        from_csv(text.replace(old, new), tokens)


def test_a_csv_without_one_of_its_lines_is_refused(fact: Facts, tokens: Tokens) -> None:
    lines = to_csv(keyed(fact, "key"), tokens).splitlines(keepends=True)
    for at in range(len(lines) - 1):
        with pytest.raises(InvalidValue):
            from_csv("".join(lines[:at] + lines[at + 1 :]), tokens)
    with pytest.raises(Malformed):
        from_csv("", tokens)


def test_a_token_without_decimals_can_be_neither_written_nor_read(fact: Facts, tokens: Tokens) -> None:
    text = to_csv(keyed(fact, "key"), tokens)
    with pytest.raises(Malformed):
        to_csv(keyed(fact, "key"), {TOKEN: tokens[TOKEN]})
    with pytest.raises(Malformed):
        from_csv(text, {TOKEN: tokens[TOKEN]})


def test_numbers_in_json_are_decimal_strings(told: Ledger, channel: Any) -> None:
    entries = json.loads(to_json(told))["entries"]
    assert len(entries) == 7
    assert entries[1] == {
        "time": "1700000000",
        "token": TOKEN,
        "channelId": "0x" + channel.id.hex(),
        "epoch": "3",
        "memo": "0",
        "debit": "undelivered",
        "credit": "revenue",
        "units": "60",
    }
    assert (entries[6]["channelId"], entries[6]["epoch"]) == (None, None)
    assert from_json(json.dumps(json.loads(to_json(told)), indent=3)) == told
    assert from_json(to_json(Ledger())) == Ledger()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"units": "60"', '"units": 60'),
        ('"units": "60"', '"units": "060"'),
        ('"units": "60"', '"units": "6e1"'),
        ('"units": "60"', '"units": "+60"'),
        ('"units": "60"', '"units": "60", "units": "60"'),
        ('"units": "60"', '"units": "60", "more": "1"'),
        (', "units": "60"', ""),
        ('"epoch": "3"', '"epoch": 3'),
        ('"epoch": "3"', '"epoch": null'),
        ('"memo": "0"', '"memo": 0'),
        ('"debit": "cash"', '"debit": "cache"'),
        ('"debit": "cash"', '"debit": ["cash"]'),
        ('"channelId": "0x', '"channelId": "0X'),
        ('"channelId": "0x', '"channelId": "0x00'),
        (TOKEN, TOKEN.lower()),
        ('{"entries"', '{"more": [], "entries"'),
        ('{"entries"', '{"entry"'),
        ("]}", "}"),
        ('"time"', '"TIME"'),
    ],
)
def test_a_json_that_was_changed_is_refused(told: Ledger, old: str, new: str) -> None:
    text = to_json(told)
    assert old in text
    with pytest.raises(InvalidValue):
        from_json(text.replace(old, new))


@pytest.mark.parametrize(
    "text", ["", "[]", "1", '{"entries": {}}', '{"entries": [1]}', '{"entries": "x"}', "[" * 100_000]
)
def test_what_is_no_journal_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        from_json(text)
