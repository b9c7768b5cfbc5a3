from dataclasses import replace
from typing import Any

import pytest

from chain.errors import Malformed, OutOfRange
from chain.outbox.entry import Attempt, Entry, Stage
from chain.outbox.fees import Price
from chain.outbox.intent import filling
from chain.units import Address
from tests.chain.outbox.world import ANN, SHOP, intent_of

ATTEMPT = Attempt(transaction="0x01", raw=b"\x01", price=Price(1, 1), cancels=False, block=0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": ""},
        {"key": "k" * 257},
        {"key": "a\nb"},
        {"to": Address(SHOP.lower())},
        {"account": Address(ANN.lower())},
    ],
)
def test_what_can_not_be_meant_is_no_intent(wrong: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        replace(intent_of("a"), **wrong)


@pytest.mark.parametrize("wrong", [{"value": -1}, {"value": 2**256}, {"expiry": -1}, {"chain_id": -1}])
def test_numbers_that_do_not_fit_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(OutOfRange):
        replace(intent_of("a"), **wrong)


@pytest.mark.parametrize(
    ("name", "value"),
    [("account", SHOP), ("to", ANN), ("data", b""), ("value", 8), ("expiry", 1), ("chain_id", 2), ("fills", 1)],
)
def test_intents_differ_by_their_first_field_that_does(name: str, value: Any) -> None:
    assert intent_of("a").differs(replace(intent_of("a"), **{name: value})) == name


def test_the_same_call_does_not_differ() -> None:
    assert intent_of("a").differs(intent_of("a")) == ""


def test_a_filler_pays_nobody() -> None:
    filler = filling(1, ANN, 5)
    assert (filler.account, filler.to, filler.value, filler.data, filler.fills) == (ANN, ANN, 0, b"", 5)


@pytest.mark.parametrize("stage", Stage)
def test_a_nonce_and_a_signed_transaction_come_together(stage: Stage) -> None:
    with pytest.raises(Malformed):
        Entry(intent=intent_of("a"), stage=stage, nonce=1)
    with pytest.raises(Malformed):
        Entry(intent=intent_of("a"), stage=stage, attempts=(ATTEMPT,))


@pytest.mark.parametrize("stage", Stage)
def test_only_what_was_never_begun_has_no_nonce(stage: Stage) -> None:
    without = stage in {Stage.QUEUED, Stage.REFUSED, Stage.GIVEN_UP}
    with_one = stage not in {Stage.QUEUED, Stage.REFUSED}
    for nonce, attempts, allowed in ((None, (), without), (1, (ATTEMPT,), with_one)):
        try:
            Entry(intent=intent_of("a"), stage=stage, nonce=nonce, attempts=attempts)
        except Malformed:
            assert not allowed
        else:
            assert allowed
