"""Who claims or shows over a till with a shallower finality makes nobody who accepts over it count on more."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from chain import Chain, LocalChain, Signer, Token
from chain.finality import Finality
from channels import Payee, Payer, WalletLane
from channels.errors import ChainWentBack, DepositNotFinal
from tests.channels.shells.conftest import HOUR

PATIENT, HASTY = 12, 2


@pytest.fixture
def usdc(served: LocalChain) -> Token:
    return served.token("USDC")


@pytest.fixture
def shop(served: LocalChain) -> Signer:
    shop = Signer.generate()
    served.fund(shop.address)
    return shop


@pytest.fixture
def open_till(served: LocalChain, shop: Signer, tmp_path: Path, clock: Any) -> Iterator[Callable[[int], Payee]]:
    """All over one file, each by a finality of its own; no time passes between them."""
    opened: list[Payee] = []
    clock.now = float(served.now())

    def open_till(depth: int) -> Payee:
        chain = Chain.connect(served.network, [served.serve()], finality=Finality.confirmations(depth))
        opened.append(Payee(chain, shop, tmp_path / "till.db", clock=clock))
        return opened[-1]

    yield open_till
    for till in opened:
        till.disconnect()
        till.chain.close()


@pytest.fixture
def wallet(served: LocalChain, tmp_path: Path) -> Iterator[Payer]:
    ann = Signer.generate()
    served.fund(ann.address)
    with Payer(served, ann, tmp_path / "wallet.db") as wallet:
        yield wallet


@pytest.fixture
def lane(served: LocalChain, wallet: Payer, shop: Signer, usdc: Token) -> WalletLane:
    lane = wallet.open(shop.address, usdc("10"), HOUR)
    served.mine(PATIENT)
    return lane


Tills = Callable[[int], Payee]


def test_a_deposit_counts_as_deep_as_the_accepting_one_asks(
    served: LocalChain, open_till: Tills, wallet: Payer, lane: WalletLane, usdc: Token
) -> None:
    patient, hasty = open_till(PATIENT), open_till(HASTY)
    assert patient.accept(wallet.pay(lane, usdc("1"))).accepted == usdc("1")
    wallet.top_up(lane, usdc("90"))
    served.mine(HASTY)
    more = wallet.pay(lane, usdc("50"))
    hasty.claim()
    with pytest.raises(DepositNotFinal):
        patient.accept(more)
    served.mine(HASTY)
    shown = hasty.show(lane)
    assert (shown.deposit, shown.settled) == (usdc("100"), usdc("1"))
    with pytest.raises(DepositNotFinal):
        patient.accept(more)
    assert hasty.accept(more).accepted == usdc("51"), "by its own finality it may"


def test_an_epoch_that_is_not_final_begins_with_nothing(
    served: LocalChain, open_till: Tills, wallet: Payer, lane: WalletLane, usdc: Token, shop: Signer
) -> None:
    patient, hasty = open_till(PATIENT), open_till(HASTY)
    patient.accept(wallet.pay(lane, usdc("1")))
    hasty.close(lane)
    wallet.open(shop.address, usdc("10"), HOUR)
    served.mine(HASTY)
    assert (hasty.show(lane).epoch, hasty.show(lane).deposit) == (1, usdc("10"))
    newer = wallet.pay(lane, usdc("3"))
    with pytest.raises(ChainWentBack):
        patient.accept(newer)
    served.mine(PATIENT)
    assert open_till(PATIENT).accept(newer).accepted == usdc("3")
