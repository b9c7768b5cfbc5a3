import random

import pytest

from chain.units import Amount
from channels import Channel
from channels.exposure import Limits
from channels.stores.aio.till import AsyncTill
from tests.channels.stores.postgres.making import at_risk, known, newer, recomputed, seen


@pytest.mark.parametrize("seed", range(2))
async def test_the_sum_that_is_carried_on_is_the_sum_over_all_channels(
    till: AsyncTill, crowd: list[Channel], seed: int
) -> None:
    """After each step of a random history of vouchers, looks at the chain and ends, with limits and without."""
    chance = random.Random(seed)
    channels, limits = crowd[:4], Limits(at_risk=Amount(1_500), unconfirmed=Amount(300), unconfirmed_per_channel=None)
    lanes = {channel.id: {"epoch": 0, "settled": 0, "deposit": 1_000} for channel in channels}
    for channel in channels:
        await known(till, channel)
    for step in range(40):
        channel = chance.choice(channels)
        lane = lanes[channel.id]
        match chance.randrange(5):
            case 0:
                lane["settled"] = chance.randint(lane["settled"], lane["deposit"])
            case 1:
                lane["deposit"] += chance.randint(0, 500)
            case 2 if chance.random() < 0.3:
                lane |= {"epoch": lane["epoch"] + 1, "settled": 0, "deposit": 1_000}
            case _:
                books = {each.id: (await till.book(each.id)).session for each in channels}
                batch = [
                    newer(session, chance.randint(session.accepted, session.lane.deposit))
                    for session in books.values()
                    if chance.random() < 0.7 and session.accepted <= session.lane.deposit
                ]
                await till.keep(batch, {channel.token: limits} if chance.random() < 0.5 else {})
        unconfirmed = chance.choice((0, 0, chance.randint(0, lane["deposit"] - lane["settled"])))
        await known(till, channel, seen(unconfirmed, at=2_000 + step, **lane))
        assert await at_risk(till) == recomputed(await till.all_newest())
