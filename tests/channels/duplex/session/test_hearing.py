from dataclasses import replace
from typing import Any

import pytest

from chain.errors import InvalidSignature, MalformedSignature
from channels.duplex.duplex import Duplex
from channels.duplex.session import (
    GiveCredit,
    Keep,
    Pay,
    Send,
    Standing,
    Undone,
    close_together,
    propose,
    receive,
    refuse,
    resume,
    settled,
)
from channels.duplex.session.errors import EpochForgotten, StateNotRemembered
from channels.errors import WrongChannel, WrongEpoch
from tests.channels.duplex.duplex_forms import OTHER, form
from tests.channels.duplex.session.parties import EPOCH, NOW, known, leaf, memory, party, preimage, promise, said, talk

PAY = Pay(amount=5)  # type: ignore[arg-type]


def heard(session: Any, state: Any, asks: bool = False) -> Any:
    return receive(session, Standing(state=state, asks=asks), known())


def state(version: int, a: Any = "keyA", b: Any = "keyB", **more: Any) -> Any:
    return form("state", a, b, version=version, **{"epoch": EPOCH, "net": 0} | more)


def test_the_answer_to_a_proposal_makes_it_ours_and_credits_what_was_folded() -> None:
    at = memory(2, (promise(1),))
    fold = settled(party(True, at), leaf(1), preimage(1), known())
    session, effects = propose(party(True, at), (PAY, fold), known())
    answer = said(receive(party(False, at), said((session, effects))[0], known()))[0]

    newer, effects = receive(session, answer, known())
    assert effects == [Keep(newer.memory), GiveCredit(100)]  # type: ignore[arg-type]
    assert (newer.memory.outstanding, newer.memory.credited, newer.memory.undone) == (None, 100, ())
    assert newer.newest.message.net == 5 - 100
    assert receive(newer, answer, known()) == (newer, []), "a repeat is harmless"


@pytest.mark.parametrize("late", [{"fighting": True}, {"duplex": Duplex(epoch=EPOCH)}])
def test_an_answer_that_may_be_too_late_for_the_chain_is_kept_and_credits_nothing(late: Any) -> None:
    at = memory(2, (promise(1),))
    step = propose(party(True, at), (settled(party(True, at), leaf(1), preimage(1), known()),), known())
    answer = said(receive(party(False, at), said(step)[0], known()))[0]

    newer, effects = receive(replace(step[0], **late), answer, known())
    assert effects == [Keep(newer.memory)]
    assert newer.newest.message == answer.state.message


def test_the_answer_to_a_refusal_makes_what_it_replaced_undone() -> None:
    session, _ = propose(party(True), (PAY,), known())
    other = propose(party(False), (PAY,), known())
    step = refuse(session, said(other)[0], known())
    answer = said(receive(other[0], said(step)[0], known()))[0]

    newer, effects = receive(step[0], answer, known())
    assert effects == [Keep(newer.memory), Undone((PAY,))]


def test_an_answer_needs_the_others_signature_and_not_our_own() -> None:
    session, _ = propose(party(True), (PAY,), known())
    assert session.memory.outstanding is not None
    answered, _ = heard(session, state(1, a=None, net=5))
    assert answered.newest.message == session.memory.outstanding.message
    for b, error in (("keyA", InvalidSignature), (None, MalformedSignature)):
        with pytest.raises(error):
            heard(session, state(1, b=b, net=5))
    with pytest.raises(MalformedSignature):
        heard(session, state(3, a=None, net=5))


def test_who_asks_is_shown_the_newest_state_and_the_proposal_that_it_may_have_missed() -> None:
    session, effects = propose(party(True, memory(2)), (PAY,), known())
    newer, shown = heard(session, state(2), asks=True)
    assert shown == [Send(Standing(state=session.newest, asks=False)), effects[1]]
    assert newer == session
    assert heard(session, state(2)) == (session, [])


def test_hearing_the_other_puts_a_party_in_step() -> None:
    session = party(True, memory(2), in_step=False)
    assert heard(session, state(2))[0].in_step
    assert heard(session, memory().newest)[0].in_step, "even if it has less"


def test_after_a_lost_answer_both_go_on_from_the_higher_state() -> None:
    a, effects = propose(party(True), (PAY,), known())
    b, _ = receive(party(False), said((a, effects))[0], known())

    a, b = talk((a, resume(a)), b)
    assert a.newest.message == b.newest.message
    assert a.memory.outstanding is None


