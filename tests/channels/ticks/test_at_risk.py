"""Ticks against the limits, where what is at risk in all was read a moment before or after the session."""

from typing import Any

import pytest

from chain.units import Amount
from channels import Channel, Lane, PayeeSession
from channels.exposure import Limits, OverLimit
from channels.ticks.at_risk import TicksAtRisk

ANY: Any = {"unconfirmed": None, "unconfirmed_per_channel": None}


def seen(channel: Channel, accepted: int, deposit: int = 1_000, unconfirmed: int = 0) -> PayeeSession:
    return PayeeSession(
        channel=channel,
        lane=Lane(deposit=Amount(deposit)),
        accepted=Amount(accepted),
        unconfirmed=Amount(unconfirmed),
    )


@pytest.mark.parametrize(
    ("limits", "total", "unconfirmed", "room"),
    [
        ({**ANY, "at_risk": 100}, None, 0, 43),
        ({**ANY, "at_risk": 100}, (90, 0), 0, 3),
        ({**ANY, "at_risk": 100}, (20, 0), 0, 43),
        ({**ANY, "unconfirmed": 100}, (90, 90), 1_000, 3),
        ({**ANY, "unconfirmed": 100}, (20, 20), 1_000, 43),
    ],
)
def test_a_channel_counts_once_whatever_the_sum_knows_of_it(
    channel: Channel, limits: dict[str, Any], total: tuple[int, int] | None, unconfirmed: int, room: int
) -> None:
    """It has accepted 50, and 7 in ticks; a sum below that was read before it was written, or after a claim."""
    at_risk = TicksAtRisk(limits=Limits(**limits), ticks=7, total=total)
    assert at_risk.room(seen(channel, 50, unconfirmed=unconfirmed)) == room


def test_a_deposit_that_is_undone_while_the_sum_is_read_leaves_no_room(channel: Channel) -> None:
    """Other channels have 5 without a deposit, and all 57 of this one are without any, too."""
    at_risk = TicksAtRisk(limits=Limits(**{**ANY, "unconfirmed": Amount(56)}), ticks=7, total=(5, 5))
    with pytest.raises(OverLimit) as caught:
        at_risk.require(seen(channel, 50, deposit=0), 1)
    assert caught.value.facts == {"limit_name": "unconfirmed", "would_be": 58, "limit": 56}
