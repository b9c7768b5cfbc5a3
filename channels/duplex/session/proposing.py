"""What a party begins: a proposal, an answer of no, a start."""

from chain.units import Amount, Hash32
from channels.duplex.session.changes import Change, Drop, Fold
from channels.duplex.session.consent import require_consent, require_sound
from channels.duplex.session.effects import Effect, Send, shown
from channels.duplex.session.errors import NoSuchPromise, OwesTooMuch
from channels.duplex.session.incoming import require_genuine, require_next
from channels.duplex.session.known import Known
from channels.duplex.session.next_state import listed, next_state
from channels.duplex.session.proposal import Proposal, proposed_by_a
from channels.duplex.session.session import DuplexSession, Step
from channels.duplex.signed_state import SignedState


def propose(session: DuplexSession, changes: tuple[Change, ...], known: Known) -> Step:
    """All changes or none, in one state of our next version: kept, then sent. It is checked as the other will check it.

    Raises `NotInStep`, `NotOpen`, `EpochForgotten`, `FightIsOn`, `CloseSigned`, `ProposalOutstanding`, `OwesTooMuch`,
    what `next_state`, `require_sound` and `require_consent` raise, and `Malformed` for more than one proposal holds.
    """
    session.require_free(known.now)
    session.require_answered()
    proposal, state = _drawn_up(session, changes, session.memory.signed)
    require_sound(session, proposal, state, known.now)
    require_consent(session, proposal, known)
    owed, most = session.owed(state), session.limits.owed
    if most is not None and owed > max(most, session.owed(session.newest)):
        raise OwesTooMuch(owed, most)
    memory = session.memory.next(outstanding=proposal, signed=proposal.version, undone=())
    return session.kept(memory, Send(proposal))


def refuse(session: DuplexSession, proposal: Proposal, known: Known) -> Step:
    """No, in a form that nobody can take back: a proposal of a higher version that changes nothing.

    Once the other has signed it, what it replaces is dead, on either side. Raises as `propose` does of the session, and
    what `require_next` and `require_genuine` raise of a proposal that can't come to anything anyway.
    """
    session.require_free(known.now)
    require_next(session, proposal)
    require_genuine(session, proposal)
    memory = session.memory
    ours = memory.outstanding.changes if memory.outstanding else ()
    empty, _ = _drawn_up(session, (), proposal.version)
    return session.kept(memory.next(outstanding=empty, signed=empty.version, undone=ours or memory.undone), Send(empty))


def resume(session: DuplexSession) -> list[Effect]:
    """What to send after a start, or when an answer is missing; as often as one likes."""
    return shown(session.memory, asks=True)


def settled(session: DuplexSession, promise_hash: Hash32, shown: bytes, known: Known) -> Fold | Drop:
    """The change that ends a promise for all that it can come to by what is `shown`, or recorded.

    Raises `NoSuchPromise`.
    """
    promise = listed(session.newest).get(promise_hash)
    if promise is None:
        raise NoSuchPromise(promise_hash)
    released = known.released(promise, session.subject(promise), shown)
    return (
        Fold(promise_hash=promise_hash, amount=Amount(released), shown=shown)
        if released
        else Drop(promise_hash=promise_hash)
    )


def _drawn_up(session: DuplexSession, changes: tuple[Change, ...], above: int) -> tuple[Proposal, SignedState]:
    version = above + (1 if proposed_by_a(above + 1) == session.by_a else 2)
    state = next_state(session.newest, changes, version)
    return Proposal(base=session.newest.message.version, changes=changes, message=state.message), state
