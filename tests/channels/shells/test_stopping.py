"""While a close may be on its way, nothing moves that it has not counted."""

from typing import Any

import pytest

import chain.sync.node
from chain import LocalChain, Token
from chain.errors import NodeRefused
from channels import Payee, Payer, WalletLane
from channels.errors import ChannelClosing, DeliveryRefunded, TakeTooLarge


@pytest.fixture
def refunded(wallet: Payer, till: Payee, lane: WalletLane, usdc: Token) -> WalletLane:
    """Of a coat for 4 USDC the shop has given 3 back: they can be spent again, or go back at the close."""
    till.accept(wallet.pay(lane, usdc("4")))
    till.deliver(lane, usdc("4"), "coat")
    till.refund(lane, "coat", up_to=usdc("3"))
    return lane


def stop(till: Payee, lane: WalletLane, monkeypatch: pytest.MonkeyPatch) -> None:
    """A close whose receipt the node won't give: nobody knows whether it will be included."""
    with monkeypatch.context() as node:
        node.setattr(till._lanes, "close", _refuse)
        with pytest.raises(NodeRefused):
            till.close(lane)


def _refuse(*_: Any, **__: Any) -> None:
    raise NodeRefused("eth_getTransactionReceipt", -32005, "rate limit exceeded")


def test_what_goes_back_at_the_close_is_not_spent_meanwhile(
    till: Payee, refunded: WalletLane, usdc: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent, tried = till._lanes._send, []

    def slow(*args: Any, **named: Any) -> Any:
        with pytest.raises(ChannelClosing) as caught:
            till.deliver(refunded, usdc("3"), "gloves")
        tried.append(caught.value.facts)
        return sent(*args, **named)

    monkeypatch.setattr(till._lanes, "_send", slow)
    till.close(refunded)
    assert tried == [{"channel_id": refunded.id, "closes_at": 0}]
    assert till.books()[usdc].delivered - till.books()[usdc].refunded == usdc("1") == till.books()[usdc].settled


def test_until_the_close_is_final_nothing_new_is_delivered(
    till: Payee, refunded: WalletLane, usdc: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = till._lanes.lane(refunded.id)
    read = till._lanes.lane

    def of_old(channel_id: Any, *, as_of: Any = "final") -> Any:
        return read(channel_id, as_of=as_of) if as_of == "latest" else before

    monkeypatch.setattr(till._lanes, "lane", of_old)
    till.close(refunded)
    with pytest.raises(ChannelClosing):
        till.deliver(refunded, usdc("3"), "gloves")
    assert till.deliver(refunded, usdc("4"), "coat").refunded == usdc("3"), "what was delivered is answered again"


def test_no_refund_comes_after_a_close_has_counted_them(
    till: Payee, refunded: WalletLane, usdc: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop(till, refunded, monkeypatch)
    with pytest.raises(ChannelClosing):
        till.refund(refunded, "coat", up_to=usdc("4"))


def test_where_nobody_knows_whether_the_close_was_sent_the_channel_stays_stopped(
    chain: LocalChain, wallet: Payer, till: Payee, refunded: WalletLane, usdc: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop(till, refunded, monkeypatch)
    with pytest.raises(ChannelClosing):
        till.accept(wallet.pay(refunded, usdc("1")))
    assert till.close(refunded).epoch == 1


def test_a_node_that_refuses_the_receipt_once_is_asked_again(
    till: Payee, refunded: WalletLane, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer, refusals = chain.sync.node.Node.receipt, [1]

    def limited(node: Any, transaction: str) -> Any:
        if refusals:
            refusals.pop()
            _refuse()
        return answer(node, transaction)

    monkeypatch.setattr(chain.sync.node.Node, "receipt", limited)
    assert till.close(refunded).epoch == 1


def test_a_close_that_fails_takes_back_its_own_stop_only(
    wallet: Payer, till: Payee, refunded: WalletLane, usdc: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two processes close at once: one is refused, of the other nobody knows."""
    closed = till._send_close

    def meanwhile(*args: Any) -> Any:
        monkeypatch.setattr(till, "_send_close", closed)
        stop(till, refunded, monkeypatch)
        return closed(*args)

    monkeypatch.setattr(till, "_send_close", meanwhile)
    with pytest.raises(TakeTooLarge):
        till.close(refunded, take=usdc("9"))
    with pytest.raises(ChannelClosing):
        till.accept(wallet.pay(refunded, usdc("1")))


def test_goods_whose_whole_price_was_refunded_are_not_given_for_a_repeat(
    till: Payee, refunded: WalletLane, usdc: Token
) -> None:
    assert till.deliver(refunded, usdc("4"), "coat").refunded == usdc("3")
    till.refund(refunded, "coat", up_to=usdc("4"))
    with pytest.raises(DeliveryRefunded) as caught:
        till.deliver(refunded, usdc("4"), "coat")
    assert caught.value.facts == {"key": "coat", "price": 4_000_000}
    assert till.deliver(refunded, usdc("4"), "another coat").left == usdc("0")


def test_the_ledger_stands_whatever_the_clock_says(till: Payee, refunded: WalletLane, usdc: Token) -> None:
    """Of one second, the delivery that was made of a refund sorts before the one that was refunded."""
    till.deliver(refunded, usdc("3"), "a scarf")
    assert till.ledger().balances(usdc.address)
