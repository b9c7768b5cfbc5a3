"""The bounds of a channel's two periods: the twin of Periods.sol."""

from chain.units import Seconds
from channels.channel import Channel
from channels.duplex.channel import DuplexChannel
from channels.errors import InvalidPeriod

SHORTEST_PERIOD = Seconds(15 * 60)
LONGEST_PERIOD = Seconds(365 * 24 * 60 * 60)


def require_sound_periods(channel: Channel | DuplexChannel) -> None:
    """Raises `InvalidPeriod`, for the window first."""
    for period in (channel.window, channel.promise_window):
        if not SHORTEST_PERIOD <= period <= LONGEST_PERIOD:
            raise InvalidPeriod(period, SHORTEST_PERIOD, LONGEST_PERIOD)
