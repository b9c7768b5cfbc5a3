"""The fast reader takes nothing that the strict one refuses, and says the same of what it refuses."""

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chain.errors import EarnestError, Malformed
from chain.signing import Signed
from channels import Channel, SignedVoucher, Voucher
from channels.errors import WrongChannel
from channels.promise import promises_hash
from channels.wire import _opened, read_voucher
from tests.channels.promise_states import promise

Send = Callable[..., SignedVoucher]
PIECES = ['"', "{", "}", "[", "]", ",", ":", "0", "1", "-", "x", " ", "\\", "\\u0030", "\x00", "\ud800", "é", "null"]
PIECES += ['"epoch": "7", ', '"signature": "0x00", ', '"salt": "7", ', '"promises": [], ', '"more": "1", ', "9" * 80]


def read(reader: Callable[[Any], SignedVoucher], data: Any) -> SignedVoucher | type[EarnestError]:
    try:
        return reader(data)
    except EarnestError as error:
        return type(error)


def assert_same(data: Any) -> None:
    assert read(read_voucher, data) == read(SignedVoucher.from_json, data)


@pytest.fixture(scope="session")
def text(send: Send) -> str:
    return json.dumps(send(5).to_json())


def spacings(text: str) -> tuple[str, str]:
    """As `json.dumps` spaces it, and without any space."""
    return text, text.replace(": ", ":").replace(", ", ",")


@pytest.mark.parametrize("compact", [False, True])
def test_a_text_whose_opening_is_known_is_not_parsed_again(send: Send, compact: bool) -> None:
    said = [spacings(json.dumps(send(amount).to_json()))[compact] for amount in (6, 70)]
    read_voucher(said[0])
    before = _opened.cache_info()
    assert [read_voucher(text) for text in (*said, said[1].encode())] == [send(6), send(70), send(70)]
    assert (_opened.cache_info().hits, _opened.cache_info().misses) == (before.hits + 3, before.misses)


def test_a_voucher_is_read_from_text_and_from_what_it_was_parsed_to(send: Send, text: str) -> None:
    for data in (text, text.encode(), json.loads(text), json.dumps(json.loads(text), indent=2)):
        assert read_voucher(data) == send(5)


def test_one_with_promises_is_read_too(channel: Channel, sign: Callable[..., Signed[Voucher]]) -> None:
    signed = sign(5, promises=promises_hash([promise(1)]))
    said: dict[str, Any] = {"channel": channel, "voucher": signed.message, "signature": signed.signature}
    sent = SignedVoucher(**said, promises=(promise(1),))
    assert read_voucher(json.dumps(sent.to_json())) == sent
    assert_same(json.dumps(sent.to_json() | {"promises": []}))


@given(data=st.data())
def test_whatever_is_done_to_the_text_both_readers_say_the_same(text: str, data: st.DataObject) -> None:
    for _ in range(data.draw(st.integers(1, 3))):
        at, length = data.draw(st.integers(0, len(text))), data.draw(st.sampled_from([0, 0, 0, 1, 2, 5, 40]))
        text = text[:at] + data.draw(st.sampled_from(["", *PIECES])) + text[at + length :]
    for spaced in spacings(text):
        assert_same(spaced)
        if spaced.isascii():
            assert_same(spaced.encode())


