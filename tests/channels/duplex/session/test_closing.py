from typing import Any

import pytest

from chain.errors import InvalidSignature
from channels.duplex import actions
from channels.duplex.duplex import Duplex
from channels.duplex.ledger import DuplexLedger
from channels.duplex.session import Bring, Keep, Pay, Send, close_together, propose, receive
from channels.duplex.session.errors import (
    CloseDeadlineOutOfBounds,
    CloseSigned,
    NotInStep,
    OtherNet,
    ProposalOutstanding,
    StillOwed,
)
from channels.errors import NotOpen, WrongEpoch
from tests.channels.duplex.duplex_forms import CHANNEL, HOME, PEOPLE, form
from tests.channels.duplex.session.chain_end import BOTH, Chain
from tests.channels.duplex.session.parties import DUPLEX, EPOCH, NOW, known, leaf, memory, party, promise, said, talk

DEADLINE = NOW + 1_000
PAY = Pay(amount=5)  # type: ignore[arg-type]


def half(deadline: Any = DEADLINE, **more: Any) -> Any:
    """As B has signed it."""
    return form("close", a=None, **{"deadline": deadline, "net": 40, "epoch": EPOCH} | more)


def at(*promises: Any, **more: Any) -> Any:
    return memory(2, promises, net=40, **more)


def test_both_end_the_epoch_at_the_net_of_their_newest_state() -> None:
    step = close_together(party(True, at()), DEADLINE, known())
    assert step[1] == [Keep(step[0].memory), Send(step[0].memory.closing)]  # type: ignore[arg-type]
    answered = receive(party(False, at()), said(step)[0], known())
    assert answered[1] == [Keep(answered[0].memory), Send(answered[0].memory.closing)]  # type: ignore[arg-type]

    a, effects = receive(step[0], said(answered)[0], known())
    assert effects == [Keep(a.memory), Bring(a.memory.closing)]  # type: ignore[arg-type]
    assert a.memory.closing is not None
    chain = Chain(DuplexLedger(channel=CHANNEL, domain=HOME, duplex=DUPLEX))
    chain.do(actions.CloseTogether(caller=PEOPLE["a"], message=a.memory.closing.message, **BOTH), NOW)
    assert chain.paid == {PEOPLE["a"]: 960, PEOPLE["b"]: 1_040}


def test_whoever_has_not_seen_our_answer_gets_it_again() -> None:
    agreed, effects = receive(party(True, at()), half(), known())
    assert receive(agreed, half(), known()) == (agreed, effects[1:])
    assert receive(agreed, said((agreed, effects))[0], known()) == (agreed, [])


def test_after_our_word_no_state_is_signed() -> None:
    offer = said(propose(party(False, at()), (PAY,), known()))[0]
    for session in (
        close_together(party(True, at()), DEADLINE, known())[0],
        receive(party(True, at()), half(), known())[0],
    ):
        with pytest.raises(CloseSigned):
            propose(session, (PAY,), known())
        with pytest.raises(CloseSigned):
            receive(session, offer, known())
    dead = known(DEADLINE + 300)
    receive(session, offer, dead)


def test_it_is_legal_in_a_fight() -> None:
    close_together(party(True, at(), fighting=True), DEADLINE, known())
    receive(party(True, at(), fighting=True), half(), known())


@pytest.mark.parametrize(
    ("changes", "error"), [({"in_step": False}, NotInStep), ({"duplex": Duplex(epoch=EPOCH)}, NotOpen)]
)
def test_out_of_step_or_after_the_end_nothing_is_signed(changes: Any, error: Any) -> None:
    with pytest.raises(error):
        close_together(party(True, at(), **changes), DEADLINE, known())
    with pytest.raises(error):
        receive(party(True, at(), **changes), half(), known())


def test_no_close_beside_a_proposal_that_the_other_can_still_sign() -> None:
    session, _ = propose(party(True, at()), (PAY,), known())
    verbs: Any = (
        lambda: close_together(session, DEADLINE, known()),
        lambda: receive(session, half(), known()),
    )
    for verb in verbs:
        with pytest.raises(ProposalOutstanding):
            verb()


@pytest.mark.parametrize(("seconds", "allowed"), [(0, False), (1, True), (3_600, True), (3_601, False)])
def test_a_close_holds_the_channel_for_a_bounded_time(seconds: int, allowed: bool) -> None:
    verbs: Any = (
        lambda: close_together(party(True, at()), NOW + seconds, known()),
        lambda: receive(party(True, at()), half(NOW + seconds), known()),
    )
    for verb in verbs:
        if allowed:
            verb()
            continue
        with pytest.raises(CloseDeadlineOutOfBounds):
            verb()


def test_of_two_closes_that_cross_the_later_wins_so_that_no_earlier_one_is_forgotten() -> None:
    session, _ = close_together(party(True, at()), DEADLINE, known())
    with pytest.raises(CloseDeadlineOutOfBounds):
        receive(session, half(DEADLINE - 1), known())
    newer, _ = receive(session, half(DEADLINE + 1), known())
    assert newer.memory.closing is not None
    assert newer.memory.closing.message.deadline == DEADLINE + 1


def test_two_that_say_the_same_at_once_need_no_answer() -> None:
    a = close_together(party(True, at()), DEADLINE, known())
    b = close_together(party(False, at()), DEADLINE, known())
    for ours, theirs in ((a, b), (b, a)):
        newer, effects = receive(ours[0], said(theirs)[0], known())
        assert effects == [Keep(newer.memory), Bring(newer.memory.closing)]  # type: ignore[arg-type]


def test_at_no_other_net() -> None:
    with pytest.raises(OtherNet) as caught:
        receive(party(True, at()), half(net=41), known())
    assert caught.value.facts == {"net": 41, "expected": 40}


@pytest.mark.parametrize(
    ("number", "now", "more", "allowed"),
    [
        (1, NOW, {}, False),
        (1, NOW, {"least": {leaf(1): 0}}, True),
        (1, NOW + 1_199, {}, False),
        (1, NOW + 1_200, {}, True),
        (1, NOW + 1_200, {"recorded": {leaf(1): 1}}, False),
        (2, NOW, {}, True),
    ],
)
def test_a_promise_to_us_is_settled_first_or_knowingly_given_up(
    number: int, now: Any, more: Any, allowed: bool
) -> None:
    session, knowing = party(True, at(promise(number))), known(now, **more)
    verbs: Any = (
        lambda: close_together(session, now + 1_000, knowing),
        lambda: receive(session, half(now + 1_000), knowing),
    )
    for verb in verbs:
        if allowed:
            verb()
            continue
        with pytest.raises(StillOwed):
            verb()


def test_the_others_signature_is_looked_at_in_both_roles() -> None:
    begun, _ = close_together(party(True, at()), DEADLINE, known())
    for session in (party(True, at()), begun):
        for form_ in (half(b="stranger"), half(b="keyA"), half(b=None)):
            with pytest.raises(InvalidSignature):
                receive(session, form_, known())


def test_another_epoch_is_refused() -> None:
    with pytest.raises(WrongEpoch):
        receive(party(True, at()), half(epoch=EPOCH + 1), known())


def test_a_close_that_died_leaves_both_free_again() -> None:
    a, b = talk(close_together(party(True, at()), DEADLINE, known()), party(False, at()))
    a, b = talk(propose(a, (PAY,), known(DEADLINE + 300)), b, known(DEADLINE + 300))
    assert a.newest.message == b.newest.message
    assert a.newest.message.net == 45
