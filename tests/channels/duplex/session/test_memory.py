import json
from dataclasses import replace
from typing import Any

import pytest

from chain.errors import EarnestError, Malformed, OutOfRange
from channels.duplex.session import Memory, Pay, close_together, propose, receive
from channels.duplex.signed_together import SignedCloseTogether
from tests.channels.duplex.duplex_forms import CHANNEL, OTHER, form, message
from tests.channels.duplex.session.parties import EPOCH, NOW, known, memory, party, promise, said

PAY = Pay(amount=5)  # type: ignore[arg-type]


def full() -> Memory:
    """With everything that there can be."""
    at = memory(2, (promise(0), promise(3)), undone=(PAY,), credited=2**100)
    closing, _ = close_together(party(True, at), NOW + 1, known(least={promise(3).struct_hash(): 0}))
    session, _ = propose(closing, (PAY,), known(NOW + 500))
    return replace(session.memory, undone=(PAY,), corrected=True)


@pytest.mark.parametrize("kept", [memory(), memory(2), full()])
def test_what_is_read_is_what_was_kept(kept: Memory) -> None:
    assert Memory.from_json(kept.to_json()) == kept
    assert Memory.from_json(json.loads(json.dumps(kept.to_json()))) == kept


@pytest.mark.parametrize("name", sorted(full().to_json()))
def test_a_row_with_a_member_of_another_form_is_refused(name: str) -> None:
    for wrong in (None, 7, "x", ["x"]):
        with pytest.raises(EarnestError):
            Memory.from_json(full().to_json() | {name: wrong})


def test_text_is_parsed_by_the_store_since_only_strangers_are_held_to_be_short() -> None:
    with pytest.raises(Malformed):
        Memory.from_json(json.dumps(memory().to_json()))


def test_an_unknown_or_missing_member_is_refused() -> None:
    with pytest.raises(Malformed):
        Memory.from_json(full().to_json() | {"more": "1"})
    with pytest.raises(Malformed):
        Memory.from_json({name: value for name, value in full().to_json().items() if name != "signed"})


ELSEWHERE: dict[str, Any] = {"channel_id": OTHER.id, "epoch": EPOCH}


def outstanding(at: Memory) -> Any:
    return propose(party(True, at), (PAY,), known())[0].memory.outstanding


@pytest.mark.parametrize(
    "changes",
    [
        {"signed": 1},
        {"outstanding": outstanding(memory(2)), "signed": 4},
        {"outstanding": outstanding(memory()), "signed": 2},
        {"outstanding": replace(outstanding(memory(2)), base=1), "signed": 3},
        {"outstanding": replace(outstanding(memory(2)), message=message("state", version=3, epoch=4)), "signed": 3},
        {"outstanding": replace(outstanding(memory(2)), message=message("state", version=3, **ELSEWHERE)), "signed": 3},
        {"closing": form("close", epoch=EPOCH + 1, deadline=1)},
        {"closing": SignedCloseTogether(channel=OTHER, message=message("close", deadline=1, **ELSEWHERE))},
    ],
)
def test_what_can_never_have_been_kept_is_refused(changes: Any) -> None:
    with pytest.raises(Malformed):
        memory(2, **changes)


@pytest.mark.parametrize(("name", "most"), [("signed", 2**64 - 1), ("credited", 2**256 - 1), ("revision", 2**64 - 1)])
def test_numbers_fit_their_columns(name: str, most: int) -> None:
    allowed: Any = {name: most}
    memory(2, **allowed)
    for number in (-1, most + 1):
        wrong: Any = {name: number}
        with pytest.raises(OutOfRange):
            memory(2, **wrong)


def test_every_row_replaces_the_one_before() -> None:
    a = propose(party(True), (PAY,), known())
    b = receive(party(False), said(a)[0], known())
    c = receive(a[0], said(b)[0], known())
    assert [step[0].memory.revision for step in (a, b, c)] == [1, 1, 2]
    assert {step[0].memory.key for step in (a, b, c)} == {(CHANNEL.id, EPOCH)}
