"""The forms in which a two-way channel's messages travel, all read as strictly."""

import json
from typing import Any

import pytest

from chain.errors import InvalidValue, Malformed, MalformedSignature, NotAnAddress, OutOfRange, WrongLength
from chain.units import NOBODY, Seconds
from channels.duplex.messages import Challenge
from channels.duplex.signed_challenge import SignedChallenge
from channels.errors import WrongChannel
from channels.strict import LONGEST_JSON
from tests.channels.duplex.duplex_forms import BROKEN, CHANNEL, FORMS, OTHER, PEOPLE, form, promise, signature

SIXTEEN = tuple(promise(number, amount=2**92 - 1, expiry=2**48 - 1) for number in range(16))


def challenge(**state: Any) -> SignedChallenge:
    said = Challenge(channel_id=CHANNEL.id, epoch=3, version=2, deadline=Seconds(9_000))
    return SignedChallenge(state=form("state", **state), challenge=said, by_a=True, signature=signature("keyA", said))


TRAVELLERS: dict[str, Any] = {name: form(name) for name in FORMS} | {"challenge": challenge()}
CALLED = {
    "state": "signed state",
    "close": "signed close",
    "withdrawal": "signed withdrawal",
    "challenge": "signed challenge",
}
MESSAGES = {"state": "State", "close": "CloseTogether", "withdrawal": "WithdrawTogether", "challenge": "Challenge"}
every = pytest.mark.parametrize("name", TRAVELLERS)
cosigned = pytest.mark.parametrize("name", FORMS)


def refused(name: str, data: object, error: type[InvalidValue]) -> dict[str, Any]:
    with pytest.raises(error) as caught:
        type(TRAVELLERS[name]).from_json(data)
    assert type(caught.value) is error
    return caught.value.facts


def inside(name: str, **changes: Any) -> dict[str, Any]:
    """The form with other members in its message."""
    data = TRAVELLERS[name].to_json()
    return {**data, name: data[name] | changes}


@every
def test_it_travels_as_json_and_comes_back_the_same(name: str) -> None:
    sent = TRAVELLERS[name]
    text = json.dumps(sent.to_json(), indent=4)
    for data in (sent.to_json(), text, text.encode()):
        assert type(sent).from_json(data) == sent


@cosigned
@pytest.mark.parametrize(("a", "b"), [(None, None), ("keyA", None), (None, "keyB"), ("keyA", "keyB")])
def test_a_signature_that_is_not_there_is_no_member(name: str, a: str | None, b: str | None) -> None:
    half = form(name, a, b)
    members = {"channel", name} | ({"signatureA"} if a else set()) | ({"signatureB"} if b else set())
    assert set(half.to_json()) == members
    assert type(half).from_json(half.to_json()) == half


@every
def test_an_unknown_or_a_missing_member_is_refused(name: str) -> None:
    data = TRAVELLERS[name].to_json()
    needed = set(data) - ({"signatureA", "signatureB"} if name in FORMS else set())
    assert refused(name, data | {"more": "1"}, Malformed)["what"] == CALLED[name]
    for member in needed:
        rest = {other: data[other] for other in data if other != member}
        assert refused(name, rest, Malformed)["what"] == CALLED[name]


@every
def test_the_messages_members_are_the_type_strings(name: str) -> None:
    data = TRAVELLERS[name].to_json()
    assert refused(name, inside(name, more="1"), Malformed)["what"] == MESSAGES[name]
    for member in data[name]:
        rest = {other: data[name][other] for other in data[name] if other != member}
        assert refused(name, {**data, name: rest}, Malformed)["what"] == MESSAGES[name]
    if name in FORMS:
        channel = data["channel"] | {"id": "0x" + CHANNEL.id.hex()}
        assert refused(name, data | {"channel": channel}, Malformed)["what"] == "DuplexChannel"


@every
def test_a_name_that_stands_twice_is_refused_at_every_depth(name: str) -> None:
    data = TRAVELLERS[name].to_json()
    for text in (
        json.dumps(data)[:-1] + f', "{name}": {json.dumps(data[name])}' + "}",
        json.dumps(data).replace('"epoch": "3"', '"epoch": "3", "epoch": "3"', 1),
    ):
        assert refused(name, text, Malformed) == {
            "what": CALLED[name],
            "why": "it is no JSON: a name stands twice in one object",
        }


@every
@pytest.mark.parametrize("text", ["", "{", "[]", "7", "null", '"state"', "{}", b"\xff\xfe", "[" * 100_000])
def test_what_is_no_such_form_is_malformed(name: str, text: str | bytes) -> None:
    assert refused(name, text, Malformed)["what"] == CALLED[name]


