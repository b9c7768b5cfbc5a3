"""Following a chain through reorgs, as a value: blocks since the final one, and what a newer branch does to them."""

from chain.follower.actions import Action, Branch, Final, Past
from chain.follower.effects import BecameFinal, BlockUndone, Effect, PastTaken, Taken
from chain.follower.following import Following
from chain.follower.header import FollowedBlock, Header
from chain.follower.log import Log
from chain.follower.machine import transition

__all__ = [
    "Action",
    "BecameFinal",
    "BlockUndone",
    "Branch",
    "Effect",
    "Final",
    "FollowedBlock",
    "Following",
    "Header",
    "Log",
    "Past",
    "PastTaken",
    "Taken",
    "transition",
]
