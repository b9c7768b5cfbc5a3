import json
from collections.abc import Callable
from typing import Any

import pytest
from eth_abi.abi import encode
from hypothesis import given
from hypothesis import strategies as st

from chain.errors import InvalidValue, Malformed, NotAnAddress, OutOfRange
from chain.keccak import keccak
from chain.units import Address, address
from channels import Channel

Describe = Callable[..., Channel]
ADDRESSES = st.binary(min_size=20, max_size=20).map(address)


@given(
    parties=st.tuples(ADDRESSES, ADDRESSES, ADDRESSES, ADDRESSES),
    window=st.integers(0, 2**32 - 1),
    promise_window=st.integers(0, 2**32 - 1),
    salt=st.integers(0, 2**96 - 1),
)
def test_the_id_is_the_hash_of_the_abi_encoded_descriptor(
    parties: Any, window: Any, promise_window: Any, salt: Any
) -> None:
    payer, payee, token, signer = parties
    channel = Channel(
        payer=payer,
        payee=payee,
        token=token,
        signer=signer,
        window=window,
        promise_window=promise_window,
        salt=salt,
    )
    periods = int.from_bytes(window.to_bytes(4, "big") + promise_window.to_bytes(4, "big") + salt.to_bytes(12, "big"))
    members = (payer, payee, token, signer, periods)
    assert channel.calldata == members
    assert channel.id == keccak(encode(["address"] * 4 + ["uint256"], members))


@pytest.mark.parametrize(
    ("member", "other"),
    [
        ("payer", "payee"),
        ("payee", "stranger"),
        ("token", "stranger"),
        ("signer", "stranger"),
        ("window", 3_601),
        ("promise_window", 3_601),
        ("salt", 1),
    ],
)
def test_every_member_is_in_the_id(
    channel: Channel, describe: Describe, people: dict[str, Address], member: str, other: Any
) -> None:
    assert describe(**{member: people[other] if isinstance(other, str) else other}).id != channel.id


@pytest.mark.parametrize(
    ("member", "value", "error"),
    [
        ("payer", "0x" + "ab" * 20, Malformed),
        ("payee", "nobody", NotAnAddress),
        ("token", None, NotAnAddress),
        ("window", 2**32, OutOfRange),
        ("window", 3_600.0, OutOfRange),
        ("promise_window", -1, OutOfRange),
        ("salt", 2**96, OutOfRange),
        ("salt", True, OutOfRange),
    ],
)
def test_a_descriptor_is_checked_at_birth(describe: Describe, member: str, value: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        describe(**{member: value})


def test_its_json_is_strict_and_comes_back_the_same(describe: Describe) -> None:
    channel = describe(salt=2**96 - 1)
    data = json.loads(json.dumps(channel.to_json()))
    assert Channel.from_json(data) == channel
    assert Channel.from_json(data).id == channel.id
    for broken in (data | {"extra": "1"}, data | {"salt": 1}, data | {"salt": "01"}, data | {"id": "0x00"}):
        with pytest.raises(InvalidValue):
            Channel.from_json(broken)
    with pytest.raises(InvalidValue):
        Channel.from_json({name: data[name] for name in data if name != "window"})
