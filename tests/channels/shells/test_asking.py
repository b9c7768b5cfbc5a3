"""Nobody is refunded, and nothing is closed, because a stranger knows a channel's id."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from chain import LocalChain, Signer, Token
from chain.errors import EarnestError, InvalidSignature, Malformed
from chain.refusals import DeadlinePassed
from chain.units import Seconds
from channels import Payee, Payer, WalletLane
from channels.errors import NotPayee, UnknownLane, WrongChannel, WrongEpoch
from channels.requests import CloseRequest, RefundRequest, SignedRequest


@pytest.fixture
def asked(wallet: Payer, till: Payee, lane: WalletLane, usdc: Token) -> dict[str, Any]:
    """Ann asks for 1 of the 2 USDC back that her coat cost."""
    till.accept(wallet.pay(lane, usdc("2")))
    till.deliver(lane, usdc("2"), "coat")
    return wallet.ask_refund(lane, "coat", usdc("1")).to_json()


def test_a_request_is_read_and_the_payee_decides(
    wallet: Payer, till: Payee, lane: WalletLane, asked: dict[str, Any], usdc: Token
) -> None:
    read = till.asked(asked)
    assert isinstance(read, RefundRequest)
    assert (read.is_about("coat"), read.is_about("hat"), read.up_to) == (True, False, 1_000_000)
    assert till.books()[usdc].refunded == usdc("0")
    assert isinstance(till.asked(wallet.ask_close(lane).to_json()), CloseRequest)
    assert till.show(lane).closes_at == 0


def test_a_stranger_and_a_changed_word_are_refused(
    chain: LocalChain, till: Payee, lane: WalletLane, asked: dict[str, Any], shop: Signer
) -> None:
    message = RefundRequest.from_json(asked["refundRequest"])
    forged = SignedRequest(
        channel=lane.channel, message=message, signature=shop.sign(chain.domain("VoucherChannels"), message).signature
    )
    changed = asked | {"refundRequest": asked["refundRequest"] | {"upTo": "2000000"}}
    for request in (forged.to_json(), changed):
        with pytest.raises(InvalidSignature):
            till.asked(request)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"refundRequest": None}, Malformed),
        ({"closeRequest": {}}, Malformed),
        ({"channel": "other"}, WrongChannel),
    ],
)
def test_malformed_requests_are_refused(
    wallet: Payer, till: Payee, asked: dict[str, Any], change: dict[str, Any], error: type[EarnestError]
) -> None:
    changed = {name: value for name, value in (asked | change).items() if value is not None}
    if change.get("channel"):
        changed["channel"] = asked["channel"] | {"salt": "7"}
    with pytest.raises(error):
        till.asked(changed)


def test_a_request_counts_before_its_deadline_in_its_epoch_and_at_its_payee(
    chain: LocalChain, wallet: Payer, till: Payee, lane: WalletLane, funded: Callable[[], Signer], usdc: Token
) -> None:
    till.accept(wallet.pay(lane, usdc("1")))
    request = wallet.ask_close(lane, deadline=Seconds(chain.now() + 100))
    other = wallet.open(funded().address, usdc("1"), timedelta(hours=1))
    with pytest.raises(NotPayee):
        till.asked(wallet.ask_close(other).to_json())
    mine = wallet.open(till.signer.address, usdc("1"), timedelta(hours=1), salt=9)
    with pytest.raises(UnknownLane):
        till.asked(wallet.ask_close(mine).to_json())
    chain.travel(to=request.message.deadline)
    with pytest.raises(DeadlinePassed):
        till.asked(request.to_json())
    newer = wallet.ask_close(lane)
    till.close(lane)
    wallet.show(lane)
    wallet.open(till.signer.address, usdc("1"), timedelta(hours=1))
    till.show(lane)
    with pytest.raises(WrongEpoch):
        till.asked(newer.to_json())