@every
@pytest.mark.parametrize(
    ("member", "value", "error"),
    [
        ("epoch", 3, Malformed),
        ("epoch", "03", Malformed),
        ("epoch", "3.0", Malformed),
        ("epoch", " 3", Malformed),
        ("epoch", "-3", OutOfRange),
        ("epoch", str(2**32), OutOfRange),
        ("channelId", None, Malformed),
        ("channelId", "0x" + "00" * 31, WrongLength),
        ("channelId", "00" * 32, Malformed),
    ],
)
def test_a_member_of_another_form_is_refused(name: str, member: str, value: Any, error: type[InvalidValue]) -> None:
    refused(name, inside(name, **{member: value}), error)


@cosigned
@pytest.mark.parametrize(
    ("net", "error"),
    [
        (str(2**255), OutOfRange),
        (str(-(2**255) - 1), OutOfRange),
        ("-0", Malformed),
        ("+7", Malformed),
        ("0x7", Malformed),
        (-7, Malformed),
    ],
)
def test_a_net_is_a_signed_number_of_256_bits(name: str, net: Any, error: type[InvalidValue]) -> None:
    refused(name, inside(name, net=net), error)


@cosigned
@pytest.mark.parametrize("net", [2**255 - 1, -(2**255), 0])
def test_a_net_travels_up_to_its_bounds(name: str, net: int) -> None:
    signed = form(name, net=net)
    assert type(signed).from_json(json.dumps(signed.to_json())) == signed


@cosigned
@pytest.mark.parametrize(("place", "key"), [("signatureA", "keyA"), ("signatureB", "keyB")])
def test_a_signature_is_65_bytes_in_hex_with_a_low_s(name: str, place: str, key: str) -> None:
    data = form(name).to_json()
    no_hex: list[Any] = [None, 7, [], "", "0x0", data[place][2:], "0x" + "zz" * 65]
    for value in no_hex:
        assert refused(name, data | {place: value}, Malformed)["what"] == place
    for why, broken in BROKEN.items():
        with pytest.raises(MalformedSignature) as caught:
            type(form(name)).from_json(data | {place: "0x" + broken(bytes.fromhex(data[place][2:])).hex()})
        assert caught.value.facts == {"signer": NOBODY, "expected": PEOPLE[key], "why": why}


@cosigned
@pytest.mark.parametrize(
    ("member", "value", "error"),
    [
        ("partyA", CHANNEL.party_a.swapcase(), NotAnAddress),
        ("signerB", "0x00", NotAnAddress),
        ("window", str(2**32), OutOfRange),
        ("salt", 0, Malformed),
    ],
)
def test_its_channel_is_read_as_strictly(name: str, member: str, value: Any, error: type[InvalidValue]) -> None:
    data = form(name).to_json()
    refused(name, data | {"channel": data["channel"] | {member: value}}, error)
    refused(name, data | {"channel": [data["channel"]]}, Malformed)


@pytest.mark.parametrize("name", ["close", "withdrawal"])
def test_only_a_state_has_promises(name: str) -> None:
    data = form(name).to_json() | {"promises": [promise(0).to_json()]}
    assert refused(name, data, Malformed)["what"] == CALLED[name]


@pytest.mark.parametrize("by_a", ["true", 1, None, "A"])
def test_a_challenges_party_is_a_truth_value(by_a: Any) -> None:
    assert refused("challenge", challenge().to_json() | {"byA": by_a}, Malformed)["what"] == "byA"


def test_a_challenges_state_is_an_object_and_no_text() -> None:
    data = challenge().to_json()
    for state in (json.dumps(data["state"]), json.dumps(data["state"]).encode()):
        assert refused("challenge", data | {"state": state}, Malformed) == {
            "what": "state",
            "why": "it is no JSON object",
        }
    assert refused("challenge", data | {"state": None}, Malformed)["what"] == "signed state"


def test_a_challenge_with_the_longest_numbers_and_sixteen_promises_is_short_enough() -> None:
    same: dict[str, Any] = {"epoch": 2**32 - 1, "version": 2**64 - 1}
    state, latest = form("state", promises=SIXTEEN, net=-(2**255), **same), Seconds(2**48 - 1)
    said = Challenge(channel_id=CHANNEL.id, deadline=latest, **same)
    longest = SignedChallenge(state=state, challenge=said, by_a=False, signature=signature("keyB", said))
    text = json.dumps(longest.to_json(), indent=4)
    assert len(text) < LONGEST_JSON
    assert SignedChallenge.from_json(text) == longest


@every
def test_a_form_of_another_channel_than_it_says_is_not_read(name: str) -> None:
    with pytest.raises(WrongChannel) as caught:
        type(TRAVELLERS[name]).from_json(inside(name, channelId="0x" + OTHER.id.hex()))
    assert caught.value.facts == {"channel_id": OTHER.id, "expected": CHANNEL.id}
