from dataclasses import replace
from typing import Any

import pytest

from chain.errors import InvalidSignature, Malformed, MalformedSignature
from chain.signing import compact
from chain.typed_data import Domain
from chain.units import NOBODY
from channels.duplex.channel import DuplexChannel
from channels.errors import WrongChannel
from tests.channels.duplex.duplex_forms import (
    BROKEN,
    CHANNEL,
    FORMS,
    HIGHEST_S,
    HOME,
    OTHER,
    PEOPLE,
    SIGNERS,
    described,
    form,
    message,
    signature,
    with_s,
)

A, B, STRANGER = (PEOPLE[role] for role in ("keyA", "keyB", "stranger"))
PLACES = [("signature_a", "keyA"), ("signature_b", "keyB")]
HALVES: list[tuple[str | None, str | None]] = [(None, None), ("keyA", None), (None, "keyB"), ("keyA", "keyB")]
pytestmark = pytest.mark.parametrize("name", FORMS)


def test_a_message_of_another_channel_is_refused_at_birth(name: str) -> None:
    with pytest.raises(WrongChannel) as caught:
        replace(form(name), channel=OTHER)
    assert caught.value.facts == {"channel_id": CHANNEL.id, "expected": OTHER.id}


@pytest.mark.parametrize("why", BROKEN)
@pytest.mark.parametrize(("place", "key"), PLACES)
def test_a_form_that_the_chain_would_refuse_is_refused_at_birth(name: str, place: str, key: str, why: str) -> None:
    with pytest.raises(MalformedSignature) as caught:
        replace(form(name), **{place: BROKEN[why](signature(key, message(name)))})
    assert caught.value.facts == {"signer": NOBODY, "expected": PEOPLE[key], "why": why}


@pytest.mark.parametrize(("place", "key"), PLACES)
def test_the_highest_low_s_has_the_right_form(name: str, place: str, key: str) -> None:
    highest = with_s(signature(key, message(name)), HIGHEST_S)
    assert getattr(replace(form(name), **{place: highest}), place) == highest
    with pytest.raises(MalformedSignature):
        replace(form(name), **{place: with_s(highest, HIGHEST_S + 1)})


def test_both_keys_have_signed_it_in_their_order(name: str) -> None:
    of_a, of_b = form(name).verified(HOME)
    assert (of_a.signer, of_b.signer) == (A, B)
    assert of_a.message == of_b.message == message(name)
    assert (of_a.signature, of_b.signature) == (signature("keyA", message(name)), signature("keyB", message(name)))


@pytest.mark.parametrize(("a", "b", "missing"), [("keyA", None, B), (None, "keyB", A), (None, None, A)])
def test_half_of_it_is_not_verified(name: str, a: str | None, b: str | None, missing: str) -> None:
    with pytest.raises(MalformedSignature) as caught:
        form(name, a, b).verified(HOME)
    assert caught.value.facts == {"signer": NOBODY, "expected": missing, "why": "it is missing"}


def test_half_of_it_is_verified_of_its_one_key(name: str) -> None:
    assert form(name, b=None).verified_of(HOME, A).signer == A
    assert form(name, a=None).verified_of(HOME, B).signer == B
    for half, key in ((form(name, b=None), B), (form(name, a=None), A), (form(name), STRANGER)):
        with pytest.raises(MalformedSignature) as caught:
            half.verified_of(HOME, key)
        assert caught.value.facts["expected"] == key


@pytest.mark.parametrize(
    ("a", "b", "signer", "expected"),
    [
        ("stranger", "keyB", STRANGER, A),
        ("keyA", "stranger", STRANGER, B),
        ("keyB", "keyB", B, A),
        ("keyA", "keyA", A, B),
        ("keyB", "keyA", B, A),
        ("a", "keyB", PEOPLE["a"], A),
        ("keyA", "b", PEOPLE["b"], B),
    ],
)
def test_each_partys_own_key_counts_and_no_other(name: str, a: str, b: str, signer: str, expected: str) -> None:
    with pytest.raises(InvalidSignature) as caught:
        form(name, a, b).verified(HOME)
    assert caught.value.facts == {"signer": signer, "expected": expected}


def test_a_signature_covers_every_member(name: str) -> None:
    signed = form(name)
    for member in signed.message.members:
        if member.kind == "bytes32":
            continue  # Another channel or other promises are refused before any key is asked.
        changed = replace(signed.message, **{member.snake: getattr(signed.message, member.snake) + 1})
        with pytest.raises(InvalidSignature):
            replace(signed, message=changed).verified(HOME)


@pytest.mark.parametrize("other", [Domain(1, HOME.contract), Domain(HOME.chain_id, PEOPLE["stranger"])])
def test_it_counts_on_one_chain_and_for_one_contract(name: str, other: Domain) -> None:
    with pytest.raises(InvalidSignature) as caught:
        form(name).verified(other)
    assert caught.value.facts["expected"] == A


def test_it_goes_from_hand_to_hand_until_both_have_signed(name: str) -> None:
    fresh, said = form(name, None, None), message(name)
    by_a, by_b = (SIGNERS[key].sign(HOME, said) for key in ("keyA", "keyB"))
    assert fresh.signed(by_a) == form(name, b=None)
    assert fresh.signed(by_b) == form(name, a=None)
    assert fresh.signed(by_a).signed(by_b) == fresh.signed(by_b).signed(by_a) == form(name)


def test_a_strangers_or_another_messages_signature_is_not_put_in(name: str) -> None:
    fresh = form(name, None, None)
    with pytest.raises(InvalidSignature) as caught:
        fresh.signed(SIGNERS["stranger"].sign(HOME, message(name)))
    assert caught.value.facts == {"signer": STRANGER, "expected": f"{A} or {B}"}
    with pytest.raises(Malformed) as refused:
        fresh.signed(SIGNERS["keyA"].sign(HOME, message(name, net=7)))
    assert refused.value.facts == {"what": "signature", "why": "it is of another message"}


@pytest.mark.parametrize(("a", "b"), HALVES)
def test_a_partys_call_stands_for_its_signature(name: str, a: str | None, b: str | None) -> None:
    left = ([A] if a is None else []) + ([B] if b is None else [])
    half = form(name, a, b)
    assert half.missing(STRANGER) == tuple(left)
    assert half.missing(A) == tuple(left)  # The key is not the party.
    assert half.missing(PEOPLE["a"]) == tuple(key for key in left if key != A)
    assert half.missing(PEOPLE["b"]) == tuple(key for key in left if key != B)


@pytest.mark.parametrize(("a", "b"), HALVES)
def test_the_contract_sees_who_signed_and_nobody_where_nobody_has(name: str, a: str | None, b: str | None) -> None:
    half = form(name, a, b)
    assert half.signers(HOME) == (NOBODY if a is None else A, NOBODY if b is None else B)
    words = [compact(signed) if signed else (bytes(32), bytes(32)) for signed in (half.signature_a, half.signature_b)]
    assert half.signatures == (*words[0], *words[1])


def test_keys_that_are_the_parties_own_sign_as_well(name: str) -> None:
    own: DuplexChannel = described(signer_a=PEOPLE["a"], signer_b=PEOPLE["b"])
    said: Any = message(name, channel_id=own.id)
    kind = FORMS[name][0]
    signed = kind(channel=own, message=said, signature_a=signature("a", said), signature_b=signature("b", said))
    assert [one.signer for one in signed.verified(HOME)] == [PEOPLE["a"], PEOPLE["b"]]
    assert kind(channel=own, message=said).missing(PEOPLE["a"]) == (PEOPLE["b"],)
