from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from chain import LocalChain, Signer, Token
from chain.errors import TokenMismatch
from chain.signing import compact
from channels import Payee, Payer, WalletLane
from channels.errors import (
    KeyReused,
    NotEnough,
    TakeTooLarge,
    UnknownLane,
    WrongEpoch,
)
from channels.sync.lanes import Lanes

HOUR = timedelta(hours=1)
New = Callable[..., Payee]


def test_deliveries_are_exactly_once_a_key(wallet: Payer, till: Payee, lane: WalletLane, usdc: Token) -> None:
    till.accept(wallet.pay(lane, usdc("3")))
    first = till.deliver(lane, usdc("1"), key="a")
    assert (first.price, first.delivered, first.left, first.lane_id) == (usdc("1"), usdc("1"), usdc("2"), lane.id)
    till.deliver(lane.id, usdc("2"), key="b")
    assert till.deliver(lane, usdc("1"), key="a") == first, "the same answer, and nothing charged"
    with pytest.raises(KeyReused):
        till.deliver(lane, usdc("2"), key="a")
    with pytest.raises(NotEnough) as caught:
        till.deliver(lane, usdc("0.5"), key="c")
    assert caught.value.facts == {"price": 500_000, "left": 0}
    with pytest.raises(TokenMismatch):
        till.deliver(lane, replace(usdc, chain_id=1)("1"), key="d")
    with pytest.raises(TypeError):
        till.deliver(lane, 1.0, key="e")  # type: ignore[arg-type]


def test_a_voucher_that_somebody_else_claims_is_money_all_the_same(
    chain: LocalChain, wallet: Payer, till: Payee, lane: WalletLane, ann: Signer, usdc: Token
) -> None:
    till.accept(wallet.pay(lane, usdc("1")))
    unseen = wallet.pay(lane, usdc("4"))
    chain.send(ann, "VoucherChannels", "claim", lane.channel.calldata, 0, 5_000_000, *compact(unseen.signature))

    shown = till.show(lane)
    assert (shown.accepted, shown.settled, shown.owed) == (usdc("5"), usdc("5"), usdc("0"))
    assert till.claim().receipts == ()
    assert till.accept(unseen).added == usdc("0")
    assert till.deliver(lane, usdc("5"), key="a").left == usdc("0")
    assert till.accept(wallet.pay(lane, usdc("1"))).added == usdc("1")
    assert till.claim(lane).paid == (usdc("1"),)
    assert till.books()[usdc].balance


def test_a_payee_may_take_less_than_it_accepted(
    chain: LocalChain, wallet: Payer, till: Payee, lane: WalletLane, ann: Signer, shop: Signer, usdc: Token
) -> None:
    till.accept(wallet.pay(lane, usdc("4")))
    till.close(lane, take=usdc("1.5"))
    assert chain.balance(usdc, shop.address) == usdc("1001.5")
    assert chain.balance(usdc, ann.address) == usdc("998.5")
    books = till.books()[usdc]
    assert (books.settled, books.forgone, books.owed) == (usdc("1.5"), usdc("2.5"), usdc("0"))
    assert books.balance


def test_a_close_that_is_refused_leaves_the_channel_as_it_was(
    wallet: Payer, till: Payee, lane: WalletLane, usdc: Token
) -> None:
    till.accept(wallet.pay(lane, usdc("4")))
    with pytest.raises(TakeTooLarge):
        till.close(lane, take=usdc("4.000001"))
    assert till.accept(wallet.pay(lane, usdc("1"))).added == usdc("1")
    till.close(lane)
    assert till.books()[usdc].settled == usdc("5")


def test_an_ended_channel_delivers_nothing_more(wallet: Payer, till: Payee, lane: WalletLane, usdc: Token) -> None:
    till.accept(wallet.pay(lane, usdc("4")))
    till.deliver(lane, usdc("1"), key="a")
    till.close(lane)
    with pytest.raises(NotEnough):
        till.deliver(lane, usdc("1"), key="b")
    assert till.deliver(lane, usdc("1"), key="a").price == usdc("1")
    with pytest.raises(WrongEpoch):
        till.accept(wallet.pay(lane, usdc("1")))
    assert till.lanes()[0].epoch == 1


def test_a_close_ends_no_later_epoch_than_the_one_that_was_seen(
    chain: LocalChain, wallet: Payer, till: Payee, lane: WalletLane, ann: Signer, shop: Signer, usdc: Token
) -> None:
    """What others claimed leaves the till without a voucher whose epoch would say so."""
    till.accept(wallet.pay(lane, usdc("1")))
    Lanes(chain, ann).claim(wallet.pay(lane, usdc("1")))
    till.show(lane)
    chain.travel(to=wallet.request_close(lane).closes_at)
    wallet.withdraw(lane)
    wallet.open(shop.address, usdc("5"), HOUR)

    with pytest.raises(WrongEpoch) as caught:
        till.close(lane)
    assert caught.value.facts == {"epoch": 0, "current": 1}
    assert wallet.show(lane).deposit == usdc("5")


def test_an_unknown_channel_is_a_typed_error(till: Payee, lane: WalletLane, usdc: Token) -> None:
    for attempt in (
        lambda: till.show(lane),
        lambda: till.close(lane),
        lambda: till.claim(lane),
        lambda: till.deliver(lane, usdc("1"), key="a"),
    ):
        with pytest.raises(UnknownLane):
            attempt()


def test_nothing_to_claim_sends_nothing(wallet: Payer, till: Payee, lane: WalletLane, usdc: Token) -> None:
    assert till.claim().receipts == ()
    till.accept(wallet.pay(lane, usdc("1")))
    assert len(till.claim().receipts) == 1
    assert till.claim().receipts == ()
