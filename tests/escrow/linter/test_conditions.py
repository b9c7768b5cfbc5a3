from dataclasses import dataclass, replace

import pytest

from chain.units import Hash32, address
from escrow import Gains, conditions
from escrow.conditions import Condition, Facts
from escrow.dates import date
from escrow.linter import conditions as rules
from escrow.linter.rule import Rule
from tests.escrow.linter.cases import (
    ARBITER,
    CARRIER,
    DAY,
    EXPIRY,
    FUND_BY,
    HOUR,
    JUDGED,
    OPERATED,
    OPERATOR,
    PAYEE,
    PAYER,
    Case,
    found,
    seen,
)

after, both, either = conditions.after_time, conditions.all_of, conditions.any_of
LOCK = conditions.hash_lock(sha256=bytes(32))
OTHER = conditions.hash_lock(keccak=bytes(32))
MIDDLE = EXPIRY - 5 * DAY
TIMED = JUDGED | {"capture_from": MIDDLE}


def signed(*people: str, threshold: int = 1) -> Condition:
    return conditions.approvals(threshold, of=[address(person) for person in people])


def feed(time: int, run_by: str = CARRIER) -> Condition:
    return conditions.price_feed(run_by, phase=1, time=time, within=HOUR, none_at=0, all_at=1)


def ticks(each: int) -> Condition:
    return conditions.hash_chain(anchor=bytes(32), each=each)


@dataclass(frozen=True, slots=True)
class Foreign(Condition):
    """Somebody else's condition contract, whose twin says what it needs."""

    gas: int = 300_000
    depth: int = 0

    @property
    def address(self) -> str:  # type: ignore[override]  # an Address
        return address("0x" + "f0" * 20)

    @property
    def data(self) -> bytes:
        return b""

    def released(self, subject: Hash32, amount: int, shown: bytes, facts: Facts) -> int:
        return amount


