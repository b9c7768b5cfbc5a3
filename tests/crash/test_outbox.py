"""The harness on a small scale; `python -m tests.crash.outbox` is the large one."""

import random
from pathlib import Path

import pytest

from chain import Chain
from tests.crash.outbox import OutboxCampaign


@pytest.mark.anvil
def test_each_intent_has_one_effect_whatever_befalls_its_processes_and_transactions(
    tmp_path: Path, chance: random.Random
) -> None:
    with Chain.local("anvil") as chain:
        campaign = OutboxCampaign(chain, chain.serve(), tmp_path / "outbox.db", 60, chance)
        campaign.run(10, seconds=600)
        campaign.check()
    assert campaign.kills == 10
    assert campaign.trouble.happened.total() > 10
