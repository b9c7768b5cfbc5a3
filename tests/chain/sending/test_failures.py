"""Transactions that fail after all, and nodes that explain badly."""

from typing import Any

import pytest

from chain import Chain, LocalChain, Signer, Token
from chain.errors import Reverted
from chain.refusals import ERC20InsufficientBalance
from chain.testing.trouble import Answer, Trouble, once


def overtaken(home: LocalChain, ann: Signer, usdc: Token) -> Answer:
    """While the node takes the transaction, ann moves her money away."""

    def answer(method: str, params: Any) -> None:
        home.transfer(ann, usdc("1000"), Signer.generate().address)

    return once("eth_sendRawTransaction", answer)


def test_a_transaction_that_failed_after_all_tells_why(
    home: LocalChain, client: Chain, ann: Signer, trouble: Trouble
) -> None:
    shop, usdc = Signer.generate(), home.token("USDC")
    home.fund(shop.address)
    home.approve(ann, usdc("5"), shop.address)
    trouble.before = overtaken(home, ann, usdc)

    with pytest.raises(ERC20InsufficientBalance) as caught:
        client.send(shop, "TestToken", "transferFrom", ann.address, shop.address, 5_000_000)

    assert caught.value.facts == {"sender": ann.address, "balance": 0, "needed": 5_000_000}
    assert home._node.nonce(shop.address) == 1


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"error": {"code": -32000, "message": "missing trie node"}}, "can't run it again"),
        ({"result": "0x"}, "not when run again"),
    ],
)
def test_a_failure_without_an_explanation_is_still_a_failure(
    home: LocalChain, client: Chain, ann: Signer, trouble: Trouble, answer: dict[str, Any], reason: str
) -> None:
    shop, usdc = Signer.generate(), home.token("USDC")
    home.fund(shop.address)
    home.approve(ann, usdc("5"), shop.address)
    fails = overtaken(home, ann, usdc)
    trouble.before = lambda method, params: answer if method == "eth_call" else fails(method, params)

    with pytest.raises(Reverted, match=reason):
        client.send(shop, "TestToken", "transferFrom", ann.address, shop.address, 5_000_000)


def test_an_estimate_without_a_reason_is_explained_by_a_call(client: Chain, ann: Signer, trouble: Trouble) -> None:
    plain = {"error": {"code": 3, "message": "execution reverted", "data": "0x"}}
    trouble.before = once("eth_estimateGas", lambda method, params: plain)

    with pytest.raises(ERC20InsufficientBalance):
        client.send(ann, "TestToken", "transfer", client.address_of("Escrow"), 2_000_000_000)


def test_too_little_gas_is_out_of_gas(client: Chain, ann: Signer, trouble: Trouble) -> None:
    trouble.before = once("eth_estimateGas", lambda method, params: {"result": hex(22_000)})

    with pytest.raises(Reverted, match="out of gas"):
        client.send(ann, "TestToken", "mint", ann.address, 1)
