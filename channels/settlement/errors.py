"""What can't be planned.

InvalidValue
    PlannedTwice
"""

from chain.errors import InvalidValue


class PlannedTwice(InvalidValue):
    """Two positions of one epoch: what it owes would be counted twice."""

    says = "epoch {epoch} of a channel is there twice"
    channel_id: bytes
    epoch: int
