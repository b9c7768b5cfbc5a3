"""The head of a block, and a moment of a local chain to come back to."""

from dataclasses import dataclass

from chain.units import Seconds


@dataclass(frozen=True, slots=True)
class Block:
    """`base_fee` in wei a unit of gas, of which all transactions may take `gas_limit`.

    `hash` and `parent` with 0x, of which a pending block has no hash yet.
    """

    number: int
    time: Seconds
    base_fee: int
    gas_limit: int
    hash: str
    parent: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """`id` is the node's; `next_time` is the second that the next block had then."""

    id: str
    next_time: Seconds
