"""When the answers of two nodes are one and the same: everything that is read from an answer must agree, no more."""

from collections.abc import Mapping, Sequence
from typing import Any

READS = frozenset(
    [
        "eth_call",
        "eth_getBalance",
        "eth_getBlockByHash",
        "eth_getBlockByNumber",
        "eth_getCode",
        "eth_getLogs",
        "eth_getStorageAt",
        "eth_getTransactionCount",
        "eth_getTransactionReceipt",
    ]
)
"""What several nodes can agree on. Of an answer only what everybody compares is handed on."""
MIDDLES = frozenset(["eth_estimateGas", "eth_maxPriorityFeePerGas"])
"""Numbers of which each node has its own idea: the middle one is no liar's alone while most are honest."""
POOL = "eth_getTransactionCount"
"""With `pending` it counts what waits in a node's pool, and is such a number, too."""
TAGS = frozenset(["latest", "pending", "safe", "finalized"])
BLOCK_OF = {"eth_call": 1, "eth_getBalance": 1, "eth_getCode": 1, "eth_getStorageAt": 2, POOL: 1}
"""Which parameter names the block."""
_HEADER = ("number", "hash", "parentHash", "timestamp", "baseFeePerGas", "gasLimit")
_TRANSACTION = ("hash", "from", "to", "nonce", "value", "input")
_LOG = ("address", "topics", "data", "blockNumber", "blockHash", "transactionHash", "logIndex")
_RECEIPT = ("transactionHash", "from", "blockHash", "blockNumber", "status", "gasUsed", "effectiveGasPrice", "l1Fee")
_REVERTED = 3


def said(method: str, answer: Mapping[str, Any]) -> str | None:
    """What a node's JSON-RPC answer says, in one text; None if it refuses. A revert is an answer, too."""
    error = answer.get("error")
    if error is not None:
        reverted = isinstance(error, dict) and (error.get("code") == _REVERTED or error.get("data"))
        return f"revert {_text(error.get('data'))}" if reverted else None
    return _text(read(method, answer.get("result")))


def read(method: str, result: Any) -> Any:
    """The part of a result that anybody looks at: nodes add members of their own, and logs may come in any order."""
    if method.startswith("eth_getBlockBy") and isinstance(result, dict):
        return _members(result, _HEADER) | {"transactions": _transactions(result.get("transactions"))}
    if method == "eth_getTransactionReceipt" and isinstance(result, dict):
        return _members(result, _RECEIPT) | {"logs": _logs(result.get("logs"))}
    return _logs(result) if method == "eth_getLogs" else result


def _transactions(found: Any) -> list[Any]:
    """Nobody looks at mere hashes."""
    whole = isinstance(found, list) and any(isinstance(each, dict) for each in found)
    return [_members(each, _TRANSACTION) if isinstance(each, dict) else each for each in found] if whole else []


def _logs(logs: Any) -> Any:
    """By their place in the chain."""
    if not isinstance(logs, list) or not all(isinstance(log, dict) for log in logs):
        return logs
    return sorted((_members(log, _LOG) for log in logs), key=_place)


def _place(log: Mapping[str, Any]) -> tuple[int, int, str]:
    try:
        return int(log["blockNumber"], 16), int(log["logIndex"], 16), ""
    except (KeyError, TypeError, ValueError):
        return 0, 0, _text(log)


def _members(found: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {name: found[name] for name in names if name in found}


def _text(value: Any) -> str:
    return repr(value).lower()
