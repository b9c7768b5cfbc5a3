"""From revert data to the typed error of the same name, whichever node or library brought it."""

import ast
import re
from functools import cache
from typing import Any

from chain import artifact
from chain.abi import Entry, Interface
from chain.errors import EarnestError, Malformed, Reverted

_PANICS = {
    0x00: "a compiler panic",
    0x01: "an assertion failed",
    0x11: "arithmetic overflow",
    0x12: "division by zero",
    0x21: "no such enum member",
    0x22: "a broken storage byte array",
    0x31: "pop from an empty array",
    0x32: "index out of bounds",
    0x41: "out of memory",
    0x51: "a call to no function",
}
_STANDARD = [
    {"type": "error", "name": "Error", "inputs": [{"name": "reason", "type": "string"}]},
    {"type": "error", "name": "Panic", "inputs": [{"name": "code", "type": "uint256"}]},
]


def error_of(data: bytes) -> EarnestError:
    """The error that `data` encodes: the leaf of its name with its facts in the contract's order, or `Reverted`."""
    entry = _errors().get(data[:4])
    if entry is None:
        return Reverted(f"unknown error 0x{data[:4].hex()}" if data else "without a reason", data)
    try:
        facts = entry.facts(data[4:])
    except Malformed:
        return Reverted(f"{entry.name} with unreadable facts", data)
    leaf = EarnestError.by_name.get(entry.name)
    return leaf(*facts) if leaf else Reverted(_sentence(entry, facts), data)


def error_from(exception: Exception) -> EarnestError:
    """The error behind what web3 or eth-tester raised for a failed call."""
    return error_of(data_in(exception))


def data_in(exception: Exception) -> bytes:
    """The revert data that an exception of web3 (`.data`, hex) or eth-tester (its first argument) carries."""
    for place in (getattr(exception, "data", None), *exception.args):
        if isinstance(place, Exception):
            return data_in(place)
        data = _bytes(place)
        if data is not None:
            return data
    return b""


def _bytes(value: Any) -> bytes | None:
    """Nodes answer hex, some in a dict of one transaction; eth-tester answers the `repr` of bytes in a sentence."""
    if isinstance(value, dict):
        return next((found for found in map(_bytes, value.values()) if found is not None), None)
    if isinstance(value, bytes):
        return value
    if not isinstance(value, str):
        return None
    if hexadecimal := re.search(r"0x((?:[0-9a-fA-F]{2})*)$", value):
        return bytes.fromhex(hexadecimal[1])
    literal = re.search(r"""b(['"]).*\1$""", value, re.DOTALL)
    return bytes(ast.literal_eval(literal[0])) if literal else None


@cache
def _errors() -> dict[bytes, Entry]:
    table = dict(Interface("Solidity", _STANDARD).errors)
    for name in artifact.names():
        table |= Interface(name, artifact.load(name).abi).errors
    return table


def _sentence(entry: Entry, facts: tuple[Any, ...]) -> str:
    if entry.name == "Error":
        return str(facts[0])
    if entry.name == "Panic":
        return f"panic 0x{facts[0]:02x}: {_PANICS.get(facts[0], 'unknown')}"
    return f"{entry.name}({', '.join(map(str, facts))})"
