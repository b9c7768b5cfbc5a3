import json
from typing import Any

import pytest
from eth_abi.abi import encode
from hypothesis import given
from hypothesis import strategies as st

from chain.errors import InvalidValue, Malformed, NotAnAddress, OutOfRange
from chain.keccak import keccak
from chain.units import address
from channels.duplex.channel import DuplexChannel
from tests.channels.duplex.duplex_forms import CHANNEL, PEOPLE, described

ADDRESSES = st.binary(min_size=20, max_size=20).map(address)
PERIODS = st.integers(0, 2**32 - 1)


@given(
    parties=st.tuples(ADDRESSES, ADDRESSES, ADDRESSES, ADDRESSES, ADDRESSES),
    window=PERIODS,
    promise_window=PERIODS,
    salt=st.integers(0, 2**96 - 1),
)
def test_the_id_is_the_hash_of_the_abi_encoded_descriptor(
    parties: Any, window: int, promise_window: int, salt: int
) -> None:
    names = ("party_a", "party_b", "token", "signer_a", "signer_b")
    members = dict(zip(names, parties, strict=True))
    channel = described(**members, window=window, promise_window=promise_window, salt=salt)
    periods = int.from_bytes(window.to_bytes(4, "big") + promise_window.to_bytes(4, "big") + salt.to_bytes(12, "big"))
    assert channel.periods == periods
    assert channel.calldata == (*parties, periods)
    assert channel.id == keccak(encode(["address"] * 5 + ["uint256"], channel.calldata))


@pytest.mark.parametrize(
    ("member", "other"),
    [
        ("party_a", PEOPLE["stranger"]),
        ("party_b", PEOPLE["stranger"]),
        ("token", PEOPLE["stranger"]),
        ("signer_a", PEOPLE["stranger"]),
        ("signer_b", PEOPLE["stranger"]),
        ("window", 3_601),
        ("promise_window", 7_201),
        ("salt", 1),
    ],
)
def test_every_member_is_in_the_id(member: str, other: Any) -> None:
    assert described(**{member: other}).id != CHANNEL.id


def test_a_and_b_are_not_alike() -> None:
    mirrored = described(
        party_a=CHANNEL.party_b, party_b=CHANNEL.party_a, signer_a=CHANNEL.signer_b, signer_b=CHANNEL.signer_a
    )
    assert mirrored.id != CHANNEL.id


@pytest.mark.parametrize(
    ("member", "value", "error"),
    [
        ("party_a", "0x" + "ab" * 20, Malformed),
        ("party_b", "nobody", NotAnAddress),
        ("token", None, NotAnAddress),
        ("signer_a", 7, NotAnAddress),
        ("signer_b", "", NotAnAddress),
        ("window", 2**32, OutOfRange),
        ("window", 3_600.0, OutOfRange),
        ("promise_window", 2**32, OutOfRange),
        ("promise_window", -1, OutOfRange),
        ("salt", 2**96, OutOfRange),
        ("salt", True, OutOfRange),
    ],
)
def test_a_descriptor_is_checked_at_birth(member: str, value: Any, error: type[InvalidValue]) -> None:
    with pytest.raises(error):
        described(**{member: value})


def test_its_json_is_strict_and_comes_back_the_same() -> None:
    channel = described(salt=2**96 - 1)
    data = json.loads(json.dumps(channel.to_json()))
    assert DuplexChannel.from_json(data) == channel
    assert DuplexChannel.from_json(data).id == channel.id
    for broken in (data | {"extra": "1"}, data | {"salt": 1}, data | {"salt": "01"}, data | {"id": "0x00"}, [data]):
        with pytest.raises(InvalidValue):
            DuplexChannel.from_json(broken)
    for member in data:
        with pytest.raises(InvalidValue):
            DuplexChannel.from_json({name: data[name] for name in data if name != member})
