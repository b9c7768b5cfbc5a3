"""Nodes that can't say, or say what is not so: nothing is concluded, and only what they can't speak of waits."""

from typing import Any

import pytest

from chain import LocalChain, Signer
from chain.errors import NodeUnreachable
from chain.outbox import Stage
from chain.sync.outbox import Outbox
from chain.testing.trouble import LIMITED, Trouble, once
from tests.chain.outbox.conftest import TOKEN, minted


def overtaken_by_hand(home: LocalChain, outbox: Outbox, ann: Signer, trouble: Trouble) -> None:
    """The intent's transaction got lost, and another program has used its nonce, which is final at once here."""
    trouble.before = lambda method, params: LIMITED if method == "eth_sendRawTransaction" else None
    outbox.submit(ann, "rent", TOKEN, minted(ann.address, 1))
    outbox.step()
    home.send(ann, "TestToken", "mint", ann.address, 2)


@pytest.mark.parametrize("answers", [{"error": {"code": -32000, "message": "no such state"}}, LIMITED])
def test_a_node_that_can_not_explain_a_revert_refuses_nothing(
    outbox: Outbox, ann: Signer, trouble: Trouble, answers: dict[str, Any]
) -> None:
    """What it can't say about the call is no word about the call."""
    unexplained = {"error": {"code": 3, "message": "execution reverted", "data": "0x"}}
    said = {"eth_estimateGas": unexplained, "eth_call": answers}
    trouble.before = lambda method, params: said.get(method)
    outbox.submit(ann, "rent", TOKEN, minted(ann.address, 1))
    if answers is LIMITED:
        with pytest.raises(NodeUnreachable):
            outbox.step()
    else:
        assert [(finding.key, finding.name) for finding in outbox.step()] == [("rent", "no answer")]
    assert outbox.entry("rent").stage is Stage.QUEUED


def test_a_call_of_which_a_node_can_not_speak_holds_up_no_other(outbox: Outbox, ann: Signer, trouble: Trouble) -> None:
    odd = minted(ann.address, 1)
    said = {
        "eth_estimateGas": {"error": {"code": 3, "message": "execution reverted", "data": "0x"}},
        "eth_call": {"error": {"code": -32000, "message": "missing trie node"}},
    }
    trouble.before = lambda method, params: said.get(method) if "0x" + odd.hex() in str(params) else None
    outbox.submit(ann, "odd", TOKEN, odd)
    outbox.submit(ann, "rent", TOKEN, minted(ann.address, 2))
    assert [(finding.key, finding.name) for finding in outbox.step()] == [("odd", "no answer")]
    assert (outbox.entry("odd").nonce, outbox.entry("rent").nonce) == (None, 0)


def test_a_transaction_of_which_a_node_can_not_speak_holds_up_no_other(
    outbox: Outbox, ann: Signer, trouble: Trouble
) -> None:
    outbox.submit(ann, "odd", TOKEN, minted(ann.address, 1))
    outbox.step()
    odd, no = outbox.entry("odd").newest.transaction, {"error": {"code": -32000, "message": "pruned"}}
    trouble.before = lambda method, params: no if method == "eth_getTransactionReceipt" and params[0] == odd else None
    outbox.submit(ann, "rent", TOKEN, minted(ann.address, 2))
    assert [(finding.key, finding.name) for finding in outbox.step()] == [("odd", "no answer")]
    assert outbox.entry("rent").nonce == 1


def test_a_node_that_keeps_no_old_states_stops_nothing(outbox: Outbox, ann: Signer, trouble: Trouble) -> None:
    no = {"error": {"code": -32000, "message": "missing trie node"}}
    trouble.before = lambda method, params: (
        no if method == "eth_getTransactionCount" and params[1].startswith("0x") else None
    )
    outbox.submit(ann, "rent", TOKEN, minted(ann.address, 1))
    assert outbox.result("rent").gas_used
    assert outbox.entry("rent").stage is Stage.DONE


@pytest.mark.parametrize("estimate", [10**9, 2**24 + 1])
def test_one_wrong_estimate_holds_up_nothing_for_ever(
    home: LocalChain, outbox: Outbox, ann: Signer, trouble: Trouble, estimate: int
) -> None:
    """More than a transaction may ask for is refused by nodes that keep EIP-7825."""
    lies = [estimate]

    def lying(method: str, params: Any) -> Any:
        if method == "eth_sendRawTransaction":
            raw = bytes.fromhex(params[0][2:])
            (gas,) = (entry.gas for entry in outbox.entries() if entry.attempts and entry.newest.raw == raw)
            return {"error": {"code": -32000, "message": "gas limit too high"}} if gas > 2**24 else None
        return {"result": hex(lies.pop())} if method == "eth_estimateGas" and lies else None

    trouble.before = lying
    outbox.submit(ann, "rent", TOKEN, minted(ann.address, 1))
    outbox.submit(ann, "next", TOKEN, minted(ann.address, 2))
    for _ in range(6):
        outbox.step()
        home.mine(4)
    assert [outbox.entry(key).stage for key in ("rent", "next")] == [Stage.DONE, Stage.DONE]


