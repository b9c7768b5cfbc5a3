"""What holds for each of them: JSON, decoding, refusals of what no builder makes, English."""

from typing import Any

import pytest

from chain import contracts
from chain.errors import InvalidValue, Malformed
from chain.units import NOBODY, address
from escrow import conditions as c
from escrow.conditions.errors import UnknownCondition
from tests.escrow.conditions.cases import FACTS, LATER, LEAVES, LOCK, SUBJECT, TREES, TWO

EVERY = [*LEAVES, *TREES]
kinds = pytest.mark.parametrize("condition", EVERY, ids=lambda condition: condition.contract)


def test_every_condition_contract_has_its_twin_here() -> None:
    kinds_here = {condition.contract for condition in EVERY}

    assert kinds_here == set(contracts.CORE) - {"Escrow", "VoucherChannels", "DuplexChannels", "ArbiterPanels"}


@kinds
def test_what_a_counterparty_sends_is_the_same_condition_again(condition: c.Condition) -> None:
    assert c.decode(condition.address, condition.data) == condition
    assert c.Condition.from_json(condition.to_json()) == condition
    assert type(condition).from_json(condition.to_json()) == condition


@kinds
def test_a_byte_too_many_is_refused(condition: c.Condition) -> None:
    with pytest.raises(InvalidValue):
        c.decode(condition.address, condition.data + b"\0")


@kinds
def test_data_that_are_cut_or_changed_are_another_condition_or_none(condition: c.Condition) -> None:
    data = condition.data
    cuts = [data[:size] for size in range(len(data))]
    changed = [data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :] for place in range(len(data))]
    for other in cuts + changed:
        try:
            found = c.decode(condition.address, other)
        except InvalidValue:
            continue
        assert found.data == other
        assert found != condition


@kinds
def test_showing_nothing_is_less_than_all_before_its_time(condition: c.Condition) -> None:
    shown = c.Proof(condition, condition.nothing_shown)

    assert shown.released(SUBJECT.id, SUBJECT.amount, FACTS) == 0


@kinds
def test_it_can_be_said_in_english(condition: c.Condition) -> None:
    said = condition.explain()

    assert said
    assert all(child.explain() in said for child in condition.children)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"address": NOBODY}, UnknownCondition),
        ({"address": contracts.address_of("Escrow")}, UnknownCondition),
        ({"address": "0x12"}, InvalidValue),
        ({"data": "12"}, Malformed),
        ({"data": 12}, Malformed),
        ({"more": ""}, Malformed),
    ],
)
def test_json_is_strict(change: dict[str, Any], error: type[InvalidValue]) -> None:
    with pytest.raises(error):
        c.Condition.from_json(LOCK.to_json() | change)
    with pytest.raises(Malformed):
        c.Condition.from_json([LOCK.to_json()])


def test_json_of_another_kind_is_refused() -> None:
    with pytest.raises(Malformed):
        c.HashLock.from_json(LATER.to_json())


@pytest.mark.parametrize(
    ("condition", "sure_from", "begins"),
    [
        (LOCK, None, None),
        (LATER, LATER.time, LATER.time),
        (c.vesting(start=5, cliff=7, end=9), 9, 7),
        (c.vesting(start=5, end=9), 9, 6),
        (TWO, None, None),
        (c.after_time(5) & c.after_time(9), 9, 9),
        (c.after_time(5) & LOCK, None, None),
        (c.after_time(5) | c.after_time(9), 5, 5),
        (c.after_time(5) | LOCK, 5, 5),
        (c.vesting(start=1, end=9) | c.after_time(5), 5, 2),
        (c.at_least(2, c.after_time(5), c.after_time(9), c.after_time(7)), 7, 7),
        (c.at_least(2, c.after_time(5), LOCK, c.after_time(7)), 7, 7),
        (c.at_least(2, c.after_time(5), LOCK, TWO), None, None),
    ],
)
def test_it_is_known_when_the_clock_alone_is_enough(
    condition: c.Condition, sure_from: int | None, begins: int | None
) -> None:
    assert (condition.sure_from, condition.begins) == (sure_from, begins)


def test_an_unknown_condition_is_taken_for_the_worst() -> None:
    class Foreign(c.Condition):
        address = address("0x" + "12" * 20)
        data = b""

        def released(self, subject: bytes, amount: int, shown: bytes, facts: c.Facts) -> int:
            return 0

    foreign = Foreign()

    assert (foreign.sure_from, foreign.begins, foreign.reveals, foreign.met_by(frozenset())) == (
        None,
        None,
        False,
        False,
    )
    assert foreign.gas == 300_000
    assert foreign.address in foreign.explain()
