"""What a verb does to a one-way channel: the twin of VoucherChannels.sol, its guards in the same order."""

from collections.abc import Sequence
from typing import assert_never, overload

from chain.units import Seconds
from channels.actions import (
    Action,
    CancelClose,
    Claim,
    ClaimPromised,
    Close,
    CloseBySig,
    Open,
    OpenBySig,
    Record,
    RequestClose,
    Sweep,
    TopUp,
    TopUpBySig,
    Withdraw,
)
from channels.effects import Pay, Pull
from channels.lane import claims, ends, funding, records
from channels.lane.books import LaneBooks
from channels.lane.lane import LAST_EPOCH, NOT_ASKED, NOTHING, Lane
from channels.periods import LONGEST_PERIOD, SHORTEST_PERIOD

__all__ = [
    "LAST_EPOCH",
    "LONGEST_PERIOD",
    "NOTHING",
    "NOT_ASKED",
    "SHORTEST_PERIOD",
    "Lane",
    "LaneBooks",
    "transition",
]

Effects = Sequence[Pull | Pay]


@overload
def transition(state: LaneBooks, action: Action, now: Seconds) -> tuple[LaneBooks, Effects]: ...
@overload
def transition(state: Lane, action: Action, now: Seconds) -> tuple[Lane, Effects]: ...
def transition(state: LaneBooks | Lane, action: Action, now: Seconds) -> tuple[LaneBooks | Lane, Effects]:
    """The channel after `action` in a block of time `now`, and what moves. A bare lane has no reserves or records.

    Raises the error by which the contract refuses. What a token or Permit2 refuses is not known here, nor what a
    condition says: `Record` tells it.
    """
    if isinstance(state, Lane):
        books, effects = _step(LaneBooks(lane=state), action, now)
        return books.lane, effects
    return _step(state, action, now)


def _step(books: LaneBooks, action: Action, now: Seconds) -> tuple[LaneBooks, Effects]:
    match action:
        case Open() | OpenBySig() | TopUp() | TopUpBySig():
            lane, pulled = funding.step(books.lane, action, now)
            return books.at(lane), pulled
        case Claim() | ClaimPromised():
            return claims.step(books, action, now)
        case Record():
            return records.step(books, action, now), []
        case Close() | CloseBySig() | RequestClose() | CancelClose() | Withdraw() | Sweep():
            return ends.step(books, action, now)
        case _:
            assert_never(action)
