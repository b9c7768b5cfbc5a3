"""Nodes that answer garbage, contracts that answer traps."""

from contextlib import suppress

import pytest
from eth_abi.abi import encode

from chain import Chain, LocalChain, Signer, address
from chain.errors import EarnestError, NodeRefused, Reverted
from chain.keccak import keccak
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
