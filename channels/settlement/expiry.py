"""How late a promise may expire."""

from chain.units import Seconds
from channels.channel import Channel
from channels.settlement.policy import UNHURRIED

USUAL_LAG = Seconds(300)
"""Of the node that a payee believes, unless it says otherwise."""


def latest_expiry(channel: Channel, now: Seconds, max_lag: Seconds = USUAL_LAG) -> Seconds:
    """By which a promise must expire, so that a close asked for unseen until `now` keeps its money long enough."""
    return Seconds(now + channel.window + channel.promise_window - max_lag - 2 * UNHURRIED.margin)
