import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from benchmarks.gas import channels, duplex, escrow
from benchmarks.gas.table import LIMITS, documented
from benchmarks.gas.world import World

DOCS = Path(__file__).parents[2] / "docs" / "performance.md"


@pytest.fixture(scope="module")
def rows() -> Iterator[dict[str, int]]:
    world = World.start()
    yield escrow.measure(world) | channels.measure(world) | duplex.measure(world)
    world.chain.close()


def test_every_transaction_uses_the_gas_of_the_snapshot(
    rows: dict[str, int], snapshot: Callable[[str, str], None]
) -> None:
    snapshot("gas.json", json.dumps(rows, indent=2, sort_keys=True) + "\n")


def test_no_row_uses_more_than_its_limit(rows: dict[str, int]) -> None:
    assert {key: used for key, used in rows.items() if key in LIMITS and used > LIMITS[key].limit} == {}
    assert set(LIMITS) <= set(rows)


def test_a_batch_costs_a_base_and_so_much_a_row(rows: dict[str, int]) -> None:
    base, row = rows["channel.claim_many.base"], rows["channel.claim_many.row"]
    for count in (10, 100):
        assert rows[f"channel.claim{count}.erc20"] == pytest.approx(base + count * row, rel=0.002)


def test_the_documented_table_is_the_snapshot() -> None:
    rows = json.loads((Path(__file__).parent / "gas.json").read_text("utf-8"))
    page = documented(DOCS.read_text("utf-8"), rows)
    if os.environ.get("EARNEST_SNAPSHOTS") == "write":
        DOCS.write_text(page, "utf-8")

    assert page == DOCS.read_text("utf-8"), "docs/performance.md is out of date: make snapshots"
