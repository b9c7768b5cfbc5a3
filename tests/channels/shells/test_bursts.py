"""Fifty calls at once: one write to disk answers for all of them."""

from contextlib import ExitStack
from pathlib import Path

import pytest

from chain import LocalChain, Signer, Token
from channels import Payee, Payer, WalletLane
from channels.errors import AmountExceedsDeposit, KeyReused, NotEnough


def test_a_burst_is_a_voucher_for_each_payment_in_order(
    wallet: Payer, till: Payee, lane: WalletLane, usdc: Token
) -> None:
    wallet.pay(lane, usdc("1"))

    burst = wallet.pay_many(lane, [usdc("0.5"), usdc("0.25"), usdc("0.5")])

    assert [voucher.voucher.cumulative_amount for voucher in burst] == [1_500_000, 1_750_000, 2_250_000]
    assert [till.accept(voucher).added for voucher in burst] == [usdc("1.5"), usdc("0.25"), usdc("0.5")]
    assert wallet.pay_many(lane, []) == []


def test_a_burst_is_on_disk_before_it_is_returned(
    chain: LocalChain, wallet: Payer, lane: WalletLane, ann: Signer, tmp_path: Path, ends: ExitStack, usdc: Token
) -> None:
    burst = wallet.pay_many(lane, [usdc("1")] * 3)

    assert ends.enter_context(Payer(chain, ann, tmp_path / "wallet.db")).latest(lane) == burst[-1]


def test_a_burst_beyond_the_deposit_promises_nothing(wallet: Payer, lane: WalletLane, usdc: Token) -> None:
    with pytest.raises(AmountExceedsDeposit):
        wallet.pay_many(lane, [usdc("6"), usdc("4"), usdc("0.000001")])

    assert wallet.show(lane).promised == usdc("0")


def test_a_bursts_newest_voucher_pays_for_all_its_deliveries(
    wallet: Payer, till: Payee, lane: WalletLane, usdc: Token
) -> None:
    till.accept(wallet.pay_many(lane, [usdc("1")] * 3)[-1])

    sold = till.deliver_many(lane, {"a": usdc("1"), "b": usdc("0.5"), "c": usdc("1.5")})

    assert [(one.key, one.delivered, one.left) for one in sold] == [
        ("a", usdc("1"), usdc("2")),
        ("b", usdc("1.5"), usdc("1.5")),
        ("c", usdc("3"), usdc("0")),
    ]
    assert till.deliver_many(lane, {"c": usdc("1.5"), "a": usdc("1")}) == [sold[2], sold[0]]
    assert till.deliver_many(lane, {}) == []


@pytest.mark.parametrize(("last", "price", "error"), [("c", "1.000001", NotEnough), ("old", "0.5", KeyReused)])
def test_a_burst_in_which_one_delivery_is_refused_delivers_nothing(
    wallet: Payer, till: Payee, lane: WalletLane, usdc: Token, last: str, price: str, error: type[Exception]
) -> None:
    till.accept(wallet.pay(lane, usdc("4")))
    till.deliver(lane, usdc("1"), key="old")

    with pytest.raises(error):
        till.deliver_many(lane, {"a": usdc("1"), "b": usdc("1"), last: usdc(price)})

    assert till.show(lane).delivered == usdc("1")
    assert till.deliver(lane, usdc("3"), key="a").left == usdc("0")
