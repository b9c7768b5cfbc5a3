from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from chain import Chain, LocalChain, Signer, Token
from channels import Payee, Payer, WalletLane

HOUR = timedelta(hours=1)


class Clock:
    """The till's clock, in the test's hand."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="session")
def one_chain() -> Iterator[LocalChain]:
    with Chain.local() as chain:
        yield chain


@pytest.fixture
def chain(one_chain: LocalChain) -> Iterator[LocalChain]:
    """Takes back what a test did."""
    before = one_chain.snapshot()
    yield one_chain
    one_chain.restore(before)


@pytest.fixture
def served() -> Iterator[LocalChain]:
    """A chain of the test's own, for other processes and for nodes that die."""
    with Chain.local() as chain:
        yield chain


@pytest.fixture
def usdc(chain: LocalChain) -> Token:
    return chain.token("USDC")


@pytest.fixture
def funded(chain: LocalChain) -> Callable[[], Signer]:
    """A new account with 10 ETH and 1,000 USDC."""

    def new() -> Signer:
        signer = Signer.generate()
        chain.fund(signer.address)
        return signer

    return new


@pytest.fixture
def ann(funded: Callable[[], Signer]) -> Signer:
    return funded()


@pytest.fixture
def shop(funded: Callable[[], Signer]) -> Signer:
    return funded()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ends() -> Iterator[ExitStack]:
    """What is entered here is closed with the test."""
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def wallet(chain: LocalChain, ann: Signer, tmp_path: Path, ends: ExitStack) -> Payer:
    return ends.enter_context(Payer(chain, ann, tmp_path / "wallet.db"))


@pytest.fixture
def new_till(chain: LocalChain, shop: Signer, tmp_path: Path, ends: ExitStack, clock: Clock) -> Callable[..., Payee]:
    """A payee of shop's; every argument can be another."""

    def new(chain: LocalChain = chain, **changes: Any) -> Payee:
        arguments: dict[str, Any] = {"store": tmp_path / "till.db", "clock": clock} | changes
        return ends.enter_context(Payee(chain, shop, **arguments))

    return new


@pytest.fixture
def till(new_till: Callable[..., Payee]) -> Payee:
    return new_till()


@pytest.fixture
def lane(wallet: Payer, shop: Signer, usdc: Token) -> WalletLane:
    """10 USDC from ann to shop, with a window of one hour."""
    return wallet.open(shop.address, usdc("10"), HOUR)
