"""How a party takes the other's proposal."""

from channels.duplex.session.consent import require_consent, require_sound
from channels.duplex.session.effects import Send, tidings
from channels.duplex.session.errors import NoPlaceLeft, OtherState
from channels.duplex.session.incoming import require_genuine, require_next
from channels.duplex.session.known import Known
from channels.duplex.session.next_state import credit, next_state
from channels.duplex.session.proposal import Proposal
from channels.duplex.session.session import DuplexSession, Step
from channels.duplex.session.standing import Standing
from channels.duplex.signed_state import SignedState


def accept(session: DuplexSession, proposal: Proposal, known: Known) -> Step:
    """Cheap checks first, then the signature, then the proofs. It is kept, then signed and sent back, then credited.

    One that is our newest state already is answered again, and adds nothing. Ours of a lower version is dead then.
    Raises what `require_next`, `next_state`, `require_sound`, `require_genuine` and `require_consent` raise, and
    `NotInStep`, `NotOpen`, `EpochForgotten`, `FightIsOn`, `CloseSigned`, `NoPlaceLeft`, `OtherState`.
    """
    if proposal.message == session.newest.message:
        return session, [Send(Standing(state=session.newest, asks=False))]
    session.require_free(known.now)
    require_next(session, proposal)
    state = next_state(session.newest, proposal.changes, proposal.version)
    if state.message != proposal.message:
        raise OtherState(proposal.version)
    _require_places(session, state)
    require_sound(session, proposal, state, known.now)
    signed = require_genuine(session, proposal)
    require_consent(session, proposal, known)

    added = credit(session.newest, proposal, session.by_a)
    memory = session.memory.adopt(state.signed(signed), added)
    answer = Send(Standing(state=memory.newest, asks=False))
    return session.kept(memory, answer, *tidings(session.memory, memory))


def _require_places(session: DuplexSession, state: SignedState) -> None:
    number, most = sum(promise.from_a != session.by_a for promise in state.promises), session.limits.promises
    if number > most:
        raise NoPlaceLeft(number, most)
