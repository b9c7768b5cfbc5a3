"""How both end an epoch at once, at the net of their newest state."""

from chain.signing import verify
from chain.units import Seconds
from channels.duplex.duplex import NOTHING
from channels.duplex.messages import CloseTogether
from channels.duplex.session.consent import require_not_owed
from channels.duplex.session.effects import Bring, Send
from channels.duplex.session.errors import CloseDeadlineOutOfBounds, OtherNet
from channels.duplex.session.known import Known
from channels.duplex.session.session import DuplexSession, Step
from channels.duplex.signed_together import SignedCloseTogether


def close_together(session: DuplexSession, deadline: Seconds, known: Known) -> Step:
    """Our word that the epoch may end at the present net, before `deadline`; no state is signed until that is over.

    It is legal in a fight, too. Promises die with the epoch: fold them first, or give up those to us (`Known.least`).
    Raises `NotInStep`, `NotOpen`, `ProposalOutstanding`, `CloseDeadlineOutOfBounds`, `StillOwed`.
    """
    said = session.newest.message
    message = CloseTogether(channel_id=said.channel_id, epoch=said.epoch, net=said.net, deadline=deadline)
    _require_sound(session, message, known)
    form = SignedCloseTogether(channel=session.channel, message=message)
    return session.kept(session.memory.next(closing=form), Send(form))


def agree(session: DuplexSession, form: SignedCloseTogether, known: Known) -> Step:
    """The other's word: the answer to ours, which anyone can bring then, or one that we give ours to.

    Once more it is answered only where the other has not seen our signature. Raises as `close_together`, and
    `WrongChannel`, `WrongEpoch`, `OtherNet`, `InvalidSignature`.
    """
    message, ours = form.message, session.memory.closing
    session.require_here(message)
    if ours is not None and ours.message == message:
        return _completed(session, ours, form)
    if message.net != session.newest.message.net:
        raise OtherNet(message.net, session.newest.message.net)
    _require_sound(session, message, known)
    agreed = SignedCloseTogether(channel=session.channel, message=message).signed(
        verify(session.domain, message, _of_other(session, form), session.other_key)
    )
    return session.kept(session.memory.next(closing=agreed), Send(agreed))


def _completed(session: DuplexSession, ours: SignedCloseTogether, form: SignedCloseTogether) -> Step:
    if _of_other(session, ours):
        seen = form.signature_a if session.by_a else form.signature_b
        return session, ([] if seen else [Send(ours)])
    signed = verify(session.domain, form.message, _of_other(session, form), session.other_key)
    full = ours.signed(signed)
    return session.kept(session.memory.next(closing=full), Bring(full))


def _require_sound(session: DuplexSession, message: CloseTogether, known: Known) -> None:
    session.require_signing()
    session.require_answered()
    ours = session.memory.closing
    earliest = max(known.now, ours.message.deadline if ours is not None else 0) + 1
    latest = known.now + session.limits.longest_close
    if not earliest <= message.deadline <= latest:
        raise CloseDeadlineOutOfBounds(message.deadline, earliest, latest)
    for promise in session.newest.promises:
        if promise.from_a != session.by_a:
            require_not_owed(session, promise, NOTHING, known)


def _of_other(session: DuplexSession, form: SignedCloseTogether) -> bytes:
    return (form.signature_b if session.by_a else form.signature_a) or b""
