"""What a payee does next with what it is owed: values that can be printed and tested, from the chain's state alone."""

from channels.settlement.actions import Action, ClaimPromised, ClaimTogether, CollectReserve, Record
from channels.settlement.errors import PlannedTwice
from channels.settlement.plan import next_steps
from channels.settlement.policy import UNHURRIED, Policy, World
from channels.settlement.position import Position, PromiseStanding
from channels.settlement.steps import Due, Step, Submit, Wait

__all__ = [
    "UNHURRIED",
    "Action",
    "ClaimPromised",
    "ClaimTogether",
    "CollectReserve",
    "Due",
    "PlannedTwice",
    "Policy",
    "Position",
    "PromiseStanding",
    "Record",
    "Step",
    "Submit",
    "Wait",
    "World",
    "next_steps",
]
