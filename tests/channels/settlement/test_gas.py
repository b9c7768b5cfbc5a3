import json
from pathlib import Path

import pytest

from channels.settlement import gas

ROWS = json.loads((Path(__file__).parents[2] / "snapshots" / "gas.json").read_text("utf-8"))


@pytest.mark.parametrize(
    ("ours", "row"),
    [
        (gas.BATCH, "channel.claim_many.base"),
        (gas.ROW, "channel.claim_many.row"),
        (gas.CLAIM_PROMISED, "channel.claim_promised.erc20"),
        (gas.RECORD, "channel.record.ticks256"),
    ],
)
def test_what_the_planner_reckons_with_is_what_was_measured(ours: int, row: str) -> None:
    assert ours == ROWS[row]


def test_one_claim_alone_costs_no_more_than_a_batch_of_one() -> None:
    assert 0 <= gas.BATCH + gas.ROW - ROWS["channel.claim.erc20"] <= 1_000
