"""A payer promises nothing that a payee refuses: it would be in every later voucher, and stop them all."""

from collections.abc import Callable

import pytest

from chain import LocalChain, Token
from chain.units import Seconds
from channels import Payee, Payer, WalletLane
from channels.errors import PromiseExpired
from channels.promise_errors import ExpiryTooLate
from escrow.conditions import hash_lock

LOCK = hash_lock(keccak=b"\1" * 32)
LATEST = 2 * 3_600 - 300 - 240
"""Both windows, less what a payee's node may lag, and two transactions of two minutes."""

Promise = Callable[[Seconds], object]


@pytest.fixture
def promises(wallet: Payer, lane: WalletLane, usdc: Token) -> list[Promise]:
    ticks = wallet.ticks(lane, each=usdc("0.001"), count=100)
    return [
        lambda until: wallet.promise(lane, usdc("1"), LOCK, until),
        lambda until: wallet.ticks(lane, each=usdc("0.001"), count=100, expiry=until),
        lambda until: wallet.fold_ticks(ticks, until),
    ]


def test_no_promise_expires_later_than_a_payee_takes_nor_is_over_already(
    chain: LocalChain, wallet: Payer, till: Payee, lane: WalletLane, usdc: Token, promises: list[Promise]
) -> None:
    now = chain.now()
    for promise in promises:
        before = wallet.promises(lane)
        with pytest.raises(ExpiryTooLate) as late:
            promise(Seconds(now + LATEST + 1))
        assert late.value.facts == {"expiry": now + LATEST + 1, "latest": now + LATEST}
        with pytest.raises(PromiseExpired):
            promise(now)
        assert wallet.promises(lane) == before
        promise(Seconds(now + LATEST))
    assert till.accept(wallet.pay(lane, usdc("1"))).added == usdc("1")
