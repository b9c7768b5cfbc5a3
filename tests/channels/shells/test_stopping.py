"""While a close may be on its way, nothing moves that it has not counted."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import chain.sync.node
from chain import LocalChain, Signer, Token
from chain.errors import NodeRefused, NotSent, Reverted, TokenMismatch
from channels import Payee, Payer, WalletLane
from channels.errors import ChannelClosing, DeliveryRefunded, TakeTooLarge, WrongEpoch
from channels.promise_errors import UnknownPromise


@pytest.fixture
def refunded(wallet: Payer, till: Payee, lane: WalletLane, usdc: Token) -> WalletLane:
    """Of a coat for 4 USDC the shop has given 3 back: they can be spent again, or go back at the close."""
    till.accept(wallet.pay(lane, usdc("4")))
    till.deliver(lane, usdc("4"), "coat")
    till.refund(lane, "coat", up_to=usdc("3"))
    return lane


def reopen(chain: LocalChain, wallet: Payer, lane: WalletLane, shop: Signer, usdc: Token) -> None:
    """The payer ends the epoch by itself, and opens the next one."""
    chain.travel(to=wallet.request_close(lane).closes_at)
    wallet.withdraw(lane)
    wallet.open(shop.address, usdc("10"), timedelta(hours=1))


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


def test_a_close_of_an_epoch_that_has_ended_takes_no_stop_of_the_next_one_back(
    chain: LocalChain,
    wallet: Payer,
    till: Payee,
    refunded: WalletLane,
    shop: Signer,
    usdc: Token,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Meanwhile the payer has ended it and opened another, of whose close nobody knows."""
    closed = till._send_close

    def meanwhile(*args: Any) -> Any:
        monkeypatch.setattr(till, "_send_close", closed)
        reopen(chain, wallet, refunded, shop, usdc)
        assert till.show(refunded).epoch == 1
        stop(till, refunded, monkeypatch)
        return closed(*args)

    monkeypatch.setattr(till, "_send_close", meanwhile)
    with pytest.raises(WrongEpoch):
        till.close(refunded)
    with pytest.raises(ChannelClosing):
        till.accept(wallet.pay(refunded, usdc("1")))


def test_a_close_that_comes_too_late_for_its_epoch_stops_nothing(
    chain: LocalChain, wallet: Payer, till: Payee, refunded: WalletLane, shop: Signer, usdc: Token
) -> None:
    """Until the till has looked, it sells what it has accepted in the epoch that it knows."""
    reopen(chain, wallet, refunded, shop, usdc)
    with pytest.raises(WrongEpoch):
        till.close(refunded)
    assert till.deliver(refunded, usdc("3"), "gloves").left == usdc("0")


def test_a_close_that_no_node_takes_stops_nothing(
    wallet: Payer, chain: LocalChain, usdc: Token, tmp_path: Path
) -> None:
    """The payee can't pay for gas."""
    poor = Signer.generate()
    lane = wallet.open(poor.address, usdc("2"), timedelta(hours=1))
    with Payee(chain, poor, tmp_path / "poor.db") as till:
        till.accept(wallet.pay(lane, usdc("1")))
        with pytest.raises(NotSent):
            till.close(lane)
        assert till.accept(wallet.pay(lane, usdc("1"))).accepted == usdc("2")


@pytest.mark.parametrize("why", [Reverted("the token says no", b""), UnknownPromise(b"")])
def test_a_close_that_is_refused_on_its_way_stops_nothing(
    wallet: Payer, till: Payee, refunded: WalletLane, usdc: Token, monkeypatch: pytest.MonkeyPatch, why: Exception
) -> None:
    """By the token as it moves, or because a promise was folded when its ticks were to be recorded."""

    def fails(*_: Any, **__: Any) -> Any:
        raise why

    with monkeypatch.context() as failing:
        failing.setattr(till._lanes, "close", fails)
        with pytest.raises(type(why)):
            till.close(refunded)
    with pytest.raises(TokenMismatch):
        till.close(refunded, take=replace(usdc, chain_id=1)("1"))
    assert till.accept(wallet.pay(refunded, usdc("1"))).added == usdc("1")


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
