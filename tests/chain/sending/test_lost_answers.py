"""Transactions over nodes that lose answers: never paid twice, never a gap."""

from typing import Any

import pytest

from chain import Chain, LocalChain, Signer
from chain.errors import NodeUnreachable, NotIncluded
from chain.keccak import keccak
from chain.testing.serve import Server
from chain.testing.trouble import LIMITED, Trouble, once


def test_a_lost_answer_is_waited_for_and_never_paid_twice(
    home: LocalChain, client: Chain, ann: Signer, trouble: Trouble
) -> None:
    trouble.before = once("eth_sendRawTransaction", trouble.lost)
    usdc = client.token("USDC")

    receipt = client.transfer(ann, usdc("10"), Signer.generate().address)

    assert receipt.transaction == "0x" + keccak(bytes.fromhex(trouble.sent[0][2:])).hex()
    assert (len(trouble.sent), home._node.nonce(ann.address)) == (1, 1)
    assert home.balance(usdc, ann.address) == usdc("990")


def test_a_resend_that_finds_its_nonce_used_by_itself_is_the_same_payment(
    home: LocalChain, client: Chain, ann: Signer, trouble: Trouble
) -> None:
    """Two nodes: the first took it and broke, the second says that the nonce is used."""

    def taken_elsewhere(method: str, params: Any) -> Any:
        trouble.node.handle(method, params)
        return trouble.node.handle(method, params)

    trouble.before = once("eth_sendRawTransaction", taken_elsewhere)
    client.send(ann, "TestToken", "mint", ann.address, 1)
    client.send(ann, "TestToken", "mint", ann.address, 1)

    assert (len(trouble.sent), home._node.nonce(ann.address)) == (2, 2)


def test_nobody_knows_is_not_included_and_the_nonce_is_free_again(
    home: LocalChain, client: Chain, ann: Signer, trouble: Trouble
) -> None:
    trouble.before = once("eth_sendRawTransaction", lambda method, params: LIMITED)

    with pytest.raises(NotIncluded) as caught:
        client.send(ann, "TestToken", "mint", ann.address, 1)
    assert caught.value.seconds == 0.3
    assert not caught.value.retryable
    assert caught.value.transaction == "0x" + keccak(bytes.fromhex(trouble.sent[0][2:])).hex()

    client.send(ann, "TestToken", "mint", ann.address, 1)
    assert home._node.nonce(ann.address) == 1


def test_a_wrong_node_behind_a_broken_one_leaves_the_transaction_unknown(
    home: LocalChain, client: Chain, ann: Signer, trouble: Trouble
) -> None:
    """The first took it and broke, the second, asked for the first time now, is of another chain."""

    stranger, server = Server(lambda method, params: {"result": "0x1"}), Server(trouble.handle)
    trouble.before = once("eth_sendRawTransaction", trouble.lost)
    with Chain.connect("local", [server.url, stranger.url], patience=0.3) as chain:
        receipt = chain.send(ann, "TestToken", "mint", ann.address, 1)
    stranger.close()
    server.close()

    assert receipt.transaction == "0x" + keccak(bytes.fromhex(trouble.sent[0][2:])).hex()
    assert home._node.nonce(ann.address) == 1


def test_a_late_transaction_can_be_waited_for_again(client: Chain, ann: Signer, trouble: Trouble) -> None:
    trouble.before = once("eth_sendRawTransaction", lambda method, params: LIMITED)
    with pytest.raises(NotIncluded) as caught:
        client.send(ann, "TestToken", "mint", ann.address, 1)

    trouble.node.handle("eth_sendRawTransaction", [trouble.sent[0]])

    assert client.wait(caught.value.transaction).transaction == caught.value.transaction


def test_waiting_outlasts_a_node_that_is_away_for_a_moment(client: Chain, ann: Signer, trouble: Trouble) -> None:
    trouble.before = once("eth_getTransactionReceipt", lambda method, params: LIMITED)

    assert client.send(ann, "TestToken", "mint", ann.address, 1).block_number


def test_nothing_is_sent_when_the_node_is_away_before(client: Chain, ann: Signer, trouble: Trouble) -> None:
    trouble.before = once("eth_estimateGas", lambda method, params: LIMITED)

    with pytest.raises(NodeUnreachable) as caught:
        client.send(ann, "TestToken", "mint", ann.address, 1)
    assert caught.value.retryable
    assert trouble.sent == []
