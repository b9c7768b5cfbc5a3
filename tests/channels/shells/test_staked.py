"""Under a finality with a stake no payer has more at risk than the depth was computed for."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chain import Chain, LocalChain, Signer, Token
from chain.finality import Finality
from channels import Limits, Payee, Payer, WalletLane
from channels.errors import DepositNotFinal, TokenRefused
from channels.exposure import OverLimit
from tests.channels.shells.conftest import HOUR


@pytest.fixture
def staked(served: LocalChain) -> Iterator[tuple[Chain, Signer, Token]]:
    """A thousandth of 100 USDC may be lost: six blocks, and twelve for a thousand times as much."""
    usdc, shop = served.token("USDC"), Signer.generate()
    served.fund(shop.address)
    risk = Finality.risk(stake=usdc("100"))
    with Chain.connect(served.network, [served.serve()], finality=risk) as chain:
        yield chain, shop, usdc


@pytest.fixture
def wallet(served: LocalChain, tmp_path: Path) -> Iterator[Payer]:
    ann = Signer.generate()
    served.fund(ann.address)
    with Payer(served, ann, tmp_path / "wallet.db") as wallet:
        yield wallet


@pytest.fixture
def lane(wallet: Payer, staked: tuple[Chain, Signer, Token]) -> WalletLane:
    _, shop, usdc = staked
    return wallet.open(shop.address, usdc("200"), HOUR)


@pytest.mark.parametrize(("limit", "depth"), [(None, 6), ("100000", 12)])
def test_a_deposit_counts_as_deep_as_all_that_may_be_at_risk_asks(
    served: LocalChain,
    staked: tuple[Chain, Signer, Token],
    wallet: Payer,
    lane: WalletLane,
    clock: Any,
    limit: str | None,
    depth: int,
) -> None:
    chain, shop, usdc = staked
    limits = Limits(at_risk=usdc(limit)) if limit else ()
    voucher = wallet.pay(lane, usdc("100"))
    clock.now = float(served.now())
    with Payee(chain, shop, ":memory:", limits=limits, clock=clock) as till:
        served.mine(depth - 2)
        with pytest.raises(DepositNotFinal):
            till.accept(voucher)
        served.mine(1)
        clock.now += 31
        assert till.accept(voucher).accepted == usdc("100")


def test_no_more_is_accepted_than_the_stake_and_no_other_token(
    served: LocalChain, staked: tuple[Chain, Signer, Token], wallet: Payer, lane: WalletLane
) -> None:
    chain, shop, usdc = staked
    ether = wallet.open(shop.address, served.native("1"), HOUR)
    served.mine(12)
    with Payee(chain, shop, ":memory:", clock=lambda: float(served.now())) as till:
        till.accept(wallet.pay(lane, usdc("100")))
        with pytest.raises(OverLimit):
            till.accept(wallet.pay(lane, usdc("0.000001")))
        with pytest.raises(TokenRefused):
            till.accept(wallet.pay(ether, served.native("0.1")))
