from dataclasses import replace
from typing import Any

import pytest

from chain.errors import InvalidSignature, Malformed, MalformedSignature
from chain.typed_data import Domain
from chain.units import NOBODY, Seconds
from channels.duplex.messages import Challenge
from channels.duplex.signed_challenge import SignedChallenge
from channels.duplex.signed_state import SignedState
from channels.errors import WrongChannel, WrongEpoch
from tests.channels.duplex.duplex_forms import BROKEN, CHANNEL, HOME, OTHER, PEOPLE, form, promise, signature

STATE: SignedState = form("state", promises=(promise(0), promise(1)))
NONE = SignedState.none(CHANNEL, 3)
SIDES = pytest.mark.parametrize(("by_a", "key", "other"), [(True, "keyA", "keyB"), (False, "keyB", "keyA")])


def challenge(
    state: SignedState = STATE, *, by_a: bool = True, key: str | None = None, **changes: Any
) -> SignedChallenge:
    """A party's word to begin with `state`, signed by its key; every member can be another, and so can the key."""
    members: dict[str, Any] = {
        "channel_id": CHANNEL.id,
        "epoch": 3,
        "version": state.message.version,
        "deadline": 9_000,
    }
    said = Challenge(**members | changes)
    by = key or ("keyA" if by_a else "keyB")
    return SignedChallenge(state=state, challenge=said, by_a=by_a, signature=signature(by, said))


@SIDES
def test_the_challengers_key_counts_and_no_other(by_a: bool, key: str, other: str) -> None:
    signed = challenge(by_a=by_a)
    assert signed.key == signed.verified(HOME).signer == PEOPLE[key]
    assert signed.verified(HOME).message == signed.challenge
    for wrong in (other, "stranger", "a", "b"):
        with pytest.raises(InvalidSignature) as caught:
            challenge(by_a=by_a, key=wrong).verified(HOME)
        assert caught.value.facts == {"signer": PEOPLE[wrong], "expected": PEOPLE[key]}


@SIDES
def test_one_partys_word_is_not_the_others(by_a: bool, key: str, other: str) -> None:
    with pytest.raises(InvalidSignature) as caught:
        replace(challenge(by_a=by_a), by_a=not by_a).verified(HOME)
    assert caught.value.facts == {"signer": PEOPLE[key], "expected": PEOPLE[other]}


@pytest.mark.parametrize(("a", "b", "expected"), [(None, "keyB", "keyA"), ("keyA", None, "keyB"), (None, None, "keyA")])
def test_its_state_bears_both_signatures(a: str | None, b: str | None, expected: str) -> None:
    with pytest.raises(MalformedSignature) as caught:
        challenge(form("state", a, b)).verified(HOME)
    assert caught.value.facts == {"signer": NOBODY, "expected": PEOPLE[expected], "why": "it is missing"}


@pytest.mark.parametrize(("a", "b", "expected"), [("stranger", "keyB", "keyA"), ("keyA", "stranger", "keyB")])
def test_its_state_is_signed_by_both_keys(a: str, b: str, expected: str) -> None:
    with pytest.raises(InvalidSignature) as caught:
        challenge(form("state", a, b)).verified(HOME)
    assert caught.value.facts == {"signer": PEOPLE["stranger"], "expected": PEOPLE[expected]}


@SIDES
def test_without_a_state_its_own_signature_is_enough(by_a: bool, key: str, other: str) -> None:
    assert challenge(NONE, by_a=by_a).verified(HOME).signer == PEOPLE[key]
    with pytest.raises(InvalidSignature):
        challenge(NONE, by_a=by_a, key=other).verified(HOME)


def test_it_names_its_states_channel_epoch_and_version() -> None:
    with pytest.raises(WrongChannel) as of_another:
        challenge(channel_id=OTHER.id)
    assert of_another.value.facts == {"channel_id": OTHER.id, "expected": CHANNEL.id}
    for epoch in (2, 4):
        with pytest.raises(WrongEpoch) as past:
            challenge(epoch=epoch)
        assert past.value.facts == {"epoch": epoch, "current": 3}
    for version in (0, 1, 3):
        with pytest.raises(Malformed) as newer:
            challenge(version=version)
        assert newer.value.facts == {
            "what": "signed challenge",
            "why": f"it is of version {version}, its state of 2",
        }


@pytest.mark.parametrize("why", BROKEN)
@SIDES
def test_a_form_that_the_chain_would_refuse_is_refused_at_birth(by_a: bool, key: str, other: str, why: str) -> None:
    signed = challenge(by_a=by_a)
    with pytest.raises(MalformedSignature) as caught:
        replace(signed, signature=BROKEN[why](signed.signature))
    assert caught.value.facts == {"signer": NOBODY, "expected": PEOPLE[key], "why": why}
    data = signed.to_json() | {"signature": "0x" + BROKEN[why](signed.signature).hex()}
    with pytest.raises(MalformedSignature):
        SignedChallenge.from_json(data)


def test_a_signature_covers_the_deadline() -> None:
    signed = challenge()
    later = replace(signed.challenge, deadline=Seconds(9_001))
    with pytest.raises(InvalidSignature):
        replace(signed, challenge=later).verified(HOME)


@pytest.mark.parametrize("state", [STATE, NONE])
def test_it_counts_on_one_chain_and_for_one_contract(state: SignedState) -> None:
    signed = challenge(state)
    assert signed.verified(HOME).signature == signed.signature
    for other in (Domain(1, HOME.contract), Domain(HOME.chain_id, PEOPLE["stranger"])):
        with pytest.raises(InvalidSignature):
            signed.verified(other)


@pytest.mark.parametrize("state", [STATE, NONE])
@pytest.mark.parametrize("by_a", [True, False])
def test_it_travels_with_its_state(state: SignedState, by_a: bool) -> None:
    signed = challenge(state, by_a=by_a)
    data = signed.to_json()
    assert (data["byA"], data["state"]) == (by_a, state.to_json())
    assert SignedChallenge.from_json(data) == signed
