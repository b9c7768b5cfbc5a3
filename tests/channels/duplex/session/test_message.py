import json
from dataclasses import replace
from typing import Any

import pytest

from chain.errors import EarnestError, Malformed, OutOfRange, WrongLength
from chain.refusals import InvalidAmount
from channels.duplex.session import Drop, Fold, Offer, Pay, Proposal, Standing, propose, receive, settled
from channels.duplex.session import message as messages
from channels.duplex.session.proposal import MOST_CHANGES, MOST_SHOWN
from channels.strict import LONGEST_JSON
from tests.channels.duplex.duplex_forms import HOME, SIGNERS, form, message
from tests.channels.duplex.session.parties import EPOCH, SIGN, known, leaf, memory, party, preimage, promise, said

PAY: Any = Pay(amount=5)  # type: ignore[arg-type]
AMOUNT: Any = 2**96 - 1


def every_change() -> Proposal:
    at = memory(2, (promise(1), promise(0)))
    fold, drop = settled(party(True, at), leaf(1), preimage(1), known()), Drop(promise_hash=leaf(0))
    session = party(True, at)
    changes = (PAY, fold, drop, Offer(promise=promise(2)))
    [proposal] = said(propose(session, changes, known(least={leaf(0): 0})))
    assert isinstance(proposal, Proposal)
    return proposal


MESSAGES = {
    "proposal": every_change(),
    "standing": Standing(state=memory(2, (promise(1),)).newest, asks=True),
    "nothing": Standing(state=memory().newest, asks=False),
    "close": form("close", b=None, epoch=EPOCH),
}


@pytest.mark.parametrize("name", sorted(MESSAGES))
def test_what_arrives_is_what_was_sent(name: str) -> None:
    sent = MESSAGES[name]
    assert messages.from_json(json.dumps(messages.to_json(sent))) == sent


@pytest.mark.parametrize("name", sorted(MESSAGES))
def test_any_member_of_another_form_is_refused(name: str) -> None:
    [(word, said_)] = messages.to_json(MESSAGES[name]).items()
    for member in said_:
        for wrong in (None, 7, "x", [7], [{"x": 1}]):
            with pytest.raises(EarnestError):
                messages.from_json({word: said_ | {member: wrong}})
        with pytest.raises(EarnestError):
            messages.from_json({word: {key: value for key, value in said_.items() if key != member} | {"more": 1}})


@pytest.mark.parametrize(
    "data", [{}, {"proposal": {}, "close": {}}, {"other": {}}, {"close": "{}"}, "[]", {"close": 1}]
)
def test_what_is_no_message_is_refused(data: Any) -> None:
    with pytest.raises(Malformed):
        messages.from_json(data)


def test_text_within_text_is_refused() -> None:
    [(kind, close)] = messages.to_json(MESSAGES["close"]).items()
    with pytest.raises(Malformed):
        messages.from_json({kind: json.dumps(close)})
    for name, member in (("standing", "state"), ("proposal", "state")):
        [(word, said_)] = messages.to_json(MESSAGES[name]).items()
        with pytest.raises(Malformed):
            messages.from_json({word: said_ | {member: json.dumps(said_[member])}})


@pytest.mark.parametrize(
    "change",
    [{}, {"pay": 5}, {"pay": "0"}, {"pay": "5", "drop": "0x00"}, {"fold": "0x00"}, "pay", {"x": "5"}],
)
def test_what_is_no_change_is_refused(change: Any) -> None:
    told = MESSAGES["proposal"].to_json()
    with pytest.raises(EarnestError):
        Proposal.from_json(told | {"changes": [change]})


def test_the_longest_proposal_is_short_enough_to_be_read() -> None:
    begun = [promise(0, salt=bytes([number]) * 32, amount=AMOUNT) for number in range(16)]
    offered = [promise(1, salt=bytes([number]) * 32, amount=AMOUNT) for number in range(16, 32)]
    shown = bytes(MOST_SHOWN // 16)
    folds = [Fold(promise_hash=found.struct_hash(), amount=AMOUNT, shown=shown) for found in begun]
    said_ = message("state", version=2**64 - 1, net=-(2**255), epoch=2**32 - 1)
    longest = Proposal(
        base=2**64 - 2, changes=(*folds, *(Offer(promise=found) for found in offered)), message=said_
    ).signed(SIGN[True](said_))
    text = json.dumps(messages.to_json(longest))
    assert len(text) <= LONGEST_JSON
    assert messages.from_json(text) == longest


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"changes": (PAY,) * MOST_CHANGES}, None),
        ({"changes": (PAY,) * (MOST_CHANGES + 1)}, Malformed),
        ({"changes": (Fold(promise_hash=leaf(1), amount=AMOUNT, shown=bytes(MOST_SHOWN)),)}, None),
        ({"changes": (Fold(promise_hash=leaf(1), amount=AMOUNT, shown=bytes(MOST_SHOWN // 2 + 1)),) * 2}, Malformed),
        ({"base": 1}, None),
        ({"base": 2}, Malformed),
        ({"base": -1}, OutOfRange),
        ({"base": 2**64}, OutOfRange),
    ],
)
def test_a_proposal_has_bounds(changes: Any, error: Any) -> None:
    members = {"base": 0, "changes": (), "message": message("state", version=2)} | changes
    if error is None:
        Proposal(**members)
        return
    with pytest.raises(error):
        Proposal(**members)


def test_a_list_of_changes_is_counted_before_one_is_read() -> None:
    told = MESSAGES["proposal"].to_json()
    with pytest.raises(Malformed, match="no list of 32"):
        Proposal.from_json(told | {"changes": [{"pay": "x"}] * (MOST_CHANGES + 1)})


@pytest.mark.parametrize("amount", [0, -1, 2**96, True, "5"])
def test_a_change_is_of_something(amount: Any) -> None:
    for make in (lambda: Pay(amount=amount), lambda: Fold(promise_hash=leaf(1), amount=amount)):
        with pytest.raises((InvalidAmount, OutOfRange)):
            make()


def test_a_promise_of_nothing_takes_no_place() -> None:
    with pytest.raises(InvalidAmount):
        Offer(promise=promise(1, amount=0))


def test_a_promise_is_named_by_its_hash() -> None:
    for kind in (lambda: Drop(promise_hash=b"1"), lambda: Fold(promise_hash=b"1", amount=AMOUNT)):  # type: ignore[arg-type]
        with pytest.raises(WrongLength):
            kind()


def test_every_message_is_signed_by_who_hands_it_over() -> None:
    step = propose(party(True), (PAY,), known())
    [proposal] = said(step)
    [answer] = said(receive(party(False), proposal, known()))
    answer.state.verified(HOME)
    unsigned = replace(form("close", a=None), signature_b=None)
    full = messages.signed(messages.signed(unsigned, SIGN[True]), SIGN[False])
    assert full == form("close")
    assert messages.signed(MESSAGES["nothing"], SIGN[True]) == MESSAGES["nothing"], "nobody signs version 0"


def test_a_signature_of_another_message_is_refused() -> None:
    with pytest.raises(Malformed):
        MESSAGES["proposal"].signed(SIGNERS["keyA"].sign(HOME, message("state")))
