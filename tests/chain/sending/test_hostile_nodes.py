"""Nodes that answer garbage, contracts that answer traps."""

from contextlib import suppress
from typing import Any

import pytest
from eth_abi.abi import encode

from chain import Chain, LocalChain, Signer, address
from chain.errors import EarnestError, NodeRefused, NotSent, Reverted
from chain.keccak import keccak
from chain.outbox.fees import GWEI, Fees
from chain.testing.serve import Server
from chain.testing.trouble import Trouble

PLACE = address("0x" + "ab" * 20)

GARBAGE: list[object] = [None, "zz", "0x", {}, [], 5, {"number": "one"}]


@pytest.mark.parametrize("result", GARBAGE, ids=str)
@pytest.mark.parametrize(
    "method", ["eth_estimateGas", "eth_getBlockByNumber", "eth_getTransactionCount", "eth_getBalance", "eth_getLogs"]
)
def test_a_node_that_answers_garbage_is_typed_and_nothing_is_sent(
    client: Chain, ann: Signer, trouble: Trouble, method: str, result: object
) -> None:
    client.now()
    trouble.before = lambda asked, params: {"result": result} if asked == method else None

    with suppress(EarnestError):
        client.send(ann, "TestToken", "mint", ann.address, 1)
    with suppress(EarnestError):
        client.balance(client.native, ann.address)
    with suppress(EarnestError):
        client.events("TestToken")


@pytest.mark.parametrize("error", ["no", 5, [], {"message": "no"}, {"code": "x", "message": "no"}, {"code": -1}])
def test_a_refusal_of_any_shape_is_typed(client: Chain, trouble: Trouble, error: object) -> None:
    client.now()
    trouble.before = lambda asked, params: {"error": error}

    with pytest.raises(NodeRefused):
        client.now()
    with pytest.raises(NodeRefused):
        client._node.ask("eth_blockNumber")


def test_a_lookup_of_an_offchain_url_is_never_followed(home: LocalChain, ann: Signer) -> None:
    """EIP-3668: the contract asks for a URL of its choice; it is a revert like any other."""
    lookup = keccak(b"OffchainLookup(address,string[],bytes,bytes4,bytes)")[:4]
    facts = encode(
        ["address", "string[]", "bytes", "bytes4", "bytes"],
        [PLACE, ["https://127.0.0.1:1/{sender}/{data}"], b"\x01", b"\x02" * 4, b"\x03"],
    )
    revert = lookup + facts
    home.set_code(PLACE, bytes.fromhex(f"61{len(revert):04x}600c5f3961{len(revert):04x}5ffd") + revert)

    with pytest.raises(Reverted, match="unknown error 0x556f1830") as caught:
        home.call("TestToken", "decimals", at=PLACE)
    assert caught.value.data == revert


@pytest.mark.parametrize(
    ("tip", "bid"), [(7, 7), (10**12 // 2, 10**12 // 2), (10**12 // 2 + 1, 10**12 // 2), (10**30, 10**12 // 2)]
)
def test_a_node_that_wants_a_high_tip_gets_no_more_than_half_of_the_network_s_bound(
    client: Chain, ann: Signer, trouble: Trouble, tip: int, bid: int
) -> None:
    trouble.before = lambda method, params: {"result": hex(tip)} if method == "eth_maxPriorityFeePerGas" else None
    client.send(ann, "TestToken", "mint", ann.address, 1)
    (raw,) = trouble.sent
    sent = trouble.node.handle("eth_getTransactionByHash", ["0x" + keccak(bytes.fromhex(raw[2:])).hex()])["result"]
    assert int(sent["maxPriorityFeePerGas"], 16) == bid


@pytest.mark.parametrize("above", [0, 1])
def test_a_base_fee_above_the_bound_is_said_and_nothing_is_sent(
    home: LocalChain, ann: Signer, trouble: Trouble, above: int
) -> None:
    most, server = 20 * GWEI, Server(trouble.handle)

    def dear(method: str, params: Any) -> Any:
        answer = trouble.node.handle(method, params) if method == "eth_getBlockByNumber" else None
        return answer and {**answer, "result": answer["result"] | {"baseFeePerGas": hex(most + above)}}

    with Chain.connect("local", [server.url], fees=Fees(max_fee=most)) as client:
        trouble.before = dear
        if above:
            with pytest.raises(NotSent, match=f"the base fee is {most + 1} wei, and {most} is the most"):
                client.send(ann, "TestToken", "mint", ann.address, 1)
        else:
            client.send(ann, "TestToken", "mint", ann.address, 1)
    server.close()
    assert len(trouble.sent) == 1 - above
