"""What is sent goes to all nodes: one that keeps it, denies it or estimates wrongly stops and repeats nothing."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chain import Chain, LocalChain, Signer
from chain.errors import NodeUnreachable
from chain.finality import Finality
from chain.keccak import keccak
from chain.outbox import Stage
from chain.testing.trouble import LIMITED, Trouble
from tests.chain.outbox.conftest import TOKEN, minted
from tests.chain.quorum.conftest import Answer, Nodes


@pytest.fixture
def ann(chain: LocalChain) -> Signer:
    signer = Signer.generate()
    chain.fund(signer.address)
    return signer


@pytest.fixture
def agreed(chain: LocalChain, nodes: Nodes) -> Iterator[Chain]:
    with Chain.connect("local", nodes[1], finality=Finality.instant(), quorum=2, patience=1) as agreed:
        yield agreed


@pytest.fixture
def keeping(chain: LocalChain, nodes: Nodes, tmp_path: Path) -> Iterator[Chain]:
    """With an outbox."""
    outbox, final = tmp_path / "outbox.db", Finality.instant()
    with Chain.connect("local", nodes[1], finality=final, quorum=2, outbox=outbox) as keeping:
        yield keeping


def named(raw: str) -> str:
    return "0x" + keccak(bytes.fromhex(raw[2:])).hex()


def denying(trouble: Trouble, why: str) -> Answer:
    """Hands it on, says that it is refused, and knows nothing of it."""

    def before(method: str, params: Any) -> Any:
        if method == "eth_sendRawTransaction":
            trouble.node.handle(method, params)
            return {"error": {"code": -32000, "message": why}}
        return {"result": None} if method == "eth_getTransactionByHash" else None

    return before


def keeping_it(method: str, params: Any) -> Any:
    """Says that it has what nobody else is ever shown."""
    if method == "eth_sendRawTransaction":
        return {"result": named(params[0])}
    return {"result": {"hash": params[0]}} if method == "eth_getTransactionByHash" else None


@pytest.mark.parametrize("where", [0, 1, 2])
@pytest.mark.parametrize("why", ["nonce too low", "txpool is full"])
def test_a_node_that_denies_what_it_handed_on_brings_no_second_payment(
    chain: LocalChain, nodes: Nodes, agreed: Chain, ann: Signer, why: str, where: int
) -> None:
    troubles, _ = nodes
    troubles[where].before = denying(troubles[where], why)
    usdc, shop = chain.token("USDC"), Signer.generate().address
    agreed.transfer(ann, usdc("1"), shop)
    assert chain.balance(usdc, shop) == usdc("1")
    assert chain._node.nonce(ann.address) == 1


def test_without_a_quorum_every_node_is_asked_before_it_is_signed_anew(
    chain: LocalChain, nodes: Nodes, ann: Signer
) -> None:
    troubles, urls = nodes
    troubles[0].before = denying(troubles[0], "nonce too low")
    usdc, shop = chain.token("USDC"), Signer.generate().address
    with Chain.connect("local", urls, patience=1) as client:
        client.transfer(ann, usdc("1"), shop)
    assert chain.balance(usdc, shop) == usdc("1")


def test_what_silent_nodes_may_have_is_not_signed_anew(chain: LocalChain, nodes: Nodes, ann: Signer) -> None:
    troubles, urls = nodes
    troubles[0].before = denying(troubles[0], "nonce too low")
    for trouble in troubles[1:]:
        trouble.before = lambda method, params: LIMITED if method == "eth_getTransactionByHash" else None
    usdc, shop = chain.token("USDC"), Signer.generate().address
    with Chain.connect("local", urls, patience=1) as client:
        client.transfer(ann, usdc("1"), shop)
    assert chain.balance(usdc, shop) == usdc("1")


@pytest.mark.parametrize("where", [0, 1, 2])
def test_a_node_that_keeps_a_transaction_to_itself_holds_up_nothing(
    chain: LocalChain, nodes: Nodes, keeping: Chain, ann: Signer, where: int
) -> None:
    troubles, _ = nodes
    troubles[where].before = keeping_it
    assert keeping.outbox
    keeping.outbox.submit(ann, "rent", TOKEN, minted(ann.address, 1))
    keeping.outbox.step()
    keeping.outbox.step()
    assert keeping.outbox.entry("rent").stage is Stage.DONE
    assert [len(trouble.sent) > 0 for trouble in troubles] == [True] * 3


def test_what_one_node_says_that_it_has_is_sent_again(nodes: Nodes, keeping: Chain, ann: Signer) -> None:
    troubles, _ = nodes
    for trouble in troubles[1:]:
        trouble.before = lambda method, params: (
            {"error": {"code": -32000, "message": "txpool is full"}} if method == "eth_sendRawTransaction" else None
        )
    troubles[0].before = keeping_it
    assert keeping.outbox
    keeping.outbox.submit(ann, "rent", TOKEN, minted(ann.address, 1))
    keeping.outbox.step()
    for trouble in troubles[1:]:
        trouble.before = lambda method, params: None
    keeping.outbox.step()
    keeping.outbox.step()
    assert keeping.outbox.entry("rent").stage is Stage.DONE


def test_refused_is_what_all_refuse_and_unknown_what_one_is_silent_about(
    nodes: Nodes, agreed: Chain, ann: Signer
) -> None:
    troubles, _ = nodes
    full = {"error": {"code": -32000, "message": "txpool is full"}}
    for trouble in troubles:
        trouble.before = lambda method, params: full if method == "eth_sendRawTransaction" else None
    raw = ann.sign_transaction(
        {"to": ann.address, "value": 0, "gas": 21_000, "nonce": 0, "type": 2, "chainId": agreed.chain_id}
        | {"maxFeePerGas": 10**10, "maxPriorityFeePerGas": 0}
    )
    with pytest.raises(Exception, match="txpool is full"):
        agreed._node.send(raw)
    troubles[1].before = lambda method, params: LIMITED if method == "eth_sendRawTransaction" else None
    with pytest.raises(NodeUnreachable):
        agreed._node.send(raw)
    troubles[2].before = lambda method, params: None
    agreed._node.send(raw)


def test_a_wrong_estimate_of_two_nodes_that_answer_is_found_out_later(
    chain: LocalChain, nodes: Nodes, keeping: Chain, ann: Signer
) -> None:
    """The third one rests, so that the higher of two counts."""
    troubles, _ = nodes
    troubles[2].before = lambda method, params: LIMITED
    troubles[0].before = lambda method, params: {"result": hex(10**9)} if method == "eth_estimateGas" else None
    assert keeping.outbox
    keeping.outbox.submit(ann, "rent", TOKEN, minted(ann.address, 1))
    (finding,) = keeping.outbox.step()
    assert (finding.name, keeping.outbox.entry("rent").nonce) == ("refused", None)
    assert "it needs 1000000000 gas, and a block has" in finding.why
    troubles[0].before = lambda method, params: None
    keeping.outbox.step()
    keeping.outbox.step()
    assert keeping.outbox.entry("rent").stage is Stage.DONE
