from collections.abc import Callable
from typing import Any

import pytest

from chain.keccak import keccak
from chain.money import Token
from chain.units import NOBODY, Address, Amount, Hash32, Seconds
from channels import Channel
from channels.ledger import Accepted, Delivered, Fee, Forgone, Ledger, Refunded, Returned, Settled
from tests.channels.conftest import TOKEN

KINDS: list[type[Any]] = [Accepted, Delivered, Refunded, Settled, Forgone, Returned, Fee]


def transaction(number: int) -> Hash32:
    return keccak(number.to_bytes(4, "big"))


@pytest.fixture(scope="session")
def tokens(usdc: Token) -> dict[Address, Token]:
    return {TOKEN: usdc, NOBODY: Token(address=NOBODY, symbol="ETH", decimals=18, chain_id=31337)}


@pytest.fixture(scope="session")
def fact(channel: Channel) -> Callable[..., Any]:
    """Of the channel's third epoch; every member can be another."""

    def of(kind: type[Any], amount: int, mark: Any = 0, **changes: Any) -> Any:
        members: dict[str, Any] = {"time": Seconds(1_700_000_000), "amount": Amount(amount)}
        if kind is not Fee:
            members |= {"channel": channel, "epoch": 3}
        if kind in {Delivered, Refunded}:
            members["key"] = str(mark)
        if kind in {Settled, Fee}:
            members["transaction"] = transaction(mark)
        return kind(**members | changes)

    return of


@pytest.fixture(scope="session")
def told(fact: Callable[..., Any]) -> Ledger:
    """100 accepted, 60 delivered, 10 of them refunded; 70 settled, 20 returned, 10 lost; one fee."""
    told = [
        (Accepted, 100),
        (Delivered, 60),
        (Refunded, 10),
        (Settled, 70),
        (Returned, 20),
        (Forgone, 10),
        (Fee, 5_000),
    ]
    return Ledger.of(fact(kind, amount) for kind, amount in told)