def test_a_pool_s_count_below_the_chain_s_gives_no_used_nonce(
    home: LocalChain, outbox: Outbox, ann: Signer, trouble: Trouble
) -> None:
    for _ in range(3):
        home.send(ann, "TestToken", "mint", ann.address, 1)
    trouble.before = lambda method, params: (
        {"result": "0x1"} if method == "eth_getTransactionCount" and params[1] == "pending" else None
    )
    outbox.submit(ann, "rent", TOKEN, minted(ann.address, 1))
    outbox.step()
    assert outbox.entry("rent").nonce == 3


@pytest.mark.parametrize(
    ("method", "answer"),
    [
        ("eth_maxPriorityFeePerGas", {"result": "-0x1"}),
        ("eth_maxPriorityFeePerGas", {"result": "0x1" + "0" * 64}),
        ("eth_getBalance", {"result": "-0x1"}),
        ("eth_estimateGas", {"result": "-0x1"}),
        ("eth_getTransactionReceipt", {"result": {"blockNumber": None, "blockHash": None, "status": None}}),
    ],
)
def test_nonsense_ends_no_loop(outbox: Outbox, ann: Signer, trouble: Trouble, method: str, answer: object) -> None:
    outbox.submit(ann, "rent", TOKEN, minted(ann.address, 1))
    if method == "eth_getTransactionReceipt":
        outbox.step()
    trouble.before = lambda asked, params: answer if asked == method else None
    outbox._tried()
    trouble.before = lambda asked, params: None
    outbox.step()
    outbox.step()
    assert outbox.entry("rent").stage is Stage.DONE


@pytest.mark.parametrize(
    "lie", [{"transactionHash": "0x" + "13" * 32}, {"blockHash": "0x" + "13" * 32}, {"from": "0x" + "13" * 20}]
)
def test_a_rival_whose_receipt_does_not_fit_is_none(
    home: LocalChain, outbox: Outbox, ann: Signer, trouble: Trouble, lie: dict[str, str]
) -> None:
    overtaken_by_hand(home, outbox, ann, trouble)

    def lying(method: str, params: Any) -> Any:
        answer = trouble.node.handle(method, params) if method == "eth_getTransactionReceipt" else {}
        return {**answer, "result": answer["result"] | lie} if answer.get("result") else None

    trouble.before = lying
    outbox.step()
    assert (outbox.entry("rent").stage, outbox.entry("rent").nonce) == (Stage.UNKNOWN, 0)


def test_a_receipt_of_another_transaction_is_none_of_ours(outbox: Outbox, ann: Signer, trouble: Trouble) -> None:
    outbox.submit(ann, "rent", TOKEN, minted(ann.address, 1))
    outbox.step()

    def elsewhere(method: str, params: Any) -> Any:
        answer = trouble.node.handle(method, params)
        return {**answer, "result": {**answer["result"], "transactionHash": "0x" + "13" * 32}}

    trouble.before = once("eth_getTransactionReceipt", elsewhere)
    outbox.step()
    assert outbox.entry("rent").stage is Stage.UNKNOWN


def test_who_took_a_nonce_is_unknown_while_the_node_can_not_say(
    home: LocalChain, outbox: Outbox, ann: Signer, trouble: Trouble
) -> None:
    overtaken_by_hand(home, outbox, ann, trouble)
    no = {"error": {"code": -32000, "message": "missing trie node"}}
    trouble.before = lambda method, params: no if method == "eth_getBlockByNumber" and params[1] else None
    outbox.step()
    assert outbox.entry("rent").stage is Stage.UNKNOWN

    trouble.before = lambda method, params: None
    assert outbox.result("rent").gas_used
    assert outbox.entry("rent").nonce == 1


def test_our_own_transaction_is_no_rival_though_its_receipt_comes_late(
    home: LocalChain, outbox: Outbox, ann: Signer, trouble: Trouble
) -> None:
    outbox.submit(ann, "rent", TOKEN, minted(ann.address, 1))
    outbox.step()
    trouble.before = once("eth_getTransactionReceipt", lambda method, params: {"result": None})
    outbox.step()
    assert outbox.entry("rent").stage is Stage.UNKNOWN
    outbox.step()
    assert (outbox.entry("rent").stage, home._node.nonce(ann.address)) == (Stage.DONE, 1)


def test_a_receipt_of_a_block_that_is_not_in_the_chain_ends_nothing(
    outbox: Outbox, ann: Signer, trouble: Trouble
) -> None:
    def elsewhere(method: str, params: Any) -> Any:
        answer = trouble.node.handle(method, params)
        return {**answer, "result": {**answer["result"], "blockHash": "0x" + "ab" * 32}}

    outbox.submit(ann, "rent", TOKEN, minted(ann.address, 1))
    outbox.step()
    trouble.before = once("eth_getTransactionReceipt", elsewhere)
    outbox.step()
    assert outbox.entry("rent").stage is Stage.INCLUDED
    outbox.step()
    assert outbox.entry("rent").stage is Stage.DONE