def test_a_state_that_an_old_backup_has_forgotten_is_believed_and_ends_all_signing_in_its_epoch() -> None:
    session, _ = propose(party(True), (PAY,), known())
    newer, effects = heard(session, state(10, net=30))

    assert effects == [Keep(newer.memory)]
    assert (newer.memory.signed, newer.memory.corrected, newer.memory.outstanding) == (10, True, None)
    for epoch in (0, EPOCH):
        with pytest.raises(EpochForgotten):
            propose(replace(newer, whole_from=epoch), (PAY,), known())
    newest, effects = heard(newer, state(12, net=40))
    assert effects == [Keep(newest.memory)]
    assert newest.newest.message.net == 40, "what is newest can answer in a fight"


@pytest.mark.parametrize(("whole_from", "credited"), [(EPOCH, 100), (EPOCH + 1, 0)])
def test_an_answer_credits_nothing_where_a_newer_state_may_be_forgotten(whole_from: int, credited: int) -> None:
    at = memory(2, (promise(1),))
    a, effects = propose(party(True, at), (settled(party(True, at), leaf(1), preimage(1), known()),), known())
    b, answer = receive(party(False, at), said((a, effects))[0], known())
    newer, _ = receive(replace(a, whole_from=whole_from), said((b, answer))[0], known())
    assert (newer.newest.message.version, newer.memory.credited) == (3, credited)


def test_a_party_that_was_restored_takes_gives_and_refuses_nothing_but_ends_the_epoch() -> None:
    [proposal] = said(propose(party(False, memory(2)), (PAY,), known()))
    restored = party(True, memory(2), whole_from=EPOCH + 1)
    rules: list[tuple[Any, Any]] = [(receive, proposal), (refuse, proposal), (propose, (PAY,))]
    for rule, what in rules:
        with pytest.raises(EpochForgotten):
            rule(restored, what, known())
    a, b = talk(close_together(restored, NOW + 60, known()), party(False, memory(2)))
    assert a.memory.closing
    assert b.memory.closing
    assert receive(party(True, memory(2), whole_from=EPOCH), proposal, known())[0].memory.credited == 5


def test_of_what_a_forgotten_state_holds_nothing_counts_as_undone() -> None:
    """The old store's proposal, and what was undone before it, may have been made since."""
    for undone in ((), (PAY,)):
        session = party(True, replace(memory(), undone=undone))
        if not undone:
            session, _ = propose(session, (PAY,), known())
        newer, effects = heard(session, state(10, net=5))
        assert (newer.memory.undone, effects) == ((), [Keep(newer.memory)])


@pytest.mark.parametrize("missing", [{"a": None}, {"b": None}, {"a": "keyB"}, {"b": "stranger"}])
def test_a_forgotten_state_bears_both_signatures(missing: Any) -> None:
    with pytest.raises(InvalidSignature):
        heard(party(True), state(10, **missing))


@pytest.mark.parametrize(
    ("version", "net"),
    [(2, 1), (3, 6), (1, 5)],
    ids=["another newest state", "another proposal of ours", "another below what we signed"],
)
def test_what_bears_our_signature_and_contradicts_the_store_is_no_matter_of_memory(version: int, net: int) -> None:
    session = party(True, memory(2 if version > 1 else 0, signed=2) if version > 1 else memory())
    session, _ = propose(session, (PAY,), known())
    if version == 1:
        session, _ = refuse(session, said(propose(party(False), (PAY,), known()))[0], known())
    with pytest.raises(StateNotRemembered):
        heard(session, state(version, net=net))


def test_a_contradiction_that_nobody_signed_is_none() -> None:
    with pytest.raises(InvalidSignature):
        heard(party(True, memory(2)), state(2, a="keyB", net=1))


def test_an_older_state_changes_nothing() -> None:
    session = party(True, memory(4))
    assert heard(session, state(2, a=None, b=None, net=9)) == (session, [])


@pytest.mark.parametrize(
    ("changes", "error"),
    [({"epoch": EPOCH + 1}, WrongEpoch), ({"channel_id": OTHER.id}, WrongChannel)],
)
def test_another_channel_or_epoch_is_refused(changes: Any, error: Any) -> None:
    standing = state(2, **changes) if "epoch" in changes else None
    with pytest.raises(error):
        heard(party(True), standing or replace(memory().newest, channel=OTHER, message=_elsewhere()))


def _elsewhere() -> Any:
    return replace(memory().newest.message, channel_id=OTHER.id)
