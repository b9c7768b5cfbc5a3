from collections.abc import Callable
from typing import Any

import pytest

from chain.create2 import PROXY, PROXY_CODE
from chain.testing.embedded import EmbeddedNode

Ask = Callable[..., Any]
PLACE, CALLER = "0x" + "ab" * 20, "0x" + "cd" * 20
# Keeps the whole of its gas but a quarter for a call that needs 200,000: `if (gas() < 200000) revert`.
GREEDY = bytes.fromhex("62030d405a10600b57005b5f5ffd")


@pytest.fixture(scope="module")
def ask() -> Ask:
    node = EmbeddedNode()

    def ask(method: str, *params: Any) -> Any:
        answer: Any = node.handle(method, params)
        assert "error" not in answer, answer
        return answer["result"]

    node.handle("anvil_setBalance", [CALLER, hex(10**18)])
    return ask


def test_numbers_and_bytes_are_hex_as_from_any_node(ask: Ask) -> None:
    block = ask("eth_getBlockByNumber", "latest", False)

    assert ask("eth_chainId") == "0x7a69"
    assert ask("net_version") == "31337"
    assert ask("eth_blockNumber") == block["number"] == "0x1"
    assert len(block["hash"]) == 66
    assert int(block["baseFeePerGas"], 16) > 0
    assert ask("eth_getBalance", CALLER, "latest") == hex(10**18)
    assert ask("eth_getCode", PROXY, "latest") == "0x" + PROXY_CODE.hex()


def test_an_estimate_suffices_where_a_contract_asks_for_much(ask: Ask) -> None:
    ask("anvil_setCode", PLACE, "0x" + GREEDY.hex())
    call = {"from": CALLER, "to": PLACE}
    estimate = ask("eth_estimateGas", call)

    assert 221_000 < int(estimate, 16) < 1_000_000
    assert ask("eth_call", {**call, "gas": estimate}) == "0x"


def test_an_estimate_is_near_where_a_contract_asks_for_nothing_special(ask: Ask) -> None:
    assert 21_000 <= int(ask("eth_estimateGas", {"from": CALLER, "to": CALLER, "value": "0x1"}), 16) < 25_000


def test_calls_are_free_and_change_nothing(ask: Ask) -> None:
    poor = "0x" + "ef" * 20
    ask("eth_call", {"from": poor, "to": PROXY, "data": "0x" + "00" * 32 + "6001", "gasPrice": "0x1"}, "latest")

    assert ask("eth_getTransactionCount", poor, "latest") == "0x0"
    assert ask("eth_getTransactionCount", PROXY, "latest") == "0x1"


def test_what_a_block_knew_can_be_asked_later(ask: Ask) -> None:
    before = ask("eth_blockNumber")
    ask("anvil_setCode", PLACE, "0x60015f5260205ff3")

    assert ask("eth_call", {"from": CALLER, "to": PLACE}, "latest")[-1] == "1"
    assert ask("eth_getCode", PLACE, before) != "0x60015f5260205ff3"
    assert ask("eth_call", {"from": CALLER, "to": PLACE}, "earliest") == "0x"


def test_what_nobody_has_is_null(ask: Ask) -> None:
    assert ask("eth_getTransactionReceipt", "0x" + "01" * 32) is None
    assert ask("eth_getTransactionByHash", "0x" + "01" * 32) is None
    assert ask("eth_getBlockByNumber", "0xffff", False) is None


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("eth_sendRawTransaction", ["0x1234"]),
        ("eth_sendRawTransaction", ["zz"]),
        ("eth_call", [{"from": "0x12", "to": PLACE}]),
        ("eth_call", [{"from": CALLER, "to": PLACE, "value": hex(10**30)}]),
        ("eth_foo", []),
    ],
)
def test_refusals_are_answers(method: str, params: list[Any]) -> None:
    answer: Any = EmbeddedNode().handle(method, params)

    assert answer["error"]["code"] < 0
    assert answer["error"]["message"]
