import pytest

from chain import LocalChain, Signer, Token
from channels import Payee, Payer, WalletLane
from channels.errors import NotEnough, RefundTooLarge, UnknownDelivery, WrongEpoch


@pytest.fixture
def delivered(wallet: Payer, till: Payee, lane: WalletLane, usdc: Token) -> None:
    """Of 5 USDC accepted, 4 are delivered for "coat" and "hat"."""
    till.accept(wallet.pay(lane, usdc("5")))
    till.deliver_many(lane, {"coat": usdc("3"), "hat": usdc("1")})


@pytest.mark.usefixtures("delivered")
def test_a_refund_can_be_spent_again_and_a_repeat_is_harmless(till: Payee, lane: WalletLane, usdc: Token) -> None:
    for _ in range(2):
        refund = till.refund(lane, "coat", up_to=usdc("2"))
        assert (refund.refunded, refund.left) == (usdc("2"), usdc("3"))
    assert till.refund(lane, "coat", up_to=usdc("1")).refunded == usdc("2"), "a lower total takes nothing back"
    till.deliver(lane, usdc("3"), "gloves")
    with pytest.raises(NotEnough):
        till.deliver(lane, usdc("0.000001"), "more")
    books = till.books()[usdc]
    assert (books.delivered, books.refunded, books.undelivered) == (usdc("7"), usdc("2"), usdc("0"))
    assert books.balance


@pytest.mark.usefixtures("delivered")
def test_no_more_of_a_delivery_is_refunded_than_it_cost(till: Payee, lane: WalletLane, usdc: Token) -> None:
    with pytest.raises(RefundTooLarge, match="'hat' was delivered for 1000000: 1000001 can't be refunded of it"):
        till.refund(lane, "hat", up_to=usdc("1.000001"))
    with pytest.raises(UnknownDelivery):
        till.refund(lane, "scarf", up_to=usdc("1"))


@pytest.mark.usefixtures("delivered")
def test_a_close_gives_unspent_refunds_back(
    chain: LocalChain, till: Payee, lane: WalletLane, usdc: Token, ann: Signer, shop: Signer
) -> None:
    till.refund(lane, "coat", up_to=usdc("3"))
    before = chain.balance(usdc, ann.address), chain.balance(usdc, shop.address)
    till.close(lane)
    after = chain.balance(usdc, ann.address), chain.balance(usdc, shop.address)
    assert after == (before[0] + usdc("8"), before[1] + usdc("2")), "1 for the hat, 1 paid ahead"
    with pytest.raises(WrongEpoch):
        till.refund(lane, "hat", up_to=usdc("1"))


@pytest.mark.usefixtures("delivered")
def test_what_was_settled_is_written_down_with_its_fee(
    till: Payee, wallet: Payer, lane: WalletLane, usdc: Token
) -> None:
    claims = till.claim()
    till.accept(wallet.pay(lane, usdc("1")))
    closed = till.close(lane)
    assert closed.receipt is not None
    settlements, fees = till.settlements(), till.fees()
    assert {(made.amount, made.transaction_hash.hex()) for made in settlements} == {
        (5_000_000, claims.receipts[0].transaction[2:]),
        (1_000_000, closed.receipt.transaction[2:]),
    }
    assert {fee.amount for fee in fees} == {claims.receipts[0].fee.units, closed.receipt.fee.units}
