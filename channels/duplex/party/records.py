"""What a party's shell answers."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from chain.errors import EarnestError
from chain.money import Money, Token
from channels.channel import ChannelId
from channels.duplex.channel import DuplexChannel
from channels.duplex.promise import DuplexPromise
from channels.duplex.session import Change, DuplexSession
from channels.duplex.signed_together import SignedCloseTogether
from channels.shown import Shown

if TYPE_CHECKING:
    from chain.receipt import Receipt


@dataclass(frozen=True, kw_only=True, slots=True)
class Heard:
    """What came of one message: `answers` go to the other party, as JSON texts; `added` is ours now.

    `undone` are changes of ours that the other's newer state has left out. `refused`: why nothing came of what it said.
    """

    answers: tuple[str, ...]
    added: Money
    undone: tuple[Change, ...] = ()
    refused: EarnestError | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PartyDuplex(Shown):
    """One party's view: its own and `their` deposit as far as they count, who owes what by the newest state, and how
    much may be paid, promises to the other set aside; `credited` in all in this epoch.

    `open` is the version of a proposal of ours that has no answer yet, or zero. `close` is one that the other has
    signed: `bring` it. While it is not `in_step` the other must show its newest state first (`resume`). An epoch that
    is not `whole` may be forgotten in part: it is only to be ended. `earlier` epochs still keep money for promises:
    `record` and `collect` what is ours.
    """

    channel: DuplexChannel
    epoch: int
    version: int
    deposit: Money
    their_deposit: Money
    owes: Money
    is_owed: Money
    left: Money
    credited: Money
    promises: tuple[DuplexPromise, ...]
    open: int
    undone: tuple[Change, ...]
    close: SignedCloseTogether | None
    in_step: bool
    whole: bool
    fighting: bool
    earlier: tuple[int, ...] = ()
    receipt: "Receipt | None" = None

    @property
    def id(self) -> ChannelId:
        """What messages name."""
        return self.channel.id

    @classmethod
    def of(
        cls, session: DuplexSession, token: Token, receipt: "Receipt | None" = None, earlier: tuple[int, ...] = ()
    ) -> Self:
        """In money of the channel's token."""
        memory, duplex, net = session.memory, session.duplex, session.newest.message.net
        ours, theirs = duplex.deposit_a, duplex.deposit_b
        if not session.by_a:
            ours, theirs, net = theirs, ours, -net
        return cls(
            channel=session.channel,
            epoch=session.epoch,
            version=session.newest.message.version,
            deposit=token.units(ours),
            their_deposit=token.units(theirs),
            owes=token.units(max(net, 0)),
            is_owed=token.units(max(-net, 0)),
            left=token.units(max(ours - session.owed(session.newest), 0)),
            credited=token.units(memory.credited),
            promises=session.newest.promises,
            open=memory.outstanding.version if memory.outstanding else 0,
            undone=memory.undone,
            close=memory.closing if memory.closing and _of_other(session, memory.closing) else None,
            in_step=session.in_step,
            whole=session.is_whole,
            fighting=session.fighting,
            earlier=earlier,
            receipt=receipt,
        )


def _of_other(session: DuplexSession, form: SignedCloseTogether) -> bool:
    return (form.signature_b if session.by_a else form.signature_a) is not None
