"""What a node says against what we have: newer state, and its effects in order. What is undone comes first."""

from itertools import dropwhile
from typing import assert_never

from chain.errors import Malformed
from chain.follower.actions import Action, Branch, Final, Past
from chain.follower.effects import BecameFinal, BlockUndone, Effect, PastTaken, Taken
from chain.follower.errors import FinalBlockUndone, FinalOnAnotherBranch, ParentMissing
from chain.follower.following import Following
from chain.follower.header import FollowedBlock, Header

Step = tuple[Following, list[Effect]]


def transition(following: Following, action: Action) -> Step:
    """Raises `FinalBlockUndone`, `FinalOnAnotherBranch`, `ParentMissing`, `Malformed`."""
    match action:
        case Branch(blocks=blocks):
            return _branch(following, blocks)
        case Past():
            return _past(following, action)
        case Final(header=header):
            return _final(following, header)
        case _:
            assert_never(action)


def _branch(following: Following, blocks: tuple[FollowedBlock, ...]) -> Step:
    """A branch that ends below our head without leaving it is a node that lags: what is known stays."""
    blocks = tuple(dropwhile(following.holds, blocks))
    if not blocks:
        return following, []
    first = blocks[0].header
    _require_newer(following, first)
    parent = following.at(first.number - 1)
    if parent is None or parent.hash != first.parent:
        raise ParentMissing(first.number, first.parent)
    kept = first.number - following.final.number - 1
    newer = Following(final=following.final, recent=(*following.recent[:kept], *blocks))
    undone = [BlockUndone(block=block) for block in reversed(following.recent[kept:])]
    return newer, [*undone, *(Taken(block=block) for block in blocks)]


def _past(following: Following, past: Past) -> Step:
    """Only where no block waits to become final: such a one might have been replaced."""
    if following.recent:
        raise Malformed("past", f"{len(following.recent)} blocks are not final yet")
    _require_newer(following, past.header)
    if any(log.block <= following.final.number for log in past.logs):
        raise Malformed("logs", f"some are not newer than block {following.final.number}")
    return Following(final=past.header), [PastTaken(logs=past.logs), BecameFinal(header=past.header)]


def _final(following: Following, header: Header) -> Step:
    """Never goes back; a block that we have not taken yet makes nothing final."""
    ours = following.at(header.number)
    if ours is None or header.hash == following.final.hash:
        return following, []
    if header.number == following.final.number:
        _require_newer(following, header)
    if ours.hash != header.hash:
        raise FinalOnAnotherBranch(header.number, ours.hash, header.hash)
    newer = Following(final=header, recent=following.recent[header.number - following.final.number :])
    return newer, [BecameFinal(header=header)]


def _require_newer(following: Following, header: Header) -> None:
    if header.number <= following.final.number:
        raise FinalBlockUndone(following.final.number, following.final.hash, header.hash)
