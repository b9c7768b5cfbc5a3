"""ERC-7739: a message nested in `TypedDataSign`, so that an owner of several wallets signs for exactly one of them.

A wallet's software shows the whole message; the wallet's contract gets the signature with what it needs to rebuild it.
"""

import re
from typing import Any

from chain.keccak import keccak
from chain.typed_data import Domain, TypedData
from chain.units import NO_HASH, Address, Hash32

_NAME, _VERSION = "Earnest", "1"
_ACCOUNT = "string name,string version,uint256 chainId,address verifyingContract,bytes32 salt"
_STRUCT = re.compile(r"(\w+)\(([^)]*)\)")


def digest(app: Domain, wallet: Address, message: TypedData) -> Hash32:
    """What an owner of `wallet` signs instead of `app.digest(message)`; the wallet's own domain is one of Earnest's."""
    type_hash = keccak(_nested_type(type(message)).encode())
    account = keccak(_NAME.encode()) + keccak(_VERSION.encode()) + app.chain_id.to_bytes(32, "big")
    place = bytes(12) + bytes.fromhex(wallet[2:])
    nested = keccak(type_hash + message.struct_hash() + account + place + NO_HASH)
    return keccak(b"\x19\x01" + app.separator + nested)


def wrapped(app: Domain, message: TypedData, signature: bytes) -> bytes:
    """What the wallet's contract is shown: the owners' signature, then how to rebuild what they signed."""
    description = _description(type(message)).encode()
    return signature + app.separator + message.struct_hash() + description + len(description).to_bytes(2, "big")


def to_sign(app: Domain, wallet: Address, message: TypedData) -> dict[str, Any]:
    """The whole typed data, as `eth_signTypedData_v4` takes it."""
    place = {"name": _NAME, "version": _VERSION, "chainId": app.chain_id, "verifyingContract": app.contract}
    account = place | {"verifyingContract": wallet, "salt": "0x" + NO_HASH.hex()}
    domain_type = _ACCOUNT.removesuffix(",bytes32 salt")
    return {
        "types": {
            name: [dict(zip(("type", "name"), member.split(" "), strict=True)) for member in members.split(",")]
            for name, members in [*_structs(_nested_type(type(message))), ("EIP712Domain", domain_type)]
        },
        "primaryType": "TypedDataSign",
        "domain": place,
        "message": {"contents": message.to_json()} | account,
    }


def _nested_type(kind: type[TypedData]) -> str:
    return f"TypedDataSign({_name(kind)} contents,{_ACCOUNT}){_contents_type(kind)}"


def _contents_type(kind: type[TypedData]) -> str:
    """The message's own struct among those it holds: EIP-712 sorts all that `TypedDataSign` refers to."""
    return "".join(f"{name}({members})" for name, members in sorted(_structs(kind.type_string)))


def _description(kind: type[TypedData]) -> str:
    """The explicit mode of ERC-7739 where the message's own struct is not the first."""
    name, contents_type = _name(kind), _contents_type(kind)
    return contents_type if contents_type.startswith(f"{name}(") else contents_type + name


def _name(kind: type[TypedData]) -> str:
    return kind.type_string[: kind.type_string.index("(")]


def _structs(type_string: str) -> list[tuple[str, str]]:
    return _STRUCT.findall(type_string)
