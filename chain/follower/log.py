"""A log as the chain has it, which its contract's ABI turns into an event."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chain.units import Address, address


@dataclass(frozen=True, kw_only=True, slots=True)
class Log:
    """`topics` as in the log, up to four of 32 bytes; `index` counts the logs of the block."""

    address: Address
    topics: tuple[bytes, ...]
    data: bytes
    transaction: str
    block: int
    block_hash: str
    index: int

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> "Log":
        """From a node's answer, as web3 gives it."""
        return cls(
            address=address(raw["address"]),
            topics=tuple(bytes(topic) for topic in raw["topics"]),
            data=bytes(raw["data"]),
            transaction="0x" + bytes(raw["transactionHash"]).hex(),
            block=int(raw["blockNumber"]),
            block_hash="0x" + bytes(raw["blockHash"]).hex(),
            index=int(raw["logIndex"]),
        )

    def raw(self) -> dict[str, Any]:
        """The inverse of `of`."""
        return {
            "address": self.address,
            "topics": list(self.topics),
            "data": self.data,
            "transactionHash": bytes.fromhex(self.transaction[2:]),
            "blockNumber": self.block,
            "blockHash": bytes.fromhex(self.block_hash[2:]),
            "logIndex": self.index,
        }