@given(data=st.data())
def test_whatever_is_said_in_it_both_readers_say_the_same(text: str, data: st.DataObject) -> None:
    said = json.loads(text)
    place = data.draw(st.sampled_from([said, said["channel"], said["voucher"]]))
    name = data.draw(st.sampled_from(list(place)))
    numbers = st.integers(-(2**100), 2**100).map(str)
    place[name] = data.draw(st.text(max_size=8) | numbers | st.sampled_from([None, 5, 1.5, True, [], {}, "9" * 79]))
    for spaced in spacings(json.dumps(said)):
        assert_same(spaced)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('{"channel"', '{"signature": "0x00", "channel"'),
        ('{"channel"', '{"channel": 5, "channel"'),
        ('{"payer"', '{"salt": "7", "payer"'),
        ('{"payer"', '{"payer": 5, "payer"'),
        ('"epoch": "0"', '"epoch": "7", "epoch": "0"'),
        ('"epoch": "0"', '"epoch": "0", "epoch": "0"'),
    ],
)
def test_no_name_stands_twice(text: str, old: str, new: str) -> None:
    """A reader that took the first of two would see another voucher than one that takes the last."""
    twice = text.replace(old, new, 1)
    assert twice != text
    for data in spacings(twice):
        for told in (data, data.encode()):
            with pytest.raises(Malformed):
                read_voucher(told)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"0x', '"0X'),
        ('"channelId": "0x', '"channelId": "1x'),
        ('"channelId": "0x', '"channelId": "0x '),
        ('"channelId": "0x', '"channelId": "0x00'),
        ('"signature": "0x', '"signature": "1x'),
        ('"signature": "0x', '"signature": "0x '),
        ('"signature": "0x', '"signature": "0x00'),
        ('"promises": "0x00', '"promises": "0x01'),
        ('"epoch": "0"', '"epoch": "00"'),
        ('"epoch": "0"', '"epoch": "-0"'),
        ('"epoch": "0"', '"epoch": "+0"'),
        ('"epoch": "0"', '"epoch": " 0"'),
        ('"epoch": "0"', '"epoch": "٠"'),
        ('"epoch": "0"', '"epoch": 0'),
        ('"epoch": "0"', '"epoch": "0_0"'),
        ('"epoch": "0"', '"epoch": "0", "more": "1"'),
        ('"epoch": "0"', '"epoch": "' + "9" * 79 + '"'),
        ('"epoch": "0"', '"epoch": "' + "9" * 5_000 + '"'),
        ('"epoch": "0"', '"epoch": "4294967296"'),
        ('"cumulativeAmount": "5"', '"cumulativeAmount": "79228162514264337593543950336"'),
        ('"cumulativeAmount": "5"', '"cumulative_amount": "5"'),
        ('"salt": "0"', '"salt": "' + "[" * 70 + '"'),
        ('"salt": "0"', '"salt": NaN'),
        ('"cumulativeAmount": "5"', '"cumulativeAmount": "05"'),
        ('"cumulativeAmount": "5"', '"cumulativeAmount": "-5"'),
        ('"cumulativeAmount": "5"', '"cumulativeAmount": "5_0"'),
        ('"cumulativeAmount": "5"', '"cumulativeAmount": ""'),
        ('"cumulativeAmount"', '"cumulativeAmount": "4", "cumulativeAmount"'),
        ('"cumulativeAmount"', '"\\"cumulativeAmount"'),
        (", ", ",\x0b"),
    ],
)
def test_what_is_not_canonical_is_the_strict_readers_to_judge(text: str, old: str, new: str) -> None:
    changed = text.replace(old, new, 1)
    assert changed != text
    for spaced in spacings(changed):
        assert_same(spaced)
        assert isinstance(read(read_voucher, spaced), type)


@pytest.mark.parametrize(
    "end", ["", '"', "}", "xx", '0"}', '00"}', '"}}', '"}x', '"]', '", "more": "1"}', '"} {}', '"}\x00']
)
def test_nothing_else_ends_a_voucher(text: str, end: str) -> None:
    for spaced in spacings(text):
        assert_same(spaced[:-2] + end)
        assert isinstance(read(read_voucher, spaced[:-2] + end), type)


def test_upper_case_hex_is_the_same_voucher(send: Send, text: str) -> None:
    said = json.loads(text)
    said["signature"] = "0x" + said["signature"][2:].upper()
    assert read_voucher(json.dumps(said)) == send(5)


@pytest.mark.parametrize("data", [None, 5, "", "null", "[]", "{}", b"\xff", "\ud800", bytearray(b"{}"), []])
def test_what_is_no_voucher_is_malformed(data: Any) -> None:
    with pytest.raises(Malformed):
        read_voucher(data)


@pytest.mark.parametrize("size", [16_384, 16_385, 5_000_000])
def test_the_longest_text_is_the_strict_readers(send: Send, text: str, size: int) -> None:
    padded = text + " " * (size - len(text))
    if size <= 16_384:
        assert read_voucher(padded) == send(5)
        return
    with pytest.raises(Malformed):
        read_voucher(padded)


def test_deep_nesting_is_refused_where_a_library_has_raised_the_recursion_limit() -> None:
    """In a process of its own, which a parser without a limit would end."""
    code = (
        "import sys; from channels.wire import read_voucher; from chain.errors import Malformed\n"
        "for limit in (400, 10**6):\n"
        "    sys.setrecursionlimit(limit)\n"
        "    for size in (900, 1_000, 16_000, 10**6):\n"
        "        for bracket in ('[', '{\"a\":'):\n"
        "            deep = bracket * (size // len(bracket))\n"
        "            try: read_voucher('{\"channel\":' + deep + '\"' * (50 - deep.count('\"')))\n"
        "            except Malformed: print('refused')"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.split() == ["refused"] * 16


def test_a_channel_that_was_read_counts_for_its_own_vouchers_alone(
    describe: Callable[..., Channel], send: Send, text: str
) -> None:
    """Whoever sends a descriptor first can't have another channel's vouchers read with it."""
    other = describe(salt=7)
    mixed = json.dumps(json.loads(text) | {"channel": other.to_json()})
    for _ in range(2):
        with pytest.raises(WrongChannel):
            read_voucher(mixed)
        assert read_voucher(text) == send(5)


def test_strangers_fill_no_memory_with_texts_that_are_no_channels_or_long(text: str) -> None:
    read_voucher(text)
    before = _opened.cache_info().currsize
    for number in range(20):
        for wrong in (f'"salt": "{2**96 + number}"', f'"salt": "x{number}"', '"salt": "0"' + " " * (1_100 + number)):
            read(read_voucher, text.replace('"salt": "0"', wrong))
    assert _opened.cache_info().currsize == before
    assert _opened.cache_info().maxsize is not None
