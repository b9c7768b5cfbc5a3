"""A channel's life, from the deposit to the last unit."""

from datetime import timedelta

import pytest

from earnest import SignedVoucher, WalletLane
from earnest.errors import ChannelClosing, KeyReused, NotEnough, WindowNotOver
from earnest.testing import World

DAY = timedelta(days=1)


def opened(earnest: World, deposit: str = "10") -> WalletLane:
    return earnest.payer.wallet.open(earnest.payee.address, earnest.usdc(deposit), DAY)


def paid(earnest: World, lane: WalletLane, price: str, times: int = 1) -> SignedVoucher:
    """The newest voucher; each is accepted and delivered."""
    for number in range(times):
        voucher = earnest.payer.wallet.pay(lane, earnest.usdc(price))
        earnest.payee.till.accept(voucher.to_json())
        earnest.payee.till.deliver(lane, earnest.usdc(price), key=f"{price}, {number}")
    return voucher


def test_many_payments_are_two_transactions(earnest: World) -> None:
    with earnest.moves(payer="-10", payee="+1", channels="+9"):
        lane = opened(earnest)
        paid(earnest, lane, "0.01", times=100)
        assert earnest.payee.till.claim().paid == (earnest.usdc("1"),)
    with earnest.moves(payer="+9", payee="0", channels="-9"):
        ended = earnest.payee.till.close(lane)

    assert ended.receipt
    assert earnest.payer.wallet.show(lane).deposit == earnest.usdc("0")


def test_the_payer_tops_up_and_pays_on(earnest: World) -> None:
    lane = opened(earnest, "1")
    paid(earnest, lane, "1")

    with earnest.moves(payer="-2", channels="+2"):
        earnest.payer.wallet.top_up(lane, earnest.usdc("2"))
    paid(earnest, lane, "2")

    with earnest.moves(payee="+3", channels="-3"):
        earnest.payee.till.close(lane)


def test_a_payer_who_leaves_waits_for_the_window_and_the_payee_claims_in_it(earnest: World) -> None:
    lane = opened(earnest)
    paid(earnest, lane, "4")

    closing = earnest.payer.wallet.request_close(lane)
    with pytest.raises(ChannelClosing):
        earnest.payer.wallet.pay(lane, earnest.usdc("1"))
    earnest.at(closing.closes_at - 1)
    with pytest.raises(WindowNotOver):
        earnest.payer.wallet.withdraw(lane)
    with earnest.moves(payee="+4", channels="-4"):
        earnest.at(closing.closes_at - 1)
        earnest.payee.till.claim(lane)
    with earnest.moves(payer="+6", channels="-6"):
        earnest.at(closing.closes_at)
        earnest.payer.wallet.withdraw(lane)


def test_a_closing_channel_sells_nothing_and_a_cancelled_close_sells_again(earnest: World) -> None:
    lane = opened(earnest)
    voucher = earnest.payer.wallet.pay(lane, earnest.usdc("1"))
    earnest.payer.wallet.request_close(lane)
    with pytest.raises(ChannelClosing):
        earnest.payee.till.accept(voucher)

    earnest.payer.wallet.cancel_close(lane)

    assert earnest.payee.till.accept(voucher).added == earnest.usdc("1")


def test_a_channel_that_is_opened_again_starts_at_nothing(earnest: World) -> None:
    first = opened(earnest)
    paid(earnest, first, "4")
    earnest.payee.till.close(first)

    again = opened(earnest)
    paid(earnest, again, "1")

    assert (again.id, again.epoch) == (first.id, first.epoch + 1)
    with earnest.moves(payee="+1", payer="+9", channels="-10"):
        earnest.payee.till.close(again)


def test_goods_are_delivered_once_a_key_and_for_no_more_than_was_paid(earnest: World) -> None:
    usdc, till = earnest.usdc, earnest.payee.till
    lane = opened(earnest)
    till.accept(earnest.payer.wallet.pay(lane, usdc("3")))

    first = till.deliver(lane, usdc("2"), key="a")

    assert till.deliver(lane, usdc("2"), key="a") == first
    with pytest.raises(KeyReused):
        till.deliver(lane, usdc("1"), key="a")
    with pytest.raises(NotEnough) as refusal:
        till.deliver(lane, usdc("2"), key="b")
    assert refusal.value.facts == {"price": usdc("2").units, "left": usdc("1").units}


def test_calls_that_arrive_out_of_order_lose_nothing(earnest: World) -> None:
    usdc, till = earnest.usdc, earnest.payee.till
    lane = opened(earnest)
    vouchers = [earnest.payer.wallet.pay(lane, usdc("0.5")) for _ in range(4)]

    added = [till.accept(vouchers[turn]).added for turn in (2, 0, 3, 1)]
    for number in range(4):
        till.deliver(lane, usdc("0.5"), key=str(number))

    assert added == [usdc("1.5"), usdc("0"), usdc("0.5"), usdc("0")]


def test_a_channel_in_native_currency(earnest: World) -> None:
    eth = earnest.eth
    with earnest.moves(token=eth, payer="-1", payee="+0.25", channels="+0.75"):
        lane = earnest.payer.wallet.open(earnest.payee.address, eth("1"), DAY)
        earnest.payee.till.accept(earnest.payer.wallet.pay(lane, eth("0.25")))
        earnest.payee.till.claim()
    with earnest.moves(token=eth, payer="+0.75", channels="-0.75"):
        earnest.payee.till.close(lane)
