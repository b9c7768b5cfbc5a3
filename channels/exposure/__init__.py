"""How much money is promised and not yet paid, and how much more of it one is willing to carry.

All amounts are base units of one token; every check comes before money is accepted, or promised.
"""

from channels.exposure.errors import OverLimit
from channels.exposure.exposure import ChannelExposure, Exposure
from channels.exposure.limits import Limits
from channels.exposure.spending import DAY, QUARTER, SpendLimits, SpentDay

__all__ = ["DAY", "QUARTER", "ChannelExposure", "Exposure", "Limits", "OverLimit", "SpendLimits", "SpentDay"]
