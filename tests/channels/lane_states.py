"""States of a lane that tests begin with."""

from typing import Any

from chain.keccak import keccak
from chain.units import Amount, Seconds, address
from channels import Lane
from channels.lane import LaneBooks
from channels.reserve import Reserve

CONTRACT = address("0x" + "e5" * 20)
NOW: Any = 10_000
HOUR = 3_600
LEAVES = tuple(sorted(keccak(bytes([number])) for number in range(17)))
FIRST = LEAVES[0]


def kept(ceiling: int, time: int, settled: int = 0, *, withdrawn: bool = False) -> Reserve:
    return Reserve(ceiling=Amount(ceiling), settled=Amount(settled), time=Seconds(time), withdrawn=withdrawn)


def at(*, reserves: Any = None, recorded: int = 0, **lane: Any) -> LaneBooks:
    """Epoch 3 of a lane with 100 in it, 30 of them settled; with so much recorded of the first promise."""
    members: dict[str, Any] = {"deposit": 100, "settled": 30, "epoch": 3} | lane
    records = {(3, FIRST): Amount(recorded)} if recorded else {}
    return LaneBooks(lane=Lane(**members), reserves=reserves or {}, records=records)


CLOSING = {"closes_at": NOW + 1}
OVER = {"closes_at": NOW}
ENDED = {"deposit": 0, "settled": 0, "epoch": 4}
NEXT = {"deposit": 500, "settled": 0, "epoch": 4}
RESERVED = {3: kept(80, NOW + 50)}
MOVED = {3: kept(80, NOW + 1, 30, withdrawn=True)}
