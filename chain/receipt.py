"""What a transaction did: values read from its receipt, ready to be shown or kept as JSON."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from chain.contracts import interface
from chain.errors import Malformed
from chain.money import Money, Token
from chain.units import Address, address


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """A log of a contract that we know; `args` have the ABI's names and types, addresses checksummed."""

    contract: str
    name: str
    args: Mapping[str, Any]
    address: Address
    transaction: str
    block: int
    block_hash: str
    log_index: int

    def to_json(self) -> dict[str, Any]:
        """Numbers of the chain as decimal strings, bytes as 0x hex."""
        return {
            "contract": self.contract,
            "name": self.name,
            "args": _json(self.args),
            "address": self.address,
            "transaction": self.transaction,
            "block": self.block,
            "blockHash": self.block_hash,
            "logIndex": self.log_index,
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Receipt:
    """An included transaction; `fee` is all that its sender paid the network, an L2's data fee with it."""

    transaction: str
    block_number: int
    block_hash: str
    gas_used: int
    fee: Money
    events: tuple[Event, ...]

    def event(self, name: str) -> Event:
        """The one event of this name. Raises `Malformed` if there is none, or more than one."""
        found = [event for event in self.events if event.name == name]
        if len(found) != 1:
            raise Malformed("receipt", f"it has {len(found)} {name} events, not one")
        return found[0]

    def to_json(self) -> dict[str, Any]:
        """Numbers of the chain as decimal strings, bytes as 0x hex."""
        return {
            "transaction": self.transaction,
            "blockNumber": self.block_number,
            "blockHash": self.block_hash,
            "gasUsed": self.gas_used,
            "fee": self.fee.to_json(),
            "events": [event.to_json() for event in self.events],
        }


def receipt_of(raw: Mapping[str, Any], native: Token, names: Mapping[Address, str]) -> Receipt:
    """From a node's receipt; logs of addresses that are not in `names` are left out."""
    data_fee = raw.get("l1Fee") or 0
    fee = raw["gasUsed"] * raw["effectiveGasPrice"] + (int(data_fee, 16) if isinstance(data_fee, str) else data_fee)
    return Receipt(
        transaction="0x" + bytes(raw["transactionHash"]).hex(),
        block_number=raw["blockNumber"],
        block_hash="0x" + bytes(raw["blockHash"]).hex(),
        gas_used=raw["gasUsed"],
        fee=native.units(fee),
        events=tuple(events_of(raw["logs"], names)),
    )


def events_of(logs: Iterable[Mapping[str, Any]], names: Mapping[Address, str]) -> Iterable[Event]:
    """The logs of the contracts in `names`, by their ABI; others, and what the ABI doesn't know, are left out."""
    for log in logs:
        contract = names.get(address(log["address"]))
        topics = [bytes(topic) for topic in log["topics"]]
        entry = interface(contract).event_in(topics) if contract else None
        if contract is None or entry is None:
            continue
        yield Event(
            contract=contract,
            name=entry.name,
            args=entry.arguments(topics, bytes(log["data"])),
            address=address(log["address"]),
            transaction="0x" + bytes(log["transactionHash"]).hex(),
            block=log["blockNumber"],
            block_hash="0x" + bytes(log["blockHash"]).hex(),
            log_index=log["logIndex"],
        )


def _json(value: Any) -> Any:
    if isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        return str(value)
    if isinstance(value, bytes):
        return "0x" + value.hex()
    if isinstance(value, Mapping):
        return {name: _json(item) for name, item in value.items()}
    return [_json(item) for item in value]
