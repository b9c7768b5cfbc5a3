"""What an outbox asks of an account: who took a nonce, how many are used, what to bid."""

from collections.abc import Callable
from typing import Any

import pytest

from chain import LocalChain, Signer
from chain.contracts import interface
from chain.errors import NodeRefused, NodesDisagree, NodeUnreachable
from chain.refusals import ERC20InsufficientAllowance
from chain.testing.trouble import LIMITED, Trouble
from tests.chain.quorum.conftest import Answer, Nodes, altered, view

RIVAL = {"hash": "0x" + "13" * 32, "value": "0x0", "input": "0x"}


def rival(trouble: Trouble) -> Answer:
    """A node that tells of another transaction at each nonce of an account, in the very blocks that there are."""

    def before(method: str, params: Any) -> Any:
        if method == "eth_getTransactionReceipt" and params[0] == RIVAL["hash"]:
            block = trouble.node.handle("eth_getBlockByNumber", ["latest", False])["result"]
            return {"result": {"transactionHash": params[0], "blockHash": block["hash"], "status": "0x1"}}
        if method == "eth_getBlockByNumber" and params[1]:
            block = trouble.node.handle(method, params)["result"]
            return {"result": block | {"transactions": [each | RIVAL for each in block["transactions"]]}}
        return None

    return before


@pytest.mark.parametrize("where", [0, 1, 2])
def test_one_node_can_not_name_a_transaction_that_there_is_not(chain: LocalChain, nodes: Nodes, where: int) -> None:
    """Who believes in it takes a nonce for used by others, and pays under the next one, too."""
    troubles, urls = nodes
    ann = Signer.generate()
    chain.fund(ann.address)
    sent = chain.transfer(ann, chain.native("1"), Signer.generate().address)
    troubles[where].before = rival(troubles[where])
    with view(urls) as agreed:
        (found,) = agreed._node.transactions(sent.block_number)
        assert "0x" + bytes(found["hash"]).hex() == sent.transaction
    with view([urls[where], urls[where - 1]]) as agreed, pytest.raises(NodesDisagree):
        agreed._node.transactions(sent.block_number)


def counted(said: Any, at: str | None = None) -> Callable[[Trouble], Answer]:
    """A node that tells of other counts of an account's nonces."""
    return lambda trouble: (
        lambda method, params: (
            {"result": said} if method == "eth_getTransactionCount" and at in (None, params[1]) else None
        )
    )


@pytest.mark.parametrize("where", [0, 1, 2])
@pytest.mark.parametrize("said", ["0x0", "0x1000"])
def test_one_node_can_not_say_how_many_nonces_are_used(chain: LocalChain, nodes: Nodes, said: str, where: int) -> None:
    troubles, urls = nodes
    ann = Signer.generate()
    chain.fund(ann.address)
    chain.transfer(ann, chain.native("1"), Signer.generate().address)
    troubles[where].before = counted(said)(troubles[where])
    newest = chain._node.block("latest").number
    with view(urls) as agreed:
        assert [agreed._node.nonce(ann.address, at) for at in (newest, newest - 1, "latest", "pending")] == [1, 0, 1, 1]


@pytest.mark.parametrize(
    ("said", "middle"),
    [
        (("0x5", "0x7", "0x9"), 7),
        (("0x0", "0x7", "0x9"), 7),
        (("0x5", "0x7", "0xffff"), 7),
        (("0x5", "0x5", "0xff"), 5),
    ],
)
@pytest.mark.parametrize("ask", ["tip", "gas", "pool"])
def test_of_what_each_node_has_its_own_idea_the_middle_one_counts(
    nodes: Nodes, ask: str, said: tuple[str, ...], middle: int
) -> None:
    assert estimated(nodes, ask, said) == middle


@pytest.mark.parametrize(("ask", "number"), [("tip", 9), ("gas", 9), ("pool", 5)])
def test_of_two_the_higher_bid_and_the_lower_nonce_count(nodes: Nodes, ask: str, number: int) -> None:
    """A bound of its own keeps the tip from being too high; a nonce too high would leave a gap."""
    assert estimated(nodes, ask, ("0x5", "0x9")) == estimated(nodes, ask, ("0x9", "0x5")) == number


@pytest.mark.parametrize("ask", ["tip", "gas", "pool"])
@pytest.mark.parametrize("said", [("0x5", None), ("0x5", "many"), ("0x5",)])
def test_one_idea_is_not_enough(nodes: Nodes, ask: str, said: tuple[str | None, ...]) -> None:
    with pytest.raises((NodesDisagree, NodeUnreachable, NodeRefused)):
        estimated(nodes, ask, said)


METHODS = {"tip": "eth_maxPriorityFeePerGas", "gas": "eth_estimateGas", "pool": "eth_getTransactionCount"}


def estimated(nodes: Nodes, ask: str, said: tuple[str | None, ...]) -> int:
    troubles, urls = nodes
    refusal = {"error": {"code": -32000, "message": "no idea"}}

    def telling(number: str | None) -> Answer:
        return lambda method, params: (
            (refusal if number is None else {"result": number}) if method == METHODS[ask] else None
        )

    for trouble, number in zip(troubles, said, strict=False):
        trouble.before = telling(number)
    for trouble in troubles[len(said) :]:
        trouble.before = lambda method, params: LIMITED
    ann = Signer.generate().address
    with view(urls) as agreed:
        if ask == "tip":
            return agreed._node.tip()
        return agreed._node.nonce(ann) if ask == "pool" else agreed._node.gas({"from": ann, "to": ann}, "pending")


def test_a_revert_counts_once_enough_nodes_say_so(chain: LocalChain, nodes: Nodes) -> None:
    troubles, urls = nodes
    troubles[0].before = altered("eth_estimateGas", lambda gas: "0x5208")(troubles[0])
    ann = Signer.generate()
    data = interface("TestToken").function("transferFrom", 3).call_data([chain.address_of("Escrow"), ann.address, 1])
    with view(urls) as agreed, pytest.raises(ERC20InsufficientAllowance):
        agreed.gas(ann.address, chain.token("USDC").address, data)
