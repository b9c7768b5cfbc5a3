"""What a payment costs on chain, the more of them a channel carries."""

import json
from collections.abc import Mapping
from pathlib import Path

from benchmarks.gas.world import PLAIN, World

PAYMENTS = tuple(10**power for power in range(7))
_TOGETHER = 100
_X402 = {"deposit": 81_933, "claim and settle": 73_980, "claim 100 and settle": 2_189_436}
"""The official contract, measured as our rows are (docs/performance.md); its rest stays in the channel."""
_SNAPSHOT = Path(__file__).parents[2] / "tests/snapshots/gas.json"


def plain_transfer(world: World) -> int:
    """The gas of a transfer between two who hold the token already."""
    world.gas(world.payer, PLAIN, "transfer", world.payee.address, 1_000)
    return world.gas(world.payer, PLAIN, "transfer", world.payee.address, 1_000)


def curves(transfer: int, rows: Mapping[str, int] | None = None) -> dict[str, dict[int, float]]:
    """Gas a payment by the number of payments; `rows` are by default the committed ones."""
    used = json.loads(_SNAPSHOT.read_text("utf-8")) if rows is None else rows
    opened, deposited = used["channel.open.erc20"], _X402["deposit"]
    whole = {
        "Earnest, opened and closed": opened + used["channel.close.erc20"],
        "Earnest, claimed with 99 others": opened + used["channel.claim100.erc20"] / _TOGETHER,
        "x402 batch settlement": deposited + _X402["claim and settle"],
        "x402, claimed with 99 others": deposited + _X402["claim 100 and settle"] / _TOGETHER,
    }
    a_payment = {name: {count: gas / count for count in PAYMENTS} for name, gas in whole.items()}
    return {"a transfer each": dict.fromkeys(PAYMENTS, float(transfer))} | a_payment
