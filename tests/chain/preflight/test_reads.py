"""How much a check asks of a node: docs/preflight.md has these numbers."""

from collections.abc import Iterator
from typing import Any

import pytest

from chain import Chain, LocalChain, Money, Signer
from chain.preflight import Call
from chain.sync.preflight import Preflight
from chain.testing.embedded import EmbeddedNode
from chain.testing.serve import Server
from chain.testing.trouble import Trouble
from tests.chain.preflight.refusing import BURNT, refused


@pytest.fixture(scope="module")
def home() -> Iterator[LocalChain]:
    with Chain.local() as chain:
        yield chain


@pytest.fixture
def asked() -> list[str]:
    return []


@pytest.fixture
def client(home: LocalChain, asked: list[str]) -> Iterator[Chain]:
    """Through a node that writes down what it is asked."""
    assert isinstance(home._host, EmbeddedNode)
    node = Trouble(home._host)

    def written(method: str, params: Any) -> None:
        asked.append(method)

    node.before = written
    server = Server(node.handle)
    with Chain.connect("local", [server.url]) as chain:
        yield chain
    server.close()


def test_a_transfer_that_addresses_refuse_asks_nothing(client: Chain, asked: list[str]) -> None:
    ann, usdc = Signer.generate(), client.token("USDC")
    asked.clear()

    assert refused(lambda: client.transfer(ann, usdc("5"), BURNT)) == ["BurnAddress"]
    assert asked == []


def reads(client: Chain, asked: list[str], money: Money, payer: str | None, call: Call | None = None) -> int:
    asked.clear()
    Preflight(client).check(payer, Signer.generate().address, money, call)
    return len(asked)


def test_a_check_asks_so_much_and_the_addresses_alone_nothing(
    home: LocalChain, client: Chain, asked: list[str]
) -> None:
    ann = Signer.generate()
    home.fund(ann.address)
    usdc, escrow = client.token("USDC"), client.address_of("Escrow")
    home.approve(ann, usdc, escrow)

    asked.clear()
    Preflight(client).addresses(ann.address, Signer.generate().address, usdc("5"))

    assert asked == []
    assert reads(client, asked, client.native("1"), ann.address) == 9
    assert reads(client, asked, usdc("5"), ann.address) == 19
    assert reads(client, asked, usdc("5"), ann.address, Call(to=escrow, data=b"")) == 19
    assert reads(client, asked, usdc("5"), None) == 11