CASES: list[Case] = [
    ("other-condition", True, {"given": LOCK, "shown": OTHER}),
    ("other-condition", True, {"given": LOCK, "condition": CARRIER}),
    ("other-condition", True, {"shown": LOCK}),
    ("other-condition", False, {"given": LOCK}),
    ("other-condition", False, {"given": LOCK, "shown": None}),
    ("condition-not-shown", True, {"given": LOCK, "shown": None}),
    ("condition-not-shown", False, {"given": LOCK}),
    ("condition-not-shown", False, {}),
    ("condition-is-foreign", True, {"given": Foreign()}),
    ("condition-is-foreign", True, {"given": both(LOCK, Foreign(gas=1_000))}),
    ("condition-is-foreign", False, {"given": both(LOCK, OTHER)}),
    ("condition-is-foreign", False, {"given": Foreign(), "shown": None}),
    ("condition-is-a-party", True, {"condition": PAYEE}),
    ("condition-is-a-party", True, {"condition": PAYER}),
    ("condition-is-a-party", True, OPERATED | {"condition": OPERATOR}),
    ("condition-is-a-party", True, JUDGED | {"condition": ARBITER}),
    ("condition-is-a-party", False, {"condition": CARRIER}),
    ("condition-is-a-party", False, {}),
    ("feed-is-a-party", True, {"given": feed(MIDDLE, PAYEE)}),
    ("feed-is-a-party", True, {"given": both(LOCK, either(OTHER, feed(MIDDLE, PAYER)))}),
    ("feed-is-a-party", True, JUDGED | {"given": feed(MIDDLE, ARBITER)}),
    ("feed-is-a-party", False, {"given": feed(MIDDLE)}),
    ("feed-is-a-party", False, {"given": LOCK}),
    ("payee-proves-alone", True, {"given": feed(MIDDLE, PAYEE)}),
    ("feed-decides", True, {"given": both(LOCK, feed(MIDDLE))}),
    ("feed-decides", False, {"given": LOCK}),
    ("condition-releases-nothing", True, {"given": ticks(0)}),
    ("condition-releases-nothing", True, {"given": both(LOCK, ticks(0))}),
    ("condition-releases-nothing", False, {"given": either(LOCK, ticks(0))}),
    ("condition-releases-nothing", False, {"given": ticks(1)}),
    ("condition-releases-nothing", False, {}),
    ("condition-releases-a-part", True, {"given": ticks(117_187)}),
    ("condition-releases-a-part", False, {"given": ticks(117_188)}),
    ("condition-releases-a-part", False, {"given": ticks(0)}),
    ("condition-releases-a-part", True, {"given": both(LOCK, ticks(1))}),
    ("condition-releases-a-part", False, {"given": either(LOCK, ticks(1))}),
    ("condition-releases-a-part", False, {}),
    ("condition-needs-too-much-gas", True, {"given": Foreign(gas=300_001)}),
    ("condition-needs-too-much-gas", False, {"given": Foreign(gas=300_000)}),
    ("condition-is-too-deep", True, {"given": Foreign(depth=4)}),
    ("condition-is-too-deep", False, {"given": Foreign(depth=3)}),
    ("condition-always-true", True, {"given": after(FUND_BY)}),
    ("condition-always-true", False, {"given": after(FUND_BY + 1)}),
    ("condition-always-true", True, {"given": either(LOCK, after(FUND_BY))}),
    ("condition-always-true", False, {"given": both(LOCK, after(FUND_BY))}),
    ("condition-always-true", False, JUDGED | {"given": after(FUND_BY)}),
    ("condition-always-true", True, JUDGED | {"given": after(FUND_BY), "flags": 3}),
    ("condition-always-true", True, JUDGED | {"given": after(FUND_BY), "flags": 6}),
    ("condition-true-from-the-start", True, TIMED | {"given": after(MIDDLE - 1)}),
    ("condition-true-from-the-start", False, TIMED | {"given": after(MIDDLE)}),
    ("condition-true-from-the-start", False, TIMED | {"given": after(MIDDLE - 1), "flags": 3}),
    ("condition-true-from-the-start", False, TIMED | {"given": LOCK}),
    ("condition-begins-before-funding", True, {"given": conditions.vesting(start=FUND_BY - 2, end=EXPIRY - DAY)}),
    ("condition-begins-before-funding", False, {"given": conditions.vesting(start=FUND_BY - 1, end=EXPIRY - DAY)}),
    (
        "condition-begins-before-funding",
        False,
        JUDGED | {"given": conditions.vesting(start=FUND_BY - 2, end=EXPIRY - DAY)},
    ),
    ("payee-proves-alone", True, {"given": signed(PAYEE)}),
    ("payee-proves-alone", True, {"given": signed(PAYEE, CARRIER)}),
    ("payee-proves-alone", False, {"given": signed(PAYEE, CARRIER, threshold=2)}),
    ("payee-proves-alone", True, {"given": both(after(EXPIRY - 1), signed(PAYEE))}),
    ("payee-proves-alone", False, {"given": both(after(EXPIRY), signed(PAYEE))}),
    ("payee-proves-alone", True, {"given": either(after(MIDDLE), signed(PAYEE))}),
    ("payee-proves-alone", False, {"given": either(after(MIDDLE), both(after(MIDDLE), signed(PAYEE)))}),
    ("payee-proves-alone", False, {"given": after(MIDDLE)}),
    ("payee-proves-alone", False, {"given": both(LOCK, signed(PAYEE))}),
    ("operator-proves-alone", True, OPERATED | {"given": signed(OPERATOR)}),
    ("operator-proves-alone", False, OPERATED | {"given": signed(CARRIER)}),
    ("operator-proves-alone", False, OPERATED | {"given": signed(PAYEE), "operator": PAYEE}),
    ("operator-proves-alone", False, OPERATED | {"given": signed(PAYER), "operator": PAYER}),
    ("operator-proves-alone", False, {"given": signed(CARRIER)}),
    ("payee-and-operator-prove", True, OPERATED | {"given": signed(OPERATOR, PAYEE, PAYER, threshold=2)}),
    ("payee-and-operator-prove", False, OPERATED | {"given": signed(CARRIER, PAYEE, PAYER, threshold=2)}),
    ("payee-and-operator-prove", False, OPERATED | {"given": signed(OPERATOR, PAYEE)}),
    ("payee-and-operator-prove", False, OPERATED | {"given": signed(PAYEE)}),
    ("payee-and-operator-prove", False, OPERATED | {"given": signed(OPERATOR)}),
    (
        "payee-and-operator-prove",
        False,
        OPERATED | {"given": signed(PAYER, PAYEE, threshold=2), "operator": PAYER},
    ),
    ("condition-never-in-time", True, {"given": after(EXPIRY)}),
    ("condition-never-in-time", False, {"given": after(EXPIRY - 1)}),
    ("condition-never-in-time", True, {"given": feed(EXPIRY)}),
    ("condition-never-in-time", False, {"given": feed(EXPIRY - 1)}),
    ("condition-never-in-time", True, {"given": both(LOCK, after(EXPIRY))}),
    ("condition-never-in-time", False, {"given": either(LOCK, after(EXPIRY))}),
    ("condition-never-in-time", True, {"given": conditions.at_least(2, LOCK, after(EXPIRY), feed(EXPIRY + 1))}),
    ("condition-never-in-time", False, {"given": conditions.at_least(2, LOCK, OTHER, after(EXPIRY))}),
    ("condition-too-slow", True, {"given": after(EXPIRY - HOUR + 1)}),
    ("condition-too-slow", False, {"given": after(EXPIRY - HOUR)}),
    ("condition-too-slow", True, {"given": conditions.vesting(start=MIDDLE, end=EXPIRY)}),
    ("condition-too-slow", False, {"given": after(EXPIRY), "payee_share_on_expiry_bps": 10_000}),
    ("condition-too-slow", False, {"given": LOCK}),
]


@pytest.mark.parametrize(("name", "expected", "changes"), CASES)
def test_a_condition_that_is_not_what_it_seems_is_named(name: str, expected: bool, changes: dict[str, object]) -> None:
    assert (name in found(changes)) is expected


def test_every_rule_about_conditions_is_tested_both_ways() -> None:
    names = {rule.name for rule in vars(rules).values() if isinstance(rule, Rule)}

    assert seen(CASES) == {(name, expected) for name in names for expected in (True, False)}


@pytest.mark.parametrize(("party", "gains"), [(PAYER, Gains.PAYER), (PAYEE, Gains.PAYEE)])
def test_a_party_that_is_the_condition_gains(party: str, gains: Gains) -> None:
    assert found({"condition": party})["condition-is-a-party"].gains is gains


def test_a_condition_that_is_not_the_agreed_one_is_not_judged_in_its_place() -> None:
    names = found({"given": LOCK, "shown": after(FUND_BY)})

    assert "condition-always-true" not in names
    assert "condition-not-shown" not in names


def test_when_a_condition_begins_is_said() -> None:
    early = conditions.vesting(start=FUND_BY - 2, end=EXPIRY - DAY)
    says = found(JUDGED | {"given": early, "flags": 3})

    for name in ("condition-begins-before-funding", "clock-outruns-dispute"):
        assert date(FUND_BY - 1) in says[name].says


def test_a_condition_with_other_data_is_another() -> None:
    lock = replace(LOCK, digest=Hash32(b"\x01" * 32))

    assert "other-condition" in found({"given": LOCK, "shown": lock})
