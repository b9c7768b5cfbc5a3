"""What was deployed where, as `<chain id>.json` in a folder of such records."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from chain.errors import InvalidValue, Malformed, StoreError
from chain.typed_data import unhex
from chain.units import Address, Hash32, address, hash32, uint


class RecordUnreadable(StoreError):
    """A record that is there can't be read: nothing is written over it."""

    says = "{path} is no record of a deployment: {why}"
    path: str
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Deployed:
    """One contract; `transaction` and `block` are None where somebody else had deployed it before."""

    address: Address
    init_code_hash: Hash32
    transaction: str | None = None
    block: int | None = None

    def to_json(self) -> dict[str, Any]:
        """Bytes as 0x hex."""
        return {
            "address": self.address,
            "initCodeHash": "0x" + self.init_code_hash.hex(),
            "transaction": self.transaction,
            "block": self.block,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Deployed":
        """The strict inverse. Raises `InvalidValue`."""
        if set(data) != {"address", "initCodeHash", "transaction", "block"}:
            raise Malformed("contract", "its members are not address, initCodeHash, transaction, block")
        transaction, block = data["transaction"], data["block"]
        return cls(
            address=address(data["address"]),
            init_code_hash=hash32("initCodeHash", unhex("initCodeHash", data["initCodeHash"])),
            transaction=None if transaction is None else "0x" + unhex("transaction", transaction).hex(),
            block=None if block is None else uint("block", block, 64),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """The contracts of one chain by name, in the order of their deployment."""

    chain_id: int
    contracts: Mapping[str, Deployed] = field(default_factory=dict)

    def adding(self, name: str, deployed: Deployed) -> "Record":
        """With one more contract; what is known of the same deployment is not forgotten."""
        known = self.contracts.get(name)
        if known and known.address == deployed.address and deployed.transaction is None:
            deployed = known
        return Record(chain_id=self.chain_id, contracts={**self.contracts, name: deployed})

    def to_json(self) -> dict[str, Any]:
        """As it is kept."""
        contracts = {name: deployed.to_json() for name, deployed in self.contracts.items()}
        return {"chainId": self.chain_id, "contracts": contracts}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Record":
        """The strict inverse. Raises `InvalidValue`."""
        if set(data) != {"chainId", "contracts"} or not isinstance(data["contracts"], Mapping):
            raise Malformed("record", "its members are not chainId, contracts")
        contracts = {name: Deployed.from_json(deployed) for name, deployed in data["contracts"].items()}
        return cls(chain_id=uint("chainId", data["chainId"], 64), contracts=contracts)


def path_of(folder: Path, chain_id: int) -> Path:
    """Where the record of a chain is kept."""
    return folder / f"{chain_id}.json"


def load(folder: Path, chain_id: int) -> Record:
    """The record of a chain, empty where none is kept. Raises `RecordUnreadable`."""
    path = path_of(folder, chain_id)
    try:
        record = Record.from_json(json.loads(path.read_text("utf-8")))
    except FileNotFoundError:
        return Record(chain_id=chain_id)
    except (ValueError, TypeError, AttributeError, InvalidValue) as error:
        raise RecordUnreadable(str(path), str(error)) from None
    if record.chain_id != chain_id:
        raise RecordUnreadable(str(path), f"it is of chain {record.chain_id}")
    return record


def save(record: Record, folder: Path) -> None:
    """All of it or nothing: a crash leaves the old record or the new one."""
    folder.mkdir(parents=True, exist_ok=True)
    path = path_of(folder, record.chain_id)
    draft = path.with_suffix(".new")
    with draft.open("w", encoding="utf-8") as file:
        file.write(json.dumps(record.to_json(), indent=2) + "\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
