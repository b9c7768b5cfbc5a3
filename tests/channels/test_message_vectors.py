"""The bytes that another language must agree on; they were made with eth-account, and are checked against it again."""

import json
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
from chain.units import Hash32, address
from channels import SignedVoucher, Voucher
from channels.channel import ChannelId
from channels.funding import Funding
from channels.lane_close import LaneClose, SignedLaneClose
from channels.promise import Promise, Promises, subject_of
from channels.strict import LONGEST_JSON

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "channels" / "messages.json").read_text())
HOME = Domain(int(VECTORS["domain"]["chainId"]), address(VECTORS["domain"]["verifyingContract"]))
KINDS: dict[str, type[TypedData]] = {kind.__name__: kind for kind in (Funding, LaneClose, Promise, Promises, Voucher)}
READERS: dict[str, Any] = {"signedVoucher": SignedVoucher, "signedLaneClose": SignedLaneClose}


def test_every_message_has_vectors() -> None:
    assert HOME.separator == unhex("separator", VECTORS["domain"]["separator"])
    assert {vector["type"] for vector in VECTORS["messages"]} == set(KINDS)


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
    told = {
        field["name"]: int(vector["message"][field["name"]])
        if field["type"].startswith("uint")
        else vector["message"][field["name"]]
        for field in fields
    }
    domain = VECTORS["domain"] | {"chainId": int(VECTORS["domain"]["chainId"])}
    typed = encode_typed_data({key: domain[key] for key in domain if key != "separator"}, {name: fields}, told)

    assert keccak(b"\x19" + typed.version + typed.header + typed.body) == unhex("digest", vector["digest"])
    signer = Account.recover_message(typed, signature=unhex("signature", vector["signature"]))
    assert signer == Signer.from_key(vector["key"]).address


@pytest.mark.parametrize("vector", VECTORS["subjects"])
def test_a_condition_is_asked_about_the_vectors_subject(vector: dict[str, Any]) -> None:
    channel_id, leaf = (unhex(name, vector[name]) for name in ("channelId", "promiseHash"))
    subject = subject_of(HOME, ChannelId(Hash32(channel_id)), int(vector["epoch"]), Hash32(leaf))
    assert subject == unhex("subject", vector["subject"])


@pytest.mark.parametrize("vector", VECTORS["vouchers"])
def test_a_voucher_travels_with_its_promises_and_becomes_the_vectors_calldata(vector: dict[str, Any]) -> None:
    sent = SignedVoucher.from_json(vector["signedVoucher"])
    assert sent.to_json() == vector["signedVoucher"]
    assert sent.verified(HOME).signer == Signer.from_key(vector["key"]).address
    assert SignedVoucher.from_json(json.dumps(sent.to_json(), indent=4)) == sent
    assert len(json.dumps(vector["signedVoucher"], indent=4)) * 2 < LONGEST_JSON

    *numbers, leaves, r, vs = sent.promised_calldata
    assert [*map(str, numbers), ["0x" + leaf.hex() for leaf in leaves], "0x" + r.hex(), "0x" + vs.hex()] == (
        vector["promised"]
    )


@pytest.mark.parametrize("vector", VECTORS["closes"])
def test_a_close_travels(vector: dict[str, Any]) -> None:
    sent = SignedLaneClose.from_json(vector["signedLaneClose"])
    assert sent.to_json() == vector["signedLaneClose"]
    assert sent.verified(HOME).signer == sent.channel.payee == Signer.from_key(vector["key"]).address
    assert compact(sent.signature) == (unhex("r", vector["r"]), unhex("vs", vector["vs"]))


@pytest.mark.parametrize("vector", VECTORS["refused"], ids=lambda vector: vector["why"])
def test_what_must_be_refused_is_refused_by_name(vector: dict[str, Any]) -> None:
    [(name, reader)] = [(name, READERS[name]) for name in READERS if name in vector]
    with pytest.raises(EarnestError) as caught:
        reader.from_json(vector[name]).verified(HOME)
    assert type(caught.value).__name__ == vector["error"]
