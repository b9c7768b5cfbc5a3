from datetime import timedelta

import pytest

from chain import LocalChain, Signer, Token
from chain.units import Seconds
from channels import Payee, Payer, WalletLane
from channels.errors import AmountExceedsDeposit, WindowNotOver, WindowOver, WrongEpoch

HOUR = timedelta(hours=1)


def test_a_thousand_payments_are_two_transactions(
    chain: LocalChain, wallet: Payer, till: Payee, ann: Signer, shop: Signer, usdc: Token
) -> None:
    lane = wallet.open(shop.address, usdc("10"), HOUR)
    for number in range(1, 1_001):
        credit = till.accept(wallet.pay(lane, usdc("0.001")))
        assert (credit.added, credit.accepted) == (usdc("0.001"), usdc.units(1_000 * number))
    for number in range(100):
        till.deliver(lane, usdc("0.01"), key=f"request {number}")
    assert till.accept(wallet.pay(lane, usdc("1"))).left == usdc("1")

    claims = till.claim()
    assert claims.paid == (usdc("2"),)
    assert len(claims.receipts) == 1
    assert till.books()[usdc].settled == usdc("2")

    till.accept(wallet.pay(lane, usdc("3")))
    closed = till.close(lane)
    assert (closed.epoch, closed.deposit, closed.owed) == (1, usdc("0"), usdc("0"))
    books = till.books()[usdc]
    assert (books.accepted, books.delivered, books.settled, books.owed) == (usdc("5"), usdc("1"), usdc("5"), usdc("0"))
    assert books.balance
    assert chain.balance(usdc, ann.address) == usdc("995")
    assert chain.balance(usdc, shop.address) == usdc("1005")
    assert chain.balance(usdc, chain.address_of("VoucherChannels")) == usdc("0")


def test_a_payer_gets_its_rest_back_from_a_silent_payee(
    chain: LocalChain, wallet: Payer, lane: WalletLane, ann: Signer, usdc: Token
) -> None:
    closing = wallet.request_close(lane)
    chain.travel(to=Seconds(closing.closes_at - 1))
    with pytest.raises(WindowNotOver) as early:
        wallet.withdraw(lane)
    assert early.value.facts == {"now": closing.closes_at - 1, "closes_at": closing.closes_at}
    chain.travel(to=closing.closes_at)
    ended = wallet.withdraw(lane)
    assert (ended.epoch, ended.deposit, ended.closes_at) == (1, usdc("0"), 0)
    assert chain.balance(usdc, ann.address) == usdc("1000")


def test_a_payee_that_answers_in_the_last_second_is_paid(
    chain: LocalChain, wallet: Payer, till: Payee, lane: WalletLane, ann: Signer, shop: Signer, usdc: Token
) -> None:
    till.accept(wallet.pay(lane, usdc("4")))
    closing = wallet.request_close(lane)
    chain.travel(to=Seconds(closing.closes_at - 1))
    assert till.claim(lane).paid == (usdc("4"),)
    chain.travel(to=closing.closes_at)
    wallet.withdraw(lane)
    assert chain.balance(usdc, ann.address) == usdc("996")
    assert chain.balance(usdc, shop.address) == usdc("1004")


def test_a_payee_that_comes_a_second_late_is_not(
    chain: LocalChain, wallet: Payer, till: Payee, lane: WalletLane, usdc: Token
) -> None:
    till.accept(wallet.pay(lane, usdc("4")))
    closing = wallet.request_close(lane)
    chain.travel(to=closing.closes_at)
    claims = till.claim(lane)
    assert (claims.paid, claims.receipts) == ((), ())
    assert [skipped.why.split(":")[0] for skipped in claims.skipped] == [WindowOver.__name__]
    with pytest.raises(WindowOver):
        till.close(lane)
    wallet.withdraw(lane)

    till.show(lane)
    books = till.books()[usdc]
    assert (books.accepted, books.settled, books.owed, books.forgone) == (usdc("4"), usdc("0"), usdc("0"), usdc("4"))
    assert books.balance


def test_a_voucher_over_the_deposit_is_signed_by_no_wallet_and_taken_by_no_till(
    wallet: Payer, till: Payee, lane: WalletLane, usdc: Token
) -> None:
    voucher = wallet.pay(lane, usdc("10"))
    with pytest.raises(AmountExceedsDeposit) as caught:
        wallet.pay(lane, usdc("0.000001"))
    assert caught.value.facts == {"cumulative_amount": 10_000_001, "deposit": 10_000_000}
    assert till.accept(voucher).accepted == usdc("10")

    wallet.top_up(lane, usdc("1"))
    assert till.accept(wallet.pay(lane, usdc("1"))).accepted == usdc("11"), "the till looks again"


def test_a_reopened_channel_starts_a_new_epoch_in_which_old_vouchers_count_for_nothing(
    wallet: Payer, till: Payee, lane: WalletLane, shop: Signer, usdc: Token
) -> None:
    old = wallet.pay(lane, usdc("4"))
    till.accept(old)
    till.close(lane)
    again = wallet.open(shop.address, usdc("5"), HOUR)
    assert (again.id, again.epoch, again.promised) == (lane.id, 1, usdc("0"))
    with pytest.raises(WrongEpoch) as caught:
        till.accept(old)
    assert caught.value.facts == {"epoch": 0, "current": 1}

    credit = till.accept(wallet.pay(again, usdc("1")))
    assert (credit.added, credit.accepted) == (usdc("1"), usdc("1"))
    assert till.claim().paid == (usdc("1"),)
    books = till.books()[usdc]
    assert (books.accepted, books.settled) == (usdc("5"), usdc("5"))
    assert books.balance


def test_native_currency_needs_no_token(
    chain: LocalChain, wallet: Payer, till: Payee, ann: Signer, shop: Signer
) -> None:
    eth = chain.native
    lane = wallet.open(shop.address, eth("1"), HOUR)
    wallet.top_up(lane, eth("0.5"))
    till.accept(wallet.pay(lane, eth("1.25")))
    before, paid_by = chain.balance(eth, ann.address), chain.balance(eth, shop.address)
    receipt = till.close(lane).receipt
    assert receipt is not None
    assert chain.balance(eth, ann.address) - before == eth("0.25")
    assert chain.balance(eth, shop.address) == paid_by + eth("1.25") - receipt.fee
