"""What can be done to a payment: one value a verb of the contract, each with its caller."""

from escrow.actions.amendments import Amend, Amending, Settle
from escrow.actions.authorizations import Authorize, AuthorizeBySig, AuthorizeERC3009, Authorizing, Cancel, Charge
from escrow.actions.captures import (
    Capture,
    Capturing,
    Expire,
    Refund,
    Release,
    ReleaseBySig,
    Resolve,
    Void,
    VoidBySig,
)
from escrow.actions.disputes import Dispute, DisputeBySig, Disputing, Rule, RuleBySig

Action = Authorizing | Capturing | Disputing | Amending

__all__ = [
    "Action",
    "Amend",
    "Amending",
    "Authorize",
    "AuthorizeBySig",
    "AuthorizeERC3009",
    "Authorizing",
    "Cancel",
    "Capture",
    "Capturing",
    "Charge",
    "Dispute",
    "DisputeBySig",
    "Disputing",
    "Expire",
    "Refund",
    "Release",
    "ReleaseBySig",
    "Resolve",
    "Rule",
    "RuleBySig",
    "Settle",
    "Void",
    "VoidBySig",
]
