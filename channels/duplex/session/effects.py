"""What a session asks its shell to do, in the order in which it is listed."""

from dataclasses import dataclass

from chain.units import Amount
from channels.duplex.session.changes import Change
from channels.duplex.session.memory import Memory
from channels.duplex.session.message import Message
from channels.duplex.session.standing import Standing
from channels.duplex.signed_together import SignedCloseTogether
from channels.effects import GiveCredit

__all__ = ["Bring", "Effect", "GiveCredit", "Keep", "Send", "Undone"]


@dataclass(frozen=True, slots=True)
class Keep:
    """Make it durable in place of its forerunner; what follows must not happen before, nor if that fails."""

    memory: Memory


@dataclass(frozen=True, slots=True)
class Send:
    """Sign it (`message.signed`) and hand it over; lost or twice, no harm is done."""

    message: Message


@dataclass(frozen=True, slots=True)
class Undone:
    """These changes of ours are in no state, and never will be unless we propose them again (`Memory.undone`)."""

    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Bring:
    """Both have signed it: have the chain end the epoch, before its deadline."""

    close: SignedCloseTogether


Effect = Keep | Send | GiveCredit | Undone | Bring


def tidings(before: Memory, after: Memory) -> list[Effect]:
    """What follows from a newer state: what it credits, and what it has left out."""
    effects: list[Effect] = []
    if after.credited > before.credited:
        effects.append(GiveCredit(Amount(after.credited - before.credited)))
    if before.outstanding is not None and after.undone:
        effects.append(Undone(after.undone))
    return effects


def shown(memory: Memory, *, asks: bool) -> list[Effect]:
    """All that the other may have missed: the newest state, then our proposal."""
    standing = Send(Standing(state=memory.newest, asks=asks))
    return [standing] if memory.outstanding is None else [standing, Send(memory.outstanding)]
