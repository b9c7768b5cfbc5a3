"""A compiled contract as it is committed under `chain/artifacts/`: using Earnest needs no compiler."""

from functools import cache
from importlib import resources
from typing import Any

import msgspec

from chain.errors import InvalidValue


class ArtifactMissing(InvalidValue):
    """No contract of that name was compiled."""

    says = "no artifact {name}, there are {known}"
    name: str
    known: tuple[str, ...]


class Compiler(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The compiler's version with its commit, and the `settings` of its standard JSON."""

    version: str
    settings: dict[str, Any]


class CodeRange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Bytes of runtime code that the constructor fills in; they differ from chain to chain."""

    start: int
    length: int


class StorageVariable(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One variable or struct member; `offset` counts bytes from the slot's right end, `type` is a key of the layout."""

    label: str
    slot: int
    offset: int
    type: str


class StorageType(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """`bytes` is what one value takes in storage; `base` is an array's element, `members` a struct's."""

    label: str
    encoding: str
    bytes: int
    key: str | None = None
    value: str | None = None
    base: str | None = None
    members: tuple[StorageVariable, ...] = ()


class StorageLayout(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where each state variable lives."""

    storage: tuple[StorageVariable, ...]
    types: dict[str, StorageType]


class Artifact(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """What deploying, calling and verifying one contract needs; `source_hash` is SHA-256 over all its sources."""

    contract_name: str
    source_name: str
    source_hash: str
    compiler: Compiler
    abi: list[dict[str, Any]]
    bytecode: str
    deployed_bytecode: str
    immutable_references: tuple[CodeRange, ...]
    storage_layout: StorageLayout

    @property
    def creation_code(self) -> bytes:
        """To be followed by the encoded constructor arguments."""
        return bytes.fromhex(self.bytecode.removeprefix("0x"))

    @property
    def runtime_code(self) -> bytes:
        """What an address holds after deployment, with immutables zero: compare with `without_immutables`."""
        return bytes.fromhex(self.deployed_bytecode.removeprefix("0x"))

    def without_immutables(self, code: bytes) -> bytes:
        """Code read from a chain with zeros where this contract's immutables stand."""
        masked = bytearray(code)
        for part in self.immutable_references:
            end = min(part.start + part.length, len(masked))
            masked[part.start : end] = bytes(max(end - part.start, 0))
        return bytes(masked)

    def to_json(self) -> bytes:
        """Sorted keys, indented, one newline at the end: the same artifact is always the same bytes."""
        return msgspec.json.format(msgspec.json.encode(self, order="sorted"), indent=2) + b"\n"


def from_json(raw: bytes) -> Artifact:
    """Raises msgspec.ValidationError for anything but an artifact."""
    return msgspec.json.decode(raw, type=Artifact)


def names() -> tuple[str, ...]:
    """The contracts that were compiled, sorted."""
    files = (resources.files("chain") / "artifacts").iterdir()
    return tuple(sorted(file.name.removesuffix(".json") for file in files if file.name.endswith(".json")))


@cache
def load(name: str) -> Artifact:
    """One committed artifact; raises ArtifactMissing."""
    if name not in names():
        raise ArtifactMissing(name=name, known=names())
    return from_json((resources.files("chain") / "artifacts" / f"{name}.json").read_bytes())
