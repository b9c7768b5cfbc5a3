import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chain.errors import InvalidSignature, InvalidValue, Malformed, MalformedSignature, OutOfRange, WrongLength
from chain.keccak import keccak
from chain.refusals import WrongConditionData
from chain.signer import Signer
from chain.typed_data import Domain
from chain.units import Amount, Hash32
from channels import FoldRequest
from channels.channel import ChannelId
from channels.promise_errors import NotLetGo
from tests.channels.promise_states import DATA, promise

HASHES = st.binary(min_size=32, max_size=32).map(Hash32)
REQUEST = FoldRequest(
    channel_id=ChannelId(keccak(b"channel")),
    epoch=3,
    promise_hash=promise(1).struct_hash(),
    data=DATA,
    proof=b"proof",
    amount=Amount(30),
)
SIGNATURES = st.one_of(st.just(b""), st.binary(min_size=65, max_size=65))


@given(
    channel_id=HASHES,
    epoch=st.integers(0, 2**31 - 1),
    promise_hash=HASHES,
    data=st.binary(max_size=80),
    proof=st.binary(max_size=80),
    amount=st.integers(0, 2**96 - 1),
    signature=SIGNATURES,
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
        "amount": "30",
    }
    assert replace(REQUEST, signature=b"\1" * 65).to_json() == REQUEST.to_json() | {"signature": "0x" + "01" * 65}


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"channel_id": bytes(31)}, WrongLength),
        ({"promise_hash": bytes(33)}, WrongLength),
        ({"epoch": -1}, OutOfRange),
        ({"epoch": 2**31}, OutOfRange),
        ({"epoch": "3"}, OutOfRange),
        ({"amount": -1}, OutOfRange),
        ({"amount": 2**96}, OutOfRange),
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
        {"amount": 30},
        {"amount": str(2**96)},
        {"signature": "0x"},
        {"signature": None},
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


PROMISED = promise(1, amount=100)


def signed(signer: Signer, domain: Domain, **changes: Any) -> FoldRequest:
    """As the payee lets the promise go."""
    request = replace(REQUEST, promise_hash=PROMISED.struct_hash(), **changes)
    return replace(request, signature=signer.sign(domain, request.let_go).signature)


@pytest.mark.parametrize(
    ("owed", "amount", "is_signed", "needed"),
    [
        (100, 30, False, None),
        (99, 30, False, 100),
        (30, 30, True, None),
        (31, 30, True, None),
        (29, 30, True, 30),
        (99, 100, True, 100),
        (100, 101, True, None),
    ],
)
def test_a_promise_goes_for_all_of_it_or_for_what_its_payee_has_signed(
    signers: dict[str, Signer], domain: Domain, owed: int, amount: Any, is_signed: bool, needed: int | None
) -> None:
    payee = signers["payee"]
    request = signed(payee, domain, amount=amount)
    if not is_signed:
        request = replace(request, signature=b"")
    if needed is None:
        request.require_let_go(domain, payee.address, PROMISED, owed)
        return
    with pytest.raises(NotLetGo) as caught:
        request.require_let_go(domain, payee.address, PROMISED, owed)
    assert caught.value.facts == {"owed": owed, "needed": needed}


@pytest.mark.parametrize(
    "change",
    [
        {"channel_id": ChannelId(keccak(b"another"))},
        {"epoch": 4},
        {"promise_hash": promise(2).struct_hash()},
        {"amount": Amount(29)},
    ],
)
def test_the_payees_word_is_for_one_promise_and_one_amount(
    signers: dict[str, Signer], domain: Domain, change: dict[str, Any]
) -> None:
    payee = signers["payee"]
    with pytest.raises(InvalidSignature):
        replace(signed(payee, domain), **change).require_let_go(domain, payee.address, PROMISED, 30)


def test_nobody_else_lets_a_promise_go(signers: dict[str, Signer], domain: Domain) -> None:
    payee = signers["payee"].address
    with pytest.raises(InvalidSignature):
        signed(signers["stranger"], domain).require_let_go(domain, payee, PROMISED, 30)
    with pytest.raises(InvalidSignature):
        signed(signers["payee"], replace(domain, chain_id=5)).require_let_go(domain, payee, PROMISED, 30)
    with pytest.raises(MalformedSignature):
        replace(REQUEST, signature=b"\1" * 64).require_let_go(domain, payee, PROMISED, 30)
