"""How a party takes what the other shows of where the two stand."""

from dataclasses import replace

from channels.duplex.session.effects import Effect, Keep, shown, tidings
from channels.duplex.session.errors import StateNotRemembered
from channels.duplex.session.memory import Memory
from channels.duplex.session.next_state import credit
from channels.duplex.session.session import DuplexSession, Step
from channels.duplex.session.standing import Standing
from channels.duplex.signed_state import SignedState


def hear(session: DuplexSession, standing: Standing) -> Step:
    """A newer state that both signed is ours: as the answer to our proposal, or as one that we have forgotten (which of
    our changes it holds nobody knows: none is `Undone`). From then on the epoch is only to be ended, as after a
    restoration. In a fight, after the end, and where something is forgotten, it may be too late for the chain, and
    credits nothing. Whoever asks is shown our newest, and the proposal that it may have missed.

    Raises `WrongChannel`, `WrongEpoch`, `InvalidSignature`, `StateNotRemembered`.
    """
    state, memory = standing.state, session.memory
    session.require_here(state.message)
    effects: list[Effect] = []
    if state.message.version > memory.newest.message.version:
        memory = _adopted(session, state)
        effects = [Keep(memory), *tidings(session.memory, memory)]
    elif state.message.version == memory.newest.message.version and state.message != memory.newest.message:
        state.verified(session.domain)
        raise StateNotRemembered(state.message.version)
    if standing.asks:
        effects += shown(memory, asks=False)
    return replace(session, memory=memory, in_step=True), effects


def _adopted(session: DuplexSession, state: SignedState) -> Memory:
    memory, ours, version = session.memory, session.memory.outstanding, state.message.version
    if ours is not None and ours.message == state.message:  # We know that we signed it.
        state.verified_of(session.domain, session.other_key)
        counts = session.duplex.is_open and not session.fighting and session.is_whole
        return memory.adopt(state, credit(memory.newest, ours, session.by_a) if counts else 0)
    # Our signature proves what an old backup has forgotten. What is not above all that we signed is no matter of
    # memory.
    state.verified(session.domain)
    if version <= memory.signed:
        raise StateNotRemembered(version)
    return memory.correct(state)
