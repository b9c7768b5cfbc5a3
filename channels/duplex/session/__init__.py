"""What one party of a two-way channel says, believes and keeps: functions of its session, with effects in order.

`receive` takes whatever the other has sent; the rest is what a party begins by itself.
"""

from typing import assert_never

from channels.duplex.session.accepting import accept
from channels.duplex.session.changes import Change, Drop, Fold, Offer, Pay
from channels.duplex.session.closing import agree, close_together
from channels.duplex.session.effects import Bring, Effect, GiveCredit, Keep, Send, Undone
from channels.duplex.session.hearing import hear
from channels.duplex.session.known import Known, Twin
from channels.duplex.session.limits import Limits
from channels.duplex.session.memory import Memory
from channels.duplex.session.message import Message
from channels.duplex.session.proposal import Proposal
from channels.duplex.session.proposing import propose, refuse, resume, settled
from channels.duplex.session.session import DuplexSession, Step
from channels.duplex.session.sight import Sight
from channels.duplex.session.standing import Standing
from channels.duplex.signed_together import SignedCloseTogether

__all__ = [
    "Bring",
    "Change",
    "Drop",
    "DuplexSession",
    "Effect",
    "Fold",
    "GiveCredit",
    "Keep",
    "Known",
    "Limits",
    "Memory",
    "Message",
    "Offer",
    "Pay",
    "Proposal",
    "Send",
    "Sight",
    "Standing",
    "Step",
    "Twin",
    "Undone",
    "close_together",
    "propose",
    "receive",
    "refuse",
    "resume",
    "settled",
]


def receive(session: DuplexSession, message: Message, known: Known) -> Step:
    """The newer session, and what must be done now; whatever is refused leaves everything as it was.

    Raises what `accept`, `hear` and `agree` raise.
    """
    match message:
        case Proposal():
            return accept(session, message, known)
        case Standing():
            return hear(session, message)
        case SignedCloseTogether():
            return agree(session, message, known)
        case _:
            assert_never(message)
