"""What a verb does to a payment: the twin of Escrow.sol, its guards in the same order."""

from typing import assert_never

from chain.units import Seconds
from escrow.actions import (
    Action,
    Amend,
    Authorize,
    AuthorizeBySig,
    AuthorizeERC3009,
    Cancel,
    Capture,
    Charge,
    Dispute,
    DisputeBySig,
    Expire,
    Refund,
    Release,
    ReleaseBySig,
    Resolve,
    Rule,
    RuleBySig,
    Settle,
    Void,
    VoidBySig,
)
from escrow.machine import amendments, authorizations, captures, disputes
from escrow.machine.authorizations import authorize_many
from escrow.machine.holds import Step
from escrow.payment import Payment

__all__ = ["Step", "authorize_many", "transition"]


def transition(payment: Payment, action: Action, now: Seconds) -> Step:
    """The payment after `action` in a block of time `now`, and what moves, in order.

    Raises the `IllegalAction` by which the contract refuses. What a token, Permit2 or a condition that is not ours
    refuses is not known here, nor which wallet vouches for what: an action says that.
    """
    match action:
        case Authorize() | AuthorizeBySig() | AuthorizeERC3009() | Charge() | Cancel():
            return authorizations.step(payment, action, now)
        case Capture() | Release() | ReleaseBySig() | Void() | VoidBySig() | Resolve() | Refund() | Expire():
            return captures.step(payment, action, now)
        case Dispute() | DisputeBySig() | Rule() | RuleBySig():
            return disputes.step(payment, action, now)
        case Settle() | Amend():
            return amendments.step(payment, action, now)
        case _:
            assert_never(action)
