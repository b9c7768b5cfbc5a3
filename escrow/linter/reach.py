"""When a condition can release anything at all, and who can make it."""

from chain.units import Address, Seconds
from escrow.conditions.combinator import Combinator
from escrow.conditions.condition import Condition
from escrow.conditions.order import kth_smallest
from escrow.conditions.price_feed import PriceFeed


def opens(condition: Condition) -> Seconds:
    """Before this second it releases nothing, whatever is shown; 0 where only a proof is in the way."""
    if isinstance(condition, Combinator):
        return kth_smallest((opens(child) for child in condition.children), condition.needed) or Seconds(0)
    if isinstance(condition, PriceFeed):
        return condition.time
    return condition.begins or Seconds(0)


def begins_before(condition: Condition, time: Seconds) -> bool:
    """Whether it releases something by itself before that second."""
    return condition.begins is not None and condition.begins < time


def forced_from(condition: Condition, parties: frozenset[Address]) -> Seconds | None:
    """From which second on the signatures of `parties` and the clock, together, make it release something."""
    if isinstance(condition, Combinator):
        return kth_smallest((forced_from(child, parties) for child in condition.children), condition.needed)
    return Seconds(0) if condition.met_by(parties) else condition.begins
