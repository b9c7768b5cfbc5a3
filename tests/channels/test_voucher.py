import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data
from hypothesis import given
from hypothesis import strategies as st

from chain.errors import InvalidSignature, InvalidValue, Malformed, MalformedSignature, OutOfRange, WrongLength
from chain.keccak import keccak
from chain.signer import Signer
from chain.typed_data import Domain
from chain.units import Address, Amount
from channels import Channel, SignedVoucher, Voucher
from channels.errors import WrongChannel
from channels.strict import LONGEST_JSON
from channels.voucher import _known

Describe = Callable[..., Channel]
Send = Callable[..., SignedVoucher]
ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


def with_s(signature: bytes, s: int) -> bytes:
    return signature[:32] + s.to_bytes(32, "big") + signature[64:]


def high_s(signature: bytes) -> bytes:
    """The other signature that the same key has made: s mirrored, the parity flipped."""
    return with_s(signature, ORDER - int.from_bytes(signature[32:64], "big"))[:64] + bytes([55 - signature[64]])


def test_the_type_string_is_the_one_the_contract_hashes() -> None:
    type_string = "Voucher(bytes32 channelId,uint32 epoch,uint96 cumulativeAmount,bytes32 promises)"
    assert Voucher.type_string == type_string
    assert Voucher.type_hash == keccak(type_string.encode())


@given(
    channel_id=st.binary(min_size=32, max_size=32),
    epoch=st.integers(0, 2**32 - 1),
    amount=st.integers(0, 2**96 - 1),
    promises=st.binary(min_size=32, max_size=32),
)
def test_the_digest_is_that_of_any_wallet(
    domain: Domain, channel_id: Any, epoch: Any, amount: Any, promises: Any
) -> None:
    voucher = Voucher(channel_id=channel_id, epoch=epoch, cumulative_amount=amount, promises=promises)
    names = {"uint32": "epoch", "uint96": "cumulativeAmount"}
    typed = encode_typed_data(
        {
            "name": "Earnest",
            "version": "1",
            "chainId": domain.chain_id,
            "verifyingContract": domain.contract,
        },
        {
            "Voucher": [
                {"name": "channelId", "type": "bytes32"},
                *({"name": name, "type": kind} for kind, name in names.items()),
                {"name": "promises", "type": "bytes32"},
            ]
        },
        {"channelId": channel_id, "epoch": epoch, "cumulativeAmount": amount, "promises": promises},
    )
    assert keccak(b"\x19" + typed.version + typed.header + typed.body) == domain.digest(voucher)


def test_a_wallet_that_is_not_ours_can_sign_one(domain: Domain, channel: Channel, signers: dict[str, Signer]) -> None:
    voucher = Voucher(channel_id=channel.id, epoch=3, cumulative_amount=Amount(7))
    message = {
        "domain": {
            "name": "Earnest",
            "version": "1",
            "chainId": domain.chain_id,
            "verifyingContract": domain.contract,
        },
        "primaryType": "Voucher",
        "types": {
            "EIP712Domain": [
                {"name": "name", "type": "string"},
                {"name": "version", "type": "string"},
                {"name": "chainId", "type": "uint256"},
                {"name": "verifyingContract", "type": "address"},
            ],
            "Voucher": [
                {"name": "channelId", "type": "bytes32"},
                {"name": "epoch", "type": "uint32"},
                {"name": "cumulativeAmount", "type": "uint96"},
                {"name": "promises", "type": "bytes32"},
            ],
        },
        "message": {"channelId": channel.id, "epoch": 3, "cumulativeAmount": 7, "promises": bytes(32)},
    }
    signed = Account.sign_typed_data(keccak(b"signer"), full_message=message)
    sent = SignedVoucher(channel=channel, voucher=voucher, signature=bytes(signed.signature))
    assert sent.verified(domain).signer == signers["signer"].address


@pytest.mark.parametrize(
    ("member", "value", "error"),
    [
        ("channel_id", bytes(31), WrongLength),
        ("epoch", 2**32, OutOfRange),
        ("cumulative_amount", 2**96, OutOfRange),
        ("cumulative_amount", -1, OutOfRange),
        ("cumulative_amount", 1.0, OutOfRange),
        ("promises", b"", WrongLength),
    ],
)
def test_a_voucher_is_checked_at_birth(channel: Channel, member: str, value: Any, error: type[Exception]) -> None:
    members: dict[str, Any] = {"channel_id": channel.id, "epoch": 0, "cumulative_amount": 1}
    with pytest.raises(error):
        Voucher(**members | {member: value})


def test_it_travels_as_json_and_comes_back_the_same(send: Send, domain: Domain) -> None:
    sent = send(2**96 - 1)
    for form in (sent.to_json(), json.dumps(sent.to_json()), json.dumps(sent.to_json()).encode()):
        assert SignedVoucher.from_json(form) == sent
    assert SignedVoucher.from_json(sent.to_json()).verified(domain).message.cumulative_amount == 2**96 - 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "7",
        "null",
        '"voucher"',
        "{}",
        b"\xff\xfe",
        "[" * LONGEST_JSON,
        "[" * 100_000,
        '{"channel":{},"voucher":{},"signature":"0x"}',
        '{"channel":[],"voucher":[],"signature":"0x"}',
    ],
)
def test_what_is_no_voucher_is_malformed(text: str | bytes) -> None:
    with pytest.raises(Malformed):
        SignedVoucher.from_json(text)


