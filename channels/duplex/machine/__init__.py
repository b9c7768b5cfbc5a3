"""The two-way machine, the twin of DuplexChannels.sol: the same guards in the same order, the same boundary seconds."""

from typing import assert_never

from chain.units import Seconds
from channels.duplex.actions import (
    Action,
    Answer,
    Challenge,
    ChallengeBySig,
    CloseTogether,
    Collect,
    Deposit,
    DepositBySig,
    PayOut,
    Record,
    Sweep,
    WithdrawTogether,
)
from channels.duplex.ledger import DuplexLedger
from channels.duplex.machine import fights, funding, reserves, together
from channels.duplex.machine.payouts import Step

__all__ = ["Step", "transition"]


def transition(ledger: DuplexLedger, action: Action, now: Seconds) -> Step:
    """What the contract would do at second `now`, and what moves, in order; raises what it would revert with.

    What a token or Permit2 refuses is not known here, nor what a condition says: an action tells that.
    """
    match action:
        case Deposit() | DepositBySig():
            return funding.step(ledger, action, now)
        case CloseTogether() | WithdrawTogether():
            return together.step(ledger, action, now)
        case Challenge() | ChallengeBySig() | Answer() | PayOut():
            return fights.step(ledger, action, now)
        case Record() | Collect() | Sweep():
            return reserves.step(ledger, action, now)
        case _:
            assert_never(action)
