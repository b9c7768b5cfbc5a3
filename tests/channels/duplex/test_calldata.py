"""What the forms hand to the contract's functions, by the names and types that its interface has for them."""

from typing import Any

import pytest
from eth_abi.abi import encode

from chain import artifact
from chain.abi import Entry
from chain.signing import compact
from chain.typed_data import TypedData
from chain.units import Seconds
from channels.duplex.channel import DuplexChannel
from channels.duplex.messages import Challenge, CloseTogether, State, WithdrawTogether
from channels.duplex.promise import NONE_LISTED, DuplexPromise, DuplexPromises
from channels.duplex.signed_challenge import SignedChallenge
from tests.channels.duplex.duplex_forms import CHANNEL, FORMS, form, promise, signature

FUNCTIONS: dict[str, Any] = {
    item["name"]: item for item in artifact.load("DuplexChannels").abi if item["type"] == "function"
}
VERBS = {"state": ("challenge", "answer"), "close": ("closeTogether",), "withdrawal": ("withdrawTogether",)}


def parts(verb: str, argument: str) -> list[tuple[str, str]]:
    """The struct's members as the interface lists them."""
    [found] = [one for one in FUNCTIONS[verb]["inputs"] if one["name"] == argument]
    return [(one["type"], one["name"]) for one in found["components"]]


def listed(kind: type[TypedData], *, but: str = "") -> list[tuple[str, str]]:
    """The members as the type string lists them."""
    return [(member.kind, member.camel) for member in kind.members if member.camel != but]


@pytest.mark.parametrize(
    ("verb", "argument", "kind"),
    [
        ("challenge", "state", State),
        ("challengeBySig", "state", State),
        ("answer", "state", State),
        ("closeTogether", "end", CloseTogether),
        ("withdrawTogether", "end", WithdrawTogether),
    ],
)
def test_the_contract_takes_a_message_without_its_channel_id(verb: str, argument: str, kind: type[TypedData]) -> None:
    assert parts(verb, argument) == listed(kind, but="channelId")
    assert parts(verb, "signatures") == [("bytes32", name) for name in ("rA", "vsA", "rB", "vsB")]


@pytest.mark.parametrize(
    ("verb", "argument", "kind"),
    [
        ("payOut", "promises", DuplexPromises),
        ("collect", "promises", DuplexPromises),
        ("record", "promise_", DuplexPromise),
    ],
)
def test_the_contract_takes_promises_as_they_are_hashed(verb: str, argument: str, kind: type[TypedData]) -> None:
    assert parts(verb, argument) == listed(kind)


def test_the_contract_takes_a_channels_periods_in_one_word() -> None:
    expected = [("address", name) for name in ("partyA", "partyB", "token", "signerA", "signerB")]
    assert parts("deposit", "channel") == [*expected, ("uint256", "periods")]
    assert [name for _, name in listed(DuplexChannel)[:5]] == [name for _, name in expected]


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize(("a", "b"), [("keyA", "keyB"), ("keyA", None), (None, "keyB"), (None, None)])
def test_a_form_becomes_the_calldata_of_its_verbs(name: str, a: str | None, b: str | None) -> None:
    signed = form(name, a, b)
    zeros = (bytes(32), bytes(32))
    words = [compact(one) if one else zeros for one in (signed.signature_a, signed.signature_b)]
    members = tuple(getattr(signed.message, member.snake) for member in signed.message.members[1:])
    kinds = ",".join(member.kind for member in signed.message.members[1:])
    arguments = (CHANNEL.calldata, members, (*words[0], *words[1]))
    assert signed.calldata == arguments

    types = ["(address,address,address,address,address,uint256)", f"({kinds})", "(bytes32,bytes32,bytes32,bytes32)"]
    for verb in VERBS[name]:
        entry = Entry.of(FUNCTIONS[verb])
        assert entry.call_data(signed.calldata) == entry.selector + encode(types, arguments)


@pytest.mark.parametrize(("by_a", "key"), [(True, "keyA"), (False, "keyB")])
def test_a_challenge_becomes_its_states_calldata_and_its_own_signature(by_a: bool, key: str) -> None:
    state = form("state", promises=(promise(0),))
    said = Challenge(channel_id=CHANNEL.id, epoch=3, version=2, deadline=Seconds(9_000))
    signed = SignedChallenge(state=state, challenge=said, by_a=by_a, signature=signature(key, said))
    assert signed.calldata == (*state.calldata, by_a, 9_000, *compact(signed.signature))

    entry = Entry.of(FUNCTIONS["challengeBySig"])
    assert entry.names == ("channel", "state", "signatures", "byA", "deadline", "r", "vs")
    assert entry.facts(entry.call_data(signed.calldata)[4:])[3:] == (by_a, 9_000, *compact(signed.signature))


def test_what_is_shown_of_promises_is_calldata_too() -> None:
    state = form("state", promises=(promise(0), promise(1)))
    collect, pay_out = Entry.of(FUNCTIONS["collect"]), Entry.of(FUNCTIONS["payOut"])
    shown = collect.facts(collect.call_data((CHANNEL.calldata, 3, state.listed, list(state.leaves)))[4:])
    assert shown[2:] == ((state.listed.leaves, 100, 100, 9_000), state.leaves)
    assert pay_out.facts(pay_out.call_data((CHANNEL.calldata, NONE_LISTED))[4:])[1] == (bytes(32), 0, 0, 0)
