from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from chain import LocalChain, Signer, Token
from chain.units import Amount, Seconds
from channels import Payee, Payer, Promise, SignedVoucher, Voucher, WalletLane
from channels.promise import promises_hash
from channels.sync.meter import TillMeter
from channels.ticks import TickPayer

COUNT = 2_000


@pytest.fixture
def ticks(wallet: Payer, lane: WalletLane, usdc: Token) -> TickPayer:
    """2,000 ticks of 0.001 USDC, of ann's 10."""
    return wallet.ticks(lane, each=usdc("0.001"), count=COUNT)


@pytest.fixture
def meter(till: Payee, ticks: TickPayer) -> TillMeter:
    return till.meter(ticks.opening)


@pytest.fixture
def new_wallet(chain: LocalChain, ann: Signer, tmp_path: Path, ends: ExitStack) -> Callable[[], Payer]:
    """Another wallet of ann's over the same file."""

    def new() -> Payer:
        return ends.enter_context(Payer(chain, ann, tmp_path / "wallet.db"))

    return new


@pytest.fixture
def tick() -> Callable[[TickPayer, TillMeter, int], None]:
    """So many ticks, each answered."""

    def ticked(ticks: TickPayer, meter: TillMeter, number: int) -> None:
        for _ in range(number):
            assert meter.tick(next(ticks)) == 1

    return ticked


@pytest.fixture(autouse=True)
def travel(chain: LocalChain, clock: Any) -> Callable[[int], None]:
    """Moves the chain and the till's clock, which tells the chain's time."""
    clock.now = float(chain.now())

    def moved(to: int) -> None:
        chain.travel(to=Seconds(to))
        clock.now = float(to)

    return moved


def signed(wallet: Payer, lane: WalletLane, amount: int, *promises: Promise | None, epoch: int = 0) -> SignedVoucher:
    """By the payer's key, whatever its wallet would say."""
    listed = tuple(promise for promise in promises if promise)
    total, hashed = Amount(amount), promises_hash(listed)
    voucher = Voucher(channel_id=lane.id, epoch=epoch, cumulative_amount=total, promises=hashed)
    return wallet._signed(lane.channel, voucher, listed)
