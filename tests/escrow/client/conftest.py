from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from chain import LocalChain, Signer
from chain.money import Money, Token
from escrow import Escrow, Terms


@pytest.fixture(scope="session", params=["eth-tester", pytest.param("anvil", marks=pytest.mark.anvil)])
def node(request: pytest.FixtureRequest, signers: dict[str, Signer]) -> Iterator[LocalChain]:
    with LocalChain.start(request.param) as chain:
        for signer in signers.values():
            chain.fund(signer.address)
        yield chain


@pytest.fixture
def chain(node: LocalChain) -> Iterator[LocalChain]:
    """As it was when everybody had just got 10 of the native currency and 1,000 USDC."""
    before = node.snapshot()
    yield node
    node.restore(before)


@pytest.fixture
def token(chain: LocalChain) -> Token:
    return chain.token("USDC")


@pytest.fixture
def act(chain: LocalChain, signers: dict[str, Signer]) -> dict[str, Escrow]:
    """Everybody's client."""
    return {role: Escrow(chain, signer) for role, signer in signers.items()}


@pytest.fixture
def offer(chain: LocalChain, signers: dict[str, Signer], token: Token) -> Callable[..., Terms]:
    """Terms over 120 USDC for a day, captured by the operator."""

    def offered(amount: Money | None = None, **changes: Any) -> Terms:
        common: dict[str, Any] = {
            "payer": signers["payer"].address,
            "payee": signers["payee"].address,
            "amount": token("120") if amount is None else amount,
            "operator": signers["operator"].address,
            "expiry": chain.after(days=1),
            "if_expired": "payer",
        }
        return Terms.card(**common | changes)

    return offered


@pytest.fixture
def sale(chain: LocalChain, signers: dict[str, Signer], token: Token) -> Callable[..., Terms]:
    """Terms over 120 USDC for two days that either party may dispute; a silent arbiter pays the payer."""

    def offered(amount: Money | None = None, **changes: Any) -> Terms:
        common: dict[str, Any] = {
            "payer": signers["payer"].address,
            "payee": signers["payee"].address,
            "amount": token("120") if amount is None else amount,
            "arbiter": signers["arbiter"].address,
            "expiry": chain.after(days=2),
            "ruling_period": timedelta(days=3),
            "if_expired": "payee",
            "if_arbiter_silent": "payer",
        }
        return Terms.purchase(**common | changes)

    return offered
