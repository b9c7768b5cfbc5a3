"""The bytes that another language must agree on; they were made with eth-account, and are checked against it again."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data

from chain.errors import EarnestError
from chain.keccak import keccak
from chain.signer import Signer
from chain.signing import compact
from chain.typed_data import Domain, TypedData, unhex
from chain.units import address
from channels.duplex.channel import DuplexChannel
from channels.duplex.messages import Challenge, CloseTogether, State, WithdrawTogether
from channels.duplex.promise import DuplexPromise, DuplexPromises
from channels.duplex.signed_challenge import SignedChallenge
from channels.duplex.signed_state import SignedState
from channels.duplex.signed_together import SignedCloseTogether, SignedWithdrawTogether
from channels.strict import LONGEST_JSON

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "duplex" / "messages.json").read_text())
HOME = Domain(int(VECTORS["domain"]["chainId"]), address(VECTORS["domain"]["verifyingContract"]))
KINDS: dict[str, type[TypedData]] = {
    kind.__name__: kind for kind in (State, Challenge, CloseTogether, WithdrawTogether, DuplexPromise, DuplexPromises)
}
READERS: dict[str, Any] = {
    "signedState": SignedState,
    "signedClose": SignedCloseTogether,
    "signedWithdrawal": SignedWithdrawTogether,
    "signedChallenge": SignedChallenge,
}
FORMS = {vector["about"]: vector for vector in VECTORS["forms"]}
REFUSED = {vector["why"]: vector for vector in VECTORS["refused"]}


def test_every_message_and_every_form_has_vectors() -> None:
    assert HOME.separator == unhex("separator", VECTORS["domain"]["separator"])
    assert {vector["type"] for vector in VECTORS["messages"]} == set(KINDS)
    for vectors in (FORMS, REFUSED):
        assert {reader(vector)[0] for vector in vectors.values()} == set(READERS)
    assert len(REFUSED) == len(VECTORS["refused"])


@pytest.mark.parametrize("vector", VECTORS["channels"])
def test_a_channels_id_is_the_vectors(vector: dict[str, Any]) -> None:
    assert DuplexChannel.from_json(vector["channel"]).id == unhex("id", vector["id"])


@pytest.mark.parametrize("vector", VECTORS["messages"])
def test_every_byte_of_a_message_is_the_vectors(vector: dict[str, Any]) -> None:
    message = KINDS[vector["type"]].from_json(vector["message"])

    assert message.type_string == vector["typeString"]
    assert message.type_hash == unhex("type hash", vector["typeHash"])
    assert message.struct_hash() == unhex("hash", vector["structHash"])
    assert HOME.digest(message) == unhex("digest", vector["digest"])
    signature = Signer.from_key(vector["key"]).sign(HOME, message).signature
    assert signature == unhex("signature", vector["signature"])
    assert compact(signature) == (unhex("r", vector["r"]), unhex("vs", vector["vs"]))
    assert message.to_json() == vector["message"]


@pytest.mark.parametrize("vector", VECTORS["messages"])
def test_any_wallet_signs_the_same(vector: dict[str, Any]) -> None:
    name, members = vector["typeString"].removesuffix(")").split("(")
    fields = [dict(zip(("type", "name"), member.split(" "), strict=True)) for member in members.split(",")]
    numbers = {field["name"] for field in fields if "int" in field["type"]}
    told = {key: int(word) if key in numbers else word for key, word in vector["message"].items()}
    domain = VECTORS["domain"] | {"chainId": int(VECTORS["domain"]["chainId"])}
    typed = encode_typed_data({key: domain[key] for key in domain if key != "separator"}, {name: fields}, told)

    assert keccak(b"\x19" + typed.version + typed.header + typed.body) == unhex("digest", vector["digest"])
    signer = Account.recover_message(typed, signature=unhex("signature", vector["signature"]))
    assert signer == Signer.from_key(vector["key"]).address


@pytest.mark.parametrize("about", FORMS)
def test_a_form_travels_and_becomes_the_vectors_calldata(about: str) -> None:
    vector = FORMS[about]
    name, read = reader(vector)
    form = read(vector[name])

    assert form.to_json() == vector[name]
    text = json.dumps(vector[name], indent=4)
    assert read(text) == read(text.encode()) == form
    assert len(text) < LONGEST_JSON
    assert plain(form.calldata) == vector["calldata"]
    if "listed" in vector:
        assert form.listed.to_json() == vector["listed"]
        assert plain(form.leaves) == vector["leaves"]


@pytest.mark.parametrize("why", REFUSED)
def test_what_must_be_refused_is_refused_by_name(why: str) -> None:
    vector = REFUSED[why]
    name, read = reader(vector)
    with pytest.raises(EarnestError) as caught:
        read(vector[name]).verified(HOME)
    assert type(caught.value).__name__ == vector["error"]


def reader(vector: dict[str, Any]) -> tuple[str, Callable[[Any], Any]]:
    [name] = [name for name in READERS if name in vector]
    return name, READERS[name].from_json


def plain(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if isinstance(value, bytes):
        return "0x" + value.hex()
    return value if isinstance(value, bool) else str(value)
