from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chain.errors import InvalidSignature, Malformed, MalformedSignature
from chain.signer import Signer
from chain.signing import compact
from chain.typed_data import Domain
from chain.units import NO_HASH
from channels import Channel, SignedVoucher
from channels.errors import WrongChannel, WrongEpoch
from channels.lane_close import LaneClose, SignedLaneClose

Send = Callable[..., SignedVoucher]
Ending = Callable[..., SignedLaneClose]


@pytest.fixture
def end(channel: Channel, domain: Domain, signers: dict[str, Signer]) -> Ending:
    """The payee's close of the first epoch; every member can be another, and so can the key."""

    def ended(*, key: str = "payee", **changes: Any) -> SignedLaneClose:
        members: dict[str, Any] = {"channel_id": channel.id, "epoch": 0, "take": 5, "deadline": 9_000}
        message = LaneClose(**members | changes)
        return SignedLaneClose(channel=channel, message=message, signature=signers[key].sign(domain, message).signature)

    return ended


def test_the_payees_key_counts_and_no_other(end: Ending, domain: Domain, channel: Channel) -> None:
    assert end().verified(domain).signer == channel.payee
    for key in ("payer", "signer", "stranger"):
        with pytest.raises(InvalidSignature) as caught:
            end(key=key).verified(domain)
        assert caught.value.facts["expected"] == channel.payee


def test_a_close_of_another_channel_is_refused_at_birth(end: Ending, describe: Callable[..., Channel]) -> None:
    close, other = end(), describe(salt=1)
    with pytest.raises(WrongChannel) as caught:
        SignedLaneClose(channel=other, message=close.message, signature=close.signature)
    assert caught.value.facts == {"channel_id": close.channel.id, "expected": other.id}


def test_a_form_that_the_chain_would_refuse_is_refused_at_birth(end: Ending) -> None:
    close = end()
    for broken in (b"", close.signature[:64], close.signature + b"\0", close.signature[:64] + b"\1"):
        with pytest.raises(MalformedSignature):
            SignedLaneClose(channel=close.channel, message=close.message, signature=broken)


def test_it_becomes_calldata_with_the_voucher_that_covers_its_take(end: Ending, send: Send) -> None:
    close, voucher = end(), send(7)
    assert close.calldata(voucher) == (
        close.channel.calldata,
        voucher.promised_calldata,
        5,
        9_000,
        *compact(close.signature),
    )


def test_up_to_what_is_settled_none_is_needed(end: Ending) -> None:
    _, shown, *_ = end(epoch=3).calldata(None)
    assert shown == (3, 0, 0, 0, (), NO_HASH, NO_HASH)


def test_a_voucher_of_another_channel_or_epoch_is_none_for_it(
    end: Ending, send: Send, describe: Callable[..., Channel], domain: Domain, signers: dict[str, Signer]
) -> None:
    with pytest.raises(WrongEpoch) as caught:
        end(epoch=1).calldata(send(7))
    assert caught.value.facts == {"epoch": 0, "current": 1}
    other = describe(salt=1)
    message = replace(end().message, channel_id=other.id)
    signature = signers["payee"].sign(domain, message).signature
    with pytest.raises(WrongChannel):
        SignedLaneClose(channel=other, message=message, signature=signature).calldata(send(7))


@pytest.mark.parametrize("text", ["", "[]", "{", "null", '{"channel":{},"message":{},"signature":"0x","more":"1"}'])
def test_what_is_no_close_is_malformed(text: str) -> None:
    with pytest.raises(Malformed):
        SignedLaneClose.from_json(text)
