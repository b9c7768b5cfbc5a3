from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Any

import pytest
from eth_account.messages import _hash_eip191_message, encode_typed_data
from hypothesis import given
from hypothesis import strategies as st

from chain import Address, Domain, Hash32, InvalidSignature, InvalidValue, Signer, TypedData, address
from chain.errors import Malformed, NotAnAddress, OutOfRange, WrongLength
from chain.signing import verify
from tests.chain.note import Note

HOME = address("0x" + "77" * 20)


@dataclass(frozen=True, kw_only=True, slots=True)
class Inner(TypedData):
    type_string = "Inner(address payTo,uint96 amount,bool final)"
    pay_to: Address
    amount: int
    final: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Outer(TypedData):
    type_string = (
        "Outer(bytes32 id,uint32 epoch,int256 net,Inner to,uint256 big)Inner(address payTo,uint96 amount,bool final)"
    )
    id: Hash32
    epoch: int
    net: int
    to: Inner
    big: int


inners = st.builds(
    Inner,
    pay_to=st.binary(min_size=20, max_size=20).map(address),
    amount=st.integers(0, 2**96 - 1),
    final=st.booleans(),
)
outers = st.builds(
    Outer,
    id=st.binary(min_size=32, max_size=32).map(Hash32),
    epoch=st.integers(0, 2**32 - 1),
    net=st.integers(-(2**255), 2**255 - 1),
    to=inners,
    big=st.integers(0, 2**256 - 1),
)
OUTER = Outer(id=Hash32(bytes(32)), epoch=1, net=-2, to=Inner(pay_to=HOME, amount=3, final=True), big=2**255)


def theirs(domain: Domain, message: Outer) -> bytes:
    def members(cls: type[TypedData]) -> list[dict[str, str]]:
        return [{"name": member.camel, "type": member.kind} for member in cls.members]

    def values(value: TypedData) -> dict[str, Any]:
        found = {member.camel: getattr(value, member.snake) for member in value.members}
        return {name: values(item) if isinstance(item, TypedData) else item for name, item in found.items()}

    place = {"name": "Earnest", "version": "1", "chainId": domain.chain_id, "verifyingContract": domain.contract}
    types = {"Outer": members(Outer), "Inner": members(Inner)}
    return bytes(_hash_eip191_message(encode_typed_data(place, types, values(message))))


@given(outers, st.integers(0, 2**256 - 1), st.binary(min_size=20, max_size=20).map(address))
def test_the_digest_is_the_one_of_eth_account(message: Outer, chain_id: int, contract: Address) -> None:
    domain = Domain(chain_id, contract)

    assert domain.digest(message) == theirs(domain, message)


@given(outers)
def test_json_comes_back_as_the_same_message(message: Outer) -> None:
    assert Outer.from_json(message.to_json()) == message


class Few(IntEnum):
    ONE = 1


@pytest.mark.parametrize("amount", [0, 1, 2**96 - 1])
def test_a_message_of_numbers_and_hashes_is_checked_at_once(amount: int) -> None:
    assert Note(id=Hash32(bytes(32)), amount=amount)._fits()


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"amount": 2**96}, OutOfRange),
        ({"amount": -1}, OutOfRange),
        ({"amount": True}, OutOfRange),
        ({"amount": 1.0}, OutOfRange),
        ({"amount": Few.ONE}, OutOfRange),
        ({"amount": "1"}, OutOfRange),
        ({"amount": None}, OutOfRange),
        ({"id": bytes(31)}, WrongLength),
        ({"id": bytes(33)}, WrongLength),
        ({"id": "0" * 32}, WrongLength),
        ({"id": [0] * 32}, WrongLength),
        ({"id": None}, WrongLength),
    ],
)
def test_and_what_does_not_fit_is_named(change: dict[str, Any], error: type[InvalidValue]) -> None:
    with pytest.raises(error):
        replace(Note(id=Hash32(bytes(32)), amount=1), **change)


