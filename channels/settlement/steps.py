"""A plan's lines."""

from collections.abc import Iterable
from dataclasses import dataclass

from chain.units import Address, Seconds
from channels.channel import ChannelId
from channels.settlement.actions import Action
from channels.shown import Shown

_NEVER = 2**64


@dataclass(frozen=True, order=True, slots=True)
class Due(Shown):
    """So many base units that one epoch of a lane owes; each owed unit is in exactly one step of a plan."""

    lane_id: ChannelId
    epoch: int
    token: Address
    amount: int


class Sending(Shown):
    """Send it now; it is in time if it is sent before the second `before` (None: nothing ends)."""

    __slots__ = ()
    before: Seconds | None

    def is_late(self, now: Seconds) -> bool:
        """The alarm: it may be included after the deadline. It is worth a higher fee, and a try."""
        return self.before is not None and now >= self.before


@dataclass(frozen=True, slots=True)
class Submit(Sending):
    """What pays so many `dues`, for this reason."""

    action: Action
    why: str
    before: Seconds | None
    dues: tuple[Due, ...]


@dataclass(frozen=True, slots=True)
class Wait(Shown):
    """Look at the chain and plan again at `until`; None: only when a voucher, proof, price or event is new."""

    until: Seconds | None
    why: str
    dues: tuple[Due, ...]


Step = Submit | Wait


def in_order(steps: Iterable[Step]) -> list[Step]:
    """What must be sent first, first; then one line for all that waits for the same second and reason."""
    submits = list[Submit]()
    waiting = dict[tuple[Seconds | None, str], list[Due]]()
    for step in steps:
        match step:
            case Submit():
                submits.append(step)
            case Wait(until, why, dues):
                waiting.setdefault((until, why), []).extend(dues)
    waits = [Wait(until, why, tuple(sorted(dues))) for (until, why), dues in waiting.items()]
    submits.sort(key=lambda step: (_or_never(step.before), type(step.action).__name__, step.dues, step.why))
    waits.sort(key=lambda step: (_or_never(step.until), step.why))
    return [*submits, *waits]


def _or_never(second: Seconds | None) -> int:
    return _NEVER if second is None else second
