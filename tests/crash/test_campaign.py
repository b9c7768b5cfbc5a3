"""The harness on a small scale; `python -m tests.crash.run` is the large one."""

import random
from pathlib import Path

import pytest

from tests.crash.campaign import Campaign
from tests.crash.market import Market
from tests.crash.payer import PayerCampaign
from tests.crash.postgres_place import PostgresPlace
from tests.crash.sqlite_place import SqlitePlace

KILLS = 30


def test_a_merchant_on_sqlite_that_is_killed_again_and_again_keeps_its_word(
    market: Market, till_path: Path, chance: random.Random
) -> None:
    campaign = Campaign(market, SqlitePlace(till_path, chance), chance)
    campaign.run(KILLS)
    campaign.claim()
    assert len(campaign.answered.delivered) > KILLS


def test_a_payer_on_sqlite_that_is_killed_again_and_again_signs_no_amount_twice(
    market: Market, tmp_path: Path, chance: random.Random
) -> None:
    campaign = PayerCampaign(market, SqlitePlace(tmp_path / "wallet.db", chance), chance)
    campaign.run(KILLS)
    assert len(campaign.left.by_amount) > KILLS


@pytest.mark.parametrize("who", [Campaign, PayerCampaign])
def test_so_it_is_on_postgresql_whose_server_is_killed_too(
    market: Market, chance: random.Random, who: type[Campaign | PayerCampaign]
) -> None:
    with PostgresPlace(chance) as place:
        campaign = who(market, place, chance)
        campaign.run(KILLS)
        assert campaign.deaths.besides
