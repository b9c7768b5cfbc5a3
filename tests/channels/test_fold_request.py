import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chain.errors import InvalidValue, Malformed, OutOfRange, WrongLength
from chain.keccak import keccak
from chain.refusals import WrongConditionData
from chain.units import Hash32
from channels import FoldRequest
from channels.channel import ChannelId
from tests.channels.promise_states import DATA, promise

HASHES = st.binary(min_size=32, max_size=32).map(Hash32)
REQUEST = FoldRequest(
    channel_id=ChannelId(keccak(b"channel")),
    epoch=3,
    promise_hash=promise(1).struct_hash(),
    data=DATA,
    proof=b"proof",
)


@given(
    channel_id=HASHES,
    epoch=st.integers(0, 2**31 - 1),
    promise_hash=HASHES,
    data=st.binary(max_size=80),
    proof=st.binary(max_size=80),
)
def test_json_comes_back_as_the_same_request(**members: Any) -> None:
    request = FoldRequest(**members)
    said = json.dumps(request.to_json())
    assert FoldRequest.from_json(said) == FoldRequest.from_json(json.loads(said)) == request


def test_json_has_no_number_that_a_reader_could_round() -> None:
    assert REQUEST.to_json() == {
        "channelId": "0x" + REQUEST.channel_id.hex(),
        "epoch": "3",
        "promiseHash": "0x" + REQUEST.promise_hash.hex(),
        "data": "0x" + DATA.hex(),
        "proof": "0x" + b"proof".hex(),
    }


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"channel_id": bytes(31)}, WrongLength),
        ({"promise_hash": bytes(33)}, WrongLength),
        ({"epoch": -1}, OutOfRange),
        ({"epoch": 2**31}, OutOfRange),
        ({"epoch": "3"}, OutOfRange),
    ],
)
def test_a_request_is_checked_at_birth(change: dict[str, Any], error: type[InvalidValue]) -> None:
    with pytest.raises(error):
        replace(REQUEST, **change)


@pytest.mark.parametrize(
    "change",
    [
        {"channelId": "0x00"},
        {"channelId": REQUEST.channel_id.hex()},
        {"promiseHash": None},
        {"promiseHash": "0x" + "00" * 33},
        {"epoch": 3},
        {"epoch": "03"},
        {"epoch": str(2**31)},
        {"data": "0x0"},
        {"data": "data"},
        {"proof": []},
        {"proof": "0xgg"},
        {"more": "1"},
    ],
)
def test_malformed_json_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(InvalidValue):
        FoldRequest.from_json(REQUEST.to_json() | change)


@pytest.mark.parametrize("data", [None, [], "{", "{}", '{"epoch": "1", "epoch": "1"}'])
def test_json_that_is_no_request_is_refused(data: object) -> None:
    with pytest.raises(Malformed):
        FoldRequest.from_json(data)


def test_the_condition_is_asked_with_the_data_that_was_promised() -> None:
    """Other data would be another condition's answer."""
    REQUEST.require_data_of(promise(1))
    with pytest.raises(WrongConditionData) as caught:
        replace(REQUEST, data=DATA + b"\0").require_data_of(promise(1))
    assert caught.value.facts == {"data_hash": keccak(DATA + b"\0"), "condition_hash": keccak(DATA)}
