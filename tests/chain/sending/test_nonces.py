"""Transactions of one account, from many threads and processes, over nodes that refuse."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from chain import Chain, LocalChain, Signer
from chain.errors import NotSent
from chain.keccak import keccak
from chain.refusals import ERC20InsufficientBalance
from chain.testing.trouble import Trouble, once


def test_threads_share_an_account_without_gaps(chain: LocalChain, ann_here: Signer) -> None:
    with ThreadPoolExecutor(8) as pool:
        receipts = list(
            pool.map(lambda amount: chain.send(ann_here, "TestToken", "mint", ann_here.address, amount), range(24))
        )

    assert chain._node.nonce(ann_here.address) == len({receipt.transaction for receipt in receipts}) == 24
    assert sorted(receipt.event("Transfer").args["value"] for receipt in receipts) == list(range(24))


@pytest.fixture
def ann_here(funded: Callable[[], Signer]) -> Signer:
    return funded()


def test_two_processes_may_use_one_key(home: LocalChain, client: Chain, ann: Signer) -> None:
    for chain in (client, home, client, client, home, home, client):
        chain.send(ann, "TestToken", "mint", ann.address, 1)

    assert home._node.nonce(ann.address) == 7


def test_a_refused_simulation_uses_no_nonce(home: LocalChain, client: Chain, ann: Signer, trouble: Trouble) -> None:
    with pytest.raises(ERC20InsufficientBalance):
        client.transfer(ann, client.token("USDC")("1001"), Signer.generate().address)

    client.send(ann, "TestToken", "mint", ann.address, 1)
    assert (home._node.nonce(ann.address), len(trouble.sent)) == (1, 1)


def test_what_the_node_refuses_is_not_sent_and_leaves_no_gap(
    home: LocalChain, client: Chain, ann: Signer, trouble: Trouble
) -> None:
    no = {"error": {"code": -32000, "message": "insufficient funds"}}
    trouble.before = once("eth_sendRawTransaction", lambda method, params: no)

    with pytest.raises(NotSent) as caught:
        client.send(ann, "TestToken", "mint", ann.address, 1)
    assert (caught.value.account, caught.value.why) == (ann.address, "insufficient funds")
    assert caught.value.retryable

    for _ in range(2):
        client.send(ann, "TestToken", "mint", ann.address, 1)
    assert home._node.nonce(ann.address) == 2


def test_an_account_that_stays_taken_is_given_up(client: Chain, ann: Signer, trouble: Trouble) -> None:
    taken = {"error": {"code": -32000, "message": "nonce too low"}}
    trouble.before = lambda method, params: taken if method == "eth_sendRawTransaction" else None

    with pytest.raises(NotSent, match="nonce too low"):
        client.send(ann, "TestToken", "mint", ann.address, 1)
    assert len(trouble.sent) == 3


def test_a_nonce_is_asked_for_once(client: Chain, ann: Signer, trouble: Trouble) -> None:
    asked: list[str] = []
    trouble.before = lambda method, params: asked.append(method)

    for _ in range(3):
        client.send(ann, "TestToken", "mint", ann.address, 1)

    assert asked.count("eth_getTransactionCount") == 1
    assert asked.count("eth_chainId") == 0


def test_gas_and_fees_leave_room_for_what_changes_meanwhile(
    home: LocalChain, client: Chain, ann: Signer, trouble: Trouble
) -> None:
    client.send(ann, "TestToken", "mint", ann.address, 1)
    transaction = "0x" + keccak(bytes.fromhex(trouble.sent[0][2:])).hex()
    sent = home._node.ask("eth_getTransactionByHash", transaction)
    tip, base_fee = home._node.tip(), home._node.block(home._node.block("latest").number - 1).base_fee

    body = {"from": sent["from"], "to": sent["to"], "data": sent["input"]}
    estimate = int(home._node.ask("eth_estimateGas", body), 16)

    assert int(sent["gas"], 16) == estimate + estimate // 5
    assert int(sent["type"], 16) == 2
    assert int(sent["maxPriorityFeePerGas"], 16) == tip
    assert int(sent["maxFeePerGas"], 16) == 2 * base_fee + tip