def test_a_descriptor_is_read_once_and_what_is_none_is_not_remembered(send: Send) -> None:
    """Whoever sends long or many wrong ones fills no memory."""
    said = send(5).to_json()
    assert SignedVoucher.from_json(said) == send(5)
    before = _known.cache_info()
    assert SignedVoucher.from_json(send(6).to_json()) == send(6)
    wrongs: list[Any] = ["x" * 5_000, "-1", str(2**96), 7, 0, True, None, [], {}]
    for wrong in wrongs:
        with pytest.raises(InvalidValue):
            SignedVoucher.from_json(said | {"channel": said["channel"] | {"salt": wrong}})
    after = _known.cache_info()
    assert (after.currsize, after.hits) == (before.currsize, before.hits + 1)
    assert after.maxsize is not None


def test_an_unknown_a_missing_or_a_foreign_member_is_refused(send: Send) -> None:
    data = send(5).to_json()
    voucher, channel = data["voucher"], data["channel"]
    broken: list[dict[str, Any]] = [
        data | {"extra": "1"},
        {name: data[name] for name in ("channel", "voucher")},
        data | {"voucher": voucher | {"extra": "1"}},
        data | {"voucher": voucher | {"cumulativeAmount": 5}},
        data | {"voucher": voucher | {"cumulativeAmount": "5.0"}},
        data | {"voucher": voucher | {"cumulativeAmount": "-5"}},
        data | {"voucher": voucher | {"cumulativeAmount": str(2**96)}},
        data | {"voucher": voucher | {"promises": "0x00"}},
        data | {"voucher": [voucher]},
        data | {"channel": channel | {"payer": channel["payer"].swapcase()}},
        data | {"signature": data["signature"][2:]},
        data | {"signature": None},
    ]
    for one in broken:
        with pytest.raises(InvalidValue):
            SignedVoucher.from_json(one)


def test_a_voucher_of_another_channel_is_refused_at_birth(send: Send, describe: Describe) -> None:
    sent = send(5)
    with pytest.raises(WrongChannel) as caught:
        SignedVoucher(channel=describe(salt=1), voucher=sent.voucher, signature=sent.signature)
    assert caught.value.facts == {"channel_id": sent.channel.id, "expected": describe(salt=1).id}


@pytest.mark.parametrize(
    "broken",
    [
        lambda signature: signature[:64],
        lambda signature: signature + b"\0",
        lambda signature: b"",
        lambda signature: signature[:64] + b"\x00",
        lambda signature: signature[:64] + b"\x01",
        lambda signature: signature[:64] + b"\x1d",
        high_s,
        lambda signature: with_s(signature, ORDER // 2 + 1),
    ],
)
def test_a_form_that_the_chain_would_refuse_is_refused_at_birth(send: Send, broken: Callable[[bytes], bytes]) -> None:
    sent = send(5)
    with pytest.raises(MalformedSignature):
        SignedVoucher(channel=sent.channel, voucher=sent.voucher, signature=broken(sent.signature))
    with pytest.raises(MalformedSignature):
        SignedVoucher.from_json(sent.to_json() | {"signature": "0x" + broken(sent.signature).hex()})


def test_the_highest_low_s_has_the_right_form(send: Send) -> None:
    sent = send(5)
    SignedVoucher(channel=sent.channel, voucher=sent.voucher, signature=with_s(sent.signature, ORDER // 2))


@pytest.mark.parametrize("member", ["epoch", "cumulative_amount"])
def test_a_signature_covers_every_member(send: Send, domain: Domain, member: str) -> None:
    sent = send(5)
    other: dict[str, Any] = {"epoch": 1, "cumulative_amount": 6}
    changed = replace(sent.voucher, **{member: other[member]})
    with pytest.raises(InvalidSignature):
        SignedVoucher(channel=sent.channel, voucher=changed, signature=sent.signature).verified(domain)


def test_a_signature_counts_for_one_key_one_chain_and_one_contract(
    send: Send, domain: Domain, people: dict[str, Address]
) -> None:
    sent = send(5)
    assert sent.verified(domain).signature == sent.signature
    for other in (type(domain)(1, domain.contract), type(domain)(domain.chain_id, people["stranger"])):
        with pytest.raises(InvalidSignature):
            sent.verified(other)
    with pytest.raises(InvalidSignature) as caught:
        send(5, key="stranger").verified(domain)
    assert caught.value.facts == {"signer": people["stranger"], "expected": people["signer"]}


def test_signing_twice_gives_the_same_bytes(domain: Domain, channel: Channel) -> None:
    voucher = Voucher(channel_id=channel.id, epoch=0, cumulative_amount=Amount(1))
    signer = Signer(keccak(b"again"))
    assert signer.sign(domain, voucher).signature == signer.sign(domain, voucher).signature
