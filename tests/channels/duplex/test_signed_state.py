import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chain.errors import InvalidSignature, Malformed, MalformedSignature, OutOfRange
from chain.units import NO_HASH
from channels.duplex.messages import State
from channels.duplex.promise import NONE_LISTED, DuplexPromise, DuplexPromises, promises_hash
from channels.duplex.signed_state import SignedState
from channels.errors import PromisesOutOfOrder, TooManyPromises, WrongPromises
from tests.channels.duplex.duplex_forms import CHANNEL, HOME, PEOPLE, form, promise

TWO = (promise(0), promise(1))
PROMISING: SignedState = form("state", promises=TWO)


def travelled(listed: object) -> SignedState:
    """The state as it is read with another list."""
    return SignedState.from_json(PROMISING.to_json() | {"promises": listed})


@pytest.mark.parametrize(
    "listed",
    [(), TWO[:1], TWO[1:], (*TWO, promise(2)), (promise(0, from_a=False), TWO[1]), (TWO[0], promise(1, amount=99))],
)
def test_its_promises_are_all_that_its_hash_stands_for(listed: tuple[DuplexPromise, ...]) -> None:
    with pytest.raises(WrongPromises) as caught:
        replace(PROMISING, promises=listed)
    assert caught.value.facts == {"promises": promises_hash(listed), "expected": PROMISING.message.promises}


def test_a_state_without_promises_has_none() -> None:
    bare: SignedState = form("state")
    assert (bare.message.promises, bare.listed, bare.leaves) == (NO_HASH, NONE_LISTED, ())
    assert "promises" not in bare.to_json()
    with pytest.raises(WrongPromises) as caught:
        replace(bare, promises=TWO)
    assert caught.value.facts == {"promises": PROMISING.message.promises, "expected": NO_HASH}


@given(order=st.permutations([promise(number) for number in range(5)]))
def test_the_order_in_which_they_stand_is_kept_and_means_nothing(order: list[DuplexPromise]) -> None:
    sent: SignedState = form("state", promises=tuple(order))
    assert sent.message.promises == promises_hash(promise(number) for number in range(5))
    assert SignedState.from_json(json.dumps(sent.to_json())).promises == tuple(order)
    assert list(sent.leaves) == sorted(one.struct_hash() for one in order)
    assert sent.listed == DuplexPromises.of(order)
    assert sent.listed.struct_hash() == sent.message.promises


@pytest.mark.parametrize("listed", [None, "", {}, "promises", [], [None], [[]], ["0x"], [{}]])
def test_what_is_no_list_of_promises_is_malformed(listed: object) -> None:
    with pytest.raises(Malformed) as caught:
        travelled(listed)
    assert caught.value.facts["what"] == ("DuplexPromise" if isinstance(listed, list) and listed else "promises")


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"more": "1"}, "DuplexPromise"),
        ({"fromA": "true"}, "from_a"),
        ({"fromA": 1}, "from_a"),
        ({"amount": 100}, "amount"),
        ({"expiry": "1e3"}, "expiry"),
        ({"salt": "00" * 32}, "salt"),
    ],
)
def test_a_promise_is_read_strictly(change: dict[str, Any], what: str) -> None:
    with pytest.raises(Malformed) as caught:
        travelled([TWO[0].to_json() | change, TWO[1].to_json()])
    assert caught.value.facts["what"] == what


def test_a_promise_lacks_no_member() -> None:
    for member in TWO[0].to_json():
        rest = {name: word for name, word in TWO[0].to_json().items() if name != member}
        with pytest.raises(Malformed):
            travelled([rest, TWO[1].to_json()])


def test_no_promise_stands_twice_and_seventeen_are_too_many() -> None:
    with pytest.raises(PromisesOutOfOrder) as repeated:
        travelled([TWO[0].to_json(), TWO[1].to_json(), TWO[0].to_json()])
    assert repeated.value.facts["position"] in {1, 2}
    with pytest.raises(TooManyPromises) as many:
        travelled([promise(number).to_json() for number in range(17)])
    assert many.value.facts == {"number": 17, "most": 16}
    sixteen = form("state", promises=tuple(promise(number) for number in range(16)))
    assert SignedState.from_json(sixteen.to_json()) == sixteen


def test_what_one_party_promises_in_all_fits_96_bits() -> None:
    largest = [promise(0, amount=2**96 - 1).to_json(), promise(1, amount=2**96 - 1).to_json()]
    with pytest.raises(WrongPromises):
        travelled(largest)
    with pytest.raises(OutOfRange) as caught:
        travelled([*largest, promise(2, amount=1).to_json()])
    assert caught.value.facts["name"] == "total_from_a"


def test_other_promises_are_another_message_to_the_keys() -> None:
    other: SignedState = form("state", promises=TWO[:1])
    forged = replace(PROMISING, message=other.message, promises=other.promises)
    with pytest.raises(InvalidSignature) as caught:
        forged.verified(HOME)
    assert caught.value.facts["expected"] == PEOPLE["keyA"]


def test_no_state_is_version_0_of_an_epoch_and_nobody_has_signed_it() -> None:
    none = SignedState.none(CHANNEL, 5)
    assert none.message == State(channel_id=CHANNEL.id, epoch=5, version=0, net=0)
    assert (none.signature_a, none.signature_b, none.promises, none.listed) == (None, None, (), NONE_LISTED)
    assert SignedState.from_json(none.to_json()) == none
    with pytest.raises(MalformedSignature):
        none.verified(HOME)
