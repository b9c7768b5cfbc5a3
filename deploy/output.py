"""The compiler's answer as an artifact, cleared of numbers that depend on which other sources were compiled."""

import hashlib
import re
from collections.abc import Mapping
from typing import Any

import msgspec

from chain.artifact import Artifact, CodeRange, Compiler, StorageLayout
from deploy.survey import Target

_WANTED = (
    "abi",
    "evm.bytecode.object",
    "evm.deployedBytecode.object",
    "evm.deployedBytecode.immutableReferences",
    "storageLayout",
)
# A type's name carries its syntax tree's number; an array's length also follows a parenthesis, and stays.
_TREE_NUMBER = re.compile(r"(t_(?:contract|enum|struct|userDefinedValueType)\([^()]*\))\d+")


def selection(target: Target) -> dict[str, Any]:
    """Code only for the target: what it imports is not generated on its own."""
    return {"outputSelection": {target.source: {target.contract: list(_WANTED)}}}


def artifact_of(target: Target, answer: Mapping[str, Any], version: str, settings: dict[str, Any]) -> Artifact:
    """The artifact of `target` in solc's standard JSON `answer`."""
    contract = answer["contracts"][target.source][target.contract]
    code = contract["evm"]
    return Artifact(
        contract_name=target.contract,
        source_name=target.source,
        source_hash=_source_hash(target),
        compiler=Compiler(version=version, settings=settings),
        abi=contract["abi"],
        bytecode="0x" + code["bytecode"]["object"],
        deployed_bytecode="0x" + code["deployedBytecode"]["object"],
        immutable_references=_immutables(code["deployedBytecode"]["immutableReferences"]),
        storage_layout=_layout(contract["storageLayout"]),
    )


def _source_hash(target: Target) -> str:
    digest = hashlib.sha256()
    for name, source in sorted(target.sources.items()):
        for text in (name, source["content"]):
            raw = text.encode()
            # Lengths in between: else a name's end could be read as a text's start.
            digest.update(len(raw).to_bytes(8, "big") + raw)
    return "0x" + digest.hexdigest()


def _immutables(references: Mapping[str, list[dict[str, int]]]) -> tuple[CodeRange, ...]:
    places = sorted((place["start"], place["length"]) for group in references.values() for place in group)
    return tuple(CodeRange(start=start, length=length) for start, length in places)


def _layout(raw: Mapping[str, Any]) -> StorageLayout:
    layout = {
        "storage": [_variable(variable) for variable in raw["storage"]],
        "types": {_name(key): _type(value) for key, value in (raw["types"] or {}).items()},
    }
    return msgspec.convert(layout, StorageLayout, strict=False)


def _variable(raw: Mapping[str, Any]) -> dict[str, Any]:
    return {"label": raw["label"], "slot": raw["slot"], "offset": raw["offset"], "type": _name(raw["type"])}


def _type(raw: Mapping[str, Any]) -> dict[str, Any]:
    links = {key: _name(raw[key]) for key in ("key", "value", "base") if key in raw}
    members = {"members": [_variable(member) for member in raw["members"]]} if "members" in raw else {}
    return {"label": raw["label"], "encoding": raw["encoding"], "bytes": raw["numberOfBytes"], **links, **members}


def _name(type_name: str) -> str:
    return _TREE_NUMBER.sub(r"\1", type_name)
