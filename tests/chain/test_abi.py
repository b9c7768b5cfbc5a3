from dataclasses import dataclass
from typing import Any

import pytest
from eth_abi.abi import encode

from chain import Address, TypedData, address
from chain.abi import Interface, NoSuchMember
from chain.contracts import interface
from chain.errors import Malformed, NotAnAddress
from chain.keccak import keccak

PLACE = address("0x" + "ab" * 20)
PAIR: dict[str, Any] = {
    "type": "tuple",
    "components": [{"name": "who", "type": "address"}, {"name": "howMuch", "type": "uint96"}],
}
ABI: list[dict[str, Any]] = [
    {"type": "constructor", "inputs": []},
    {"type": "function", "name": "none", "inputs": [], "outputs": []},
    {"type": "function", "name": "one", "inputs": [{"name": "x", "type": "uint8"}], "outputs": [{"type": "address"}]},
    {"type": "function", "name": "pay", "inputs": [{"name": "p", **PAIR}], "outputs": [{"type": "bool"}, PAIR]},
    {
        "type": "function",
        "name": "deep",
        "inputs": [],
        "outputs": [{**PAIR, "type": "tuple[][2]"}, {"type": "address[]"}],
    },
    {
        "type": "event",
        "name": "Paid",
        "inputs": [
            {"name": "who", "type": "address", "indexed": True},
            {"name": "amount", "type": "uint96", "indexed": False},
            {"name": "memo", "type": "string", "indexed": True},
            {"name": "id", "type": "bytes32", "indexed": False},
        ],
    },
]
INTERFACE = Interface("Shop", ABI)


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair(TypedData):
    type_string = "Pair(address who,uint96 howMuch)"
    who: Address
    how_much: int


def test_a_call_is_selector_and_arguments() -> None:
    data = INTERFACE.function("one", 1).call_data([7])

    assert data[:4] == keccak(b"one(uint8)")[:4]
    assert data[4:] == (7).to_bytes(32, "big")


def test_a_signed_message_is_a_struct_argument() -> None:
    pay = INTERFACE.function("pay", 1)

    assert pay.inputs == ("(address,uint96)",)
    assert pay.call_data([Pair(who=PLACE, how_much=5)]) == pay.call_data([(PLACE, 5)])
    assert pay.facts(pay.call_data([(PLACE, 5)])[4:]) == ((PLACE, 5),)


@pytest.mark.parametrize(
    ("name", "arguments"), [("one", [256]), ("one", [-1]), ("one", ["7"]), ("pay", [5]), ("pay", [(PLACE, 5, 5)])]
)
def test_arguments_that_do_not_fit_are_malformed(name: str, arguments: list[object]) -> None:
    with pytest.raises(Malformed):
        INTERFACE.function(name, 1).call_data(arguments)


@pytest.mark.parametrize("place", [1, PLACE[:-1] + "A" if PLACE[-1] != "A" else PLACE[:-1] + "a", "0x"])
def test_an_argument_that_is_no_address_is_refused_wherever_it_stands(place: object) -> None:
    with pytest.raises(NotAnAddress):
        INTERFACE.function("pay", 1).call_data([(place, 5)])


@pytest.mark.parametrize(("name", "count"), [("two", 0), ("one", 0), ("one", 2), ("Paid", 4)])
def test_a_function_is_found_by_name_and_number_of_arguments(name: str, count: int) -> None:
    with pytest.raises(NoSuchMember) as caught:
        INTERFACE.function(name, count)

    assert caught.value.facts == {"contract": "Shop", "name": name, "arguments": count}


def test_results_are_nothing_one_value_or_a_tuple_with_checksums() -> None:
    pair, pairs = (PLACE.lower(), 5), [[(PLACE.lower(), 5)], []]

    assert INTERFACE.function("none", 0).result(b"") is None
    assert INTERFACE.function("one", 1).result(encode(["address"], [PLACE])) == PLACE
    assert INTERFACE.function("pay", 1).result(encode(["bool", "(address,uint96)"], [True, pair])) == (True, (PLACE, 5))
    deep = encode(["(address,uint96)[][2]", "address[]"], [pairs, [PLACE]])
    assert INTERFACE.function("deep", 0).result(deep) == ((((PLACE, 5),), ()), (PLACE,))


@pytest.mark.parametrize("data", [b"", bytes(31), b"\xff" * 32])
def test_an_answer_of_another_shape_is_malformed(data: bytes) -> None:
    with pytest.raises(Malformed):
        INTERFACE.function("one", 1).result(data)


def test_a_log_gives_its_arguments_by_name() -> None:
    event = INTERFACE.event("Paid")
    topics = [event.selector, encode(["address"], [PLACE]), b"\x01" * 32]

    assert INTERFACE.event_in(topics) == event
    assert event.arguments(topics, encode(["uint96", "bytes32"], [5, b"\x02" * 32])) == {
        "who": PLACE,
        "amount": 5,
        "memo": b"\x01" * 32,
        "id": b"\x02" * 32,
    }
    with pytest.raises(Malformed):
        event.arguments(topics[:2], encode(["uint96", "bytes32"], [5, b"\x02" * 32]))
    with pytest.raises(NoSuchMember):
        INTERFACE.event("one")


def test_selectors_are_those_of_the_canonical_signature() -> None:
    assert INTERFACE.function("pay", 1).selector == keccak(b"pay((address,uint96))")[:4]
    assert INTERFACE.event("Paid").selector == keccak(b"Paid(address,uint96,string,bytes32)")


def test_an_anonymous_event_is_known_by_the_number_of_its_topics() -> None:
    lanes = interface("VoucherChannels")
    claimed, closed = lanes.event("Claimed"), lanes.event("Closed")
    channel_id, word = b"\x07" * 32, encode(["uint256"], [9])

    assert claimed.anonymous
    assert lanes.event_in([channel_id]) == claimed
    assert lanes.event_in([closed.selector, channel_id]) == closed
    assert lanes.event_in([channel_id, channel_id]) is None
    assert lanes.event_in([]) is None
    assert claimed.arguments([channel_id], word) == {"channelId": channel_id, "lane": 9}
