from dataclasses import replace
from typing import Any

import pytest

from chain.contracts import address_of
from chain.errors import Malformed, OutOfRange, WrongLength
from chain.keccak import keccak
from chain.units import MAX_AMOUNT, Amount, Hash32, Seconds
from channels.ticks import Stretch
from channels.ticks.errors import TicksNotPromised
from escrow.conditions import hash_chain
from tests.channels.ticks.conftest import COUNT, EACH, EXPIRY, chain_of, stretch_of

TICKS = stretch_of(chain_of())
PROMISE = TICKS.promise(EXPIRY)


def test_its_promise_is_under_the_hash_chain_condition_for_all_that_is_left() -> None:
    later = TICKS.at(1_000, chain_of().tip(1_000))
    condition = hash_chain(anchor=later.anchor, each=EACH)
    promise = later.promise(EXPIRY, keccak(b"salt"))
    assert (promise.condition, promise.data_hash) == (address_of("HashChain"), condition.data_hash)
    assert (later.data, promise.amount) == (condition.data, EACH * (COUNT - 1_000))
    assert (promise.expiry, promise.salt) == (EXPIRY, keccak(b"salt"))


@pytest.mark.parametrize(
    ("changes", "fits"),
    [
        ({"count": 0}, False),
        ({"count": 1}, True),
        ({"count": 2**32 - 1}, True),
        ({"count": 2**32}, False),
        ({"each": 0}, False),
        ({"each": 1}, True),
        ({"each": MAX_AMOUNT // COUNT}, True),
        ({"each": MAX_AMOUNT // COUNT + 1}, False),
        ({"position": -1}, False),
        ({"position": COUNT}, True),
        ({"position": COUNT + 1}, False),
    ],
)
def test_all_its_ticks_together_fit_an_amount(changes: dict[str, Any], fits: bool) -> None:
    if fits:
        assert 0 <= replace(TICKS, **changes).amount <= MAX_AMOUNT
        return
    with pytest.raises(OutOfRange):
        replace(TICKS, **changes)


def test_an_anchor_has_thirty_two_bytes() -> None:
    with pytest.raises(WrongLength):
        replace(TICKS, anchor=Hash32(bytes(31)))


def test_it_goes_forward_only() -> None:
    later = TICKS.at(5, chain_of().tip(5))
    assert later.at(5, later.anchor) == later
    with pytest.raises(OutOfRange):
        later.at(4, later.anchor)


@pytest.mark.parametrize(
    "changes",
    [
        {"condition": address_of("HashLock")},
        {"data_hash": keccak(b"another anchor")},
        {"amount": Amount(EACH * COUNT - 1)},
        {"amount": Amount(EACH * COUNT + 1)},
    ],
)
def test_a_promise_under_another_condition_or_for_another_amount_promises_no_ticks(changes: dict[str, Any]) -> None:
    wrong = replace(PROMISE, **changes)
    with pytest.raises(TicksNotPromised) as caught:
        TICKS.find([wrong])
    assert caught.value.facts == {"amount": EACH * COUNT}
    assert TICKS.find([wrong, PROMISE]) == PROMISE


def test_its_promise_may_bear_any_expiry_and_salt() -> None:
    other = replace(PROMISE, expiry=Seconds(1), salt=keccak(b"salt"))
    assert TICKS.find([other]) == other


def test_nothing_need_be_promised_where_nothing_is_left() -> None:
    assert TICKS.at(COUNT, chain_of().tip(COUNT)).find([]) is None


def test_its_json_is_read_strictly() -> None:
    told = TICKS.to_json()
    assert told == {"each": "10", "count": "3000", "position": "0", "anchor": "0x" + TICKS.anchor.hex()}
    assert Stretch.from_json(told) == TICKS
    for wrong in ({**told, "more": "1"}, {**told, "each": 10}, {k: v for k, v in told.items() if k != "count"}):
        with pytest.raises(Malformed):
            Stretch.from_json(wrong)