def test_json_has_no_number_that_a_reader_could_round() -> None:
    assert OUTER.to_json() == {
        "id": "0x" + "00" * 32,
        "epoch": "1",
        "net": "-2",
        "to": {"payTo": HOME, "amount": "3", "final": True},
        "big": str(2**255),
    }


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"epoch": 2**32}, OutOfRange),
        ({"epoch": -1}, OutOfRange),
        ({"epoch": True}, OutOfRange),
        ({"epoch": 1.0}, OutOfRange),
        ({"net": 2**255}, OutOfRange),
        ({"net": -(2**255) - 1}, OutOfRange),
        ({"net": False}, OutOfRange),
        ({"id": bytes(31)}, WrongLength),
        ({"id": "0x" + "00" * 32}, WrongLength),
        ({"to": None}, Malformed),
        ({"to": {}}, Malformed),
    ],
)
def test_a_message_is_checked_at_birth(change: dict[str, Any], error: type[InvalidValue]) -> None:
    with pytest.raises(error):
        replace(OUTER, **change)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"pay_to": HOME[:-1]}, NotAnAddress),
        ({"pay_to": "0x" + "AA" * 20}, Malformed),
        ({"amount": 2**96}, OutOfRange),
        ({"final": 1}, Malformed),
    ],
)
def test_so_is_what_is_nested_in_it(change: dict[str, Any], error: type[InvalidValue]) -> None:
    with pytest.raises(error):
        replace(OUTER.to, **change)


@pytest.mark.parametrize(
    "change",
    [
        {"epoch": 1},
        {"epoch": "01"},
        {"epoch": "+1"},
        {"epoch": " 1"},
        {"epoch": "1e3"},
        {"epoch": "1_0"},
        {"epoch": "٣"},
        {"epoch": ""},
        {"epoch": "-1"},
        {"epoch": "-0"},
        {"epoch": "9" * 5000},
        {"epoch": None},
        {"id": "00" * 32},
        {"id": "0x" + "0" * 63},
        {"id": "0x" + "00" * 31},
        {"to": "0x"},
        {"to": []},
        {"to": {"payTo": HOME, "amount": "3", "final": "true"}},
        {"to": {"payTo": HOME, "amount": "3"}},
        {"to": {"payTo": HOME.lower()[:-1] + "G", "amount": "3", "final": True}},
        {"more": "1"},
    ],
)
def test_malformed_json_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(InvalidValue):
        Outer.from_json(OUTER.to_json() | change)


@pytest.mark.parametrize("data", [None, 5, "Outer", [], {}, {"id": "0x"}])
def test_json_that_is_no_message_is_refused(data: object) -> None:
    with pytest.raises(Malformed):
        Outer.from_json(data)


def test_a_type_string_and_its_fields_must_agree() -> None:
    with pytest.raises(TypeError, match="amount"):
        type("Wrong", (TypedData,), {"type_string": "Wrong(uint96 amount)", "__annotations__": {"amounts": int}})
    with pytest.raises(TypeError, match="string"):
        type("Wrong", (TypedData,), {"type_string": "Wrong(string text)", "__annotations__": {"text": str}})


def test_a_domain_is_of_an_address() -> None:
    with pytest.raises(NotAnAddress):
        Domain(1, Address("0x1234"))


def test_a_signature_counts_for_its_signer_message_chain_and_contract_alone() -> None:
    ann, domain = Signer.generate(), Domain(1, HOME)
    signed = ann.sign(domain, OUTER)

    assert verify(domain, OUTER, signed.signature, ann.address) == signed
    for other, message, signer in [
        (Domain(2, HOME), OUTER, ann.address),
        (Domain(1, ann.address), OUTER, ann.address),
        (domain, replace(OUTER, epoch=2), ann.address),
        (domain, OUTER, HOME),
    ]:
        with pytest.raises(InvalidSignature):
            verify(other, message, signed.signature, signer)
