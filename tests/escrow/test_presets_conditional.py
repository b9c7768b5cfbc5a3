from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from chain.errors import Malformed
from chain.money import Token
from chain.units import NOBODY, Address, Seconds, address
from escrow import Terms, conditions
from escrow.errors import FundingTooLate
from escrow.flags import DISPUTE_FREEZES_RESOLVE, PAYEE_MAY_DISPUTE

EXPIRY = 2_000_000_000
HOUR, DAY = 3_600, 86_400
LOCK = conditions.hash_lock(sha256=bytes(32))
CLOCK = conditions.after_time(EXPIRY - 2 * DAY)
VESTED = conditions.vesting(start=EXPIRY - 9 * DAY + HOUR - 1, end=EXPIRY - DAY)
APPROVED = conditions.approvals(1, of=[address("0x" + "ab" * 20)])
Agree = Callable[..., Terms]


@pytest.fixture
def common(people: dict[str, Address], usdc: Token) -> dict[str, Any]:
    return {
        "payer": people["payer"],
        "payee": people["payee"],
        "amount": usdc("120"),
        "expiry": EXPIRY,
        "if_expired": "payer",
    }


@pytest.fixture
def arbitration(people: dict[str, Address]) -> dict[str, Any]:
    return {"arbiter": people["arbiter"], "ruling_period": timedelta(days=7), "if_arbiter_silent": "payer"}


@pytest.fixture
def purchase(common: dict[str, Any], arbitration: dict[str, Any]) -> Agree:
    return lambda **changes: Terms.purchase(**common | arbitration | changes)


@pytest.fixture
def judged(common: dict[str, Any], arbitration: dict[str, Any]) -> Agree:
    return lambda **changes: Terms.conditional(**common | arbitration | changes)


def test_a_conditional_payment_may_have_an_arbiter_and_then_both_may_dispute(judged: Agree) -> None:
    terms = judged(condition=LOCK)

    assert (terms.ruling_period, terms.payee_share_on_silence_bps) == (7 * DAY, 0)
    assert (terms.flags, terms.operator, terms.capture_from) == (3, NOBODY, EXPIRY)


@pytest.mark.parametrize(
    ("condition", "freezes"),
    [
        (LOCK, False),
        (conditions.hash_chain(anchor=bytes(32), each=1), False),
        (APPROVED, False),
        (CLOCK, True),
        (conditions.vesting(start=EXPIRY - 9 * DAY, end=EXPIRY - DAY), True),
        (conditions.any_of(APPROVED, CLOCK), True),
        (conditions.all_of(APPROVED, CLOCK), False),
        (conditions.any_of(LOCK, CLOCK), False),
    ],
)
def test_a_dispute_stops_what_time_alone_releases_and_no_secret_and_no_word(
    judged: Agree, condition: conditions.Condition, freezes: bool
) -> None:
    assert judged(condition=condition).allows(DISPUTE_FREEZES_RESOLVE) is freezes


@pytest.mark.parametrize(
    ("condition", "arbiter", "fund_by"),
    [
        (LOCK, True, EXPIRY - HOUR),
        (LOCK, False, EXPIRY - HOUR),
        (CLOCK, True, EXPIRY - 2 * DAY - HOUR),
        (CLOCK, False, EXPIRY - 2 * DAY - HOUR),
        (VESTED, True, EXPIRY - 9 * DAY),
        (VESTED, False, EXPIRY - DAY - HOUR),
        (conditions.after_time(EXPIRY + DAY), True, EXPIRY - HOUR),
    ],
)
def test_the_last_funding_is_an_hour_before_time_releases(
    common: dict[str, Any], judged: Agree, condition: conditions.Condition, arbiter: bool, fund_by: int
) -> None:
    terms = judged(condition=condition) if arbiter else Terms.conditional(**common, condition=condition)

    assert terms.fund_by == fund_by
    assert judged(condition=condition, fund_by=EXPIRY - 10 * DAY).fund_by == EXPIRY - 10 * DAY


@pytest.mark.parametrize(("who", "flags"), [("payer", 1), ("payee", 2), ("both", 3)])
def test_who_may_dispute_can_be_said(judged: Agree, who: str, flags: int) -> None:
    assert judged(condition=LOCK, may_dispute=who).flags == flags


def test_nobody_else_can_be_let_dispute(judged: Agree) -> None:
    with pytest.raises(Malformed):
        judged(condition=LOCK, may_dispute="operator")


@pytest.mark.parametrize("missing", ["ruling_period", "if_arbiter_silent", "arbiter"])
def test_an_arbiter_comes_with_its_period_and_the_outcome_of_its_silence(
    common: dict[str, Any], arbitration: dict[str, Any], missing: str
) -> None:
    del arbitration[missing]

    with pytest.raises(TypeError):
        Terms.conditional(**common, **arbitration, condition=LOCK)


def test_without_an_arbiter_nobody_can_be_let_dispute(common: dict[str, Any]) -> None:
    with pytest.raises(TypeError):
        Terms.conditional(**common, condition=LOCK, may_dispute="payer")


@pytest.mark.parametrize("condition", [LOCK, CLOCK, VESTED, APPROVED, conditions.all_of(APPROVED, CLOCK)])
def test_no_preset_makes_a_risk_by_itself(
    common: dict[str, Any], purchase: Agree, judged: Agree, people: dict[str, Address], condition: conditions.Condition
) -> None:
    now = Seconds(EXPIRY - 20 * DAY)

    Terms.conditional(**common, condition=condition).require_sound(condition=condition, now=now)
    judged(condition=condition).require_sound(condition=condition, now=now)
    purchase().require_sound(now=now)
    purchase(operator=people["operator"], fund_by=EXPIRY - DAY).require_sound(now=now)
    Terms.card(**common, operator=people["operator"]).require_sound(now=now)
    Terms.bond(purchase(), amount=common["amount"]).require_sound(now=now)


def test_a_shop_that_is_its_own_operator_is_a_risk_to_accept(
    common: dict[str, Any], people: dict[str, Address]
) -> None:
    Terms.card(**common, operator=people["payee"]).require_sound(accept=["operator-is-payee"])


def test_a_bond_goes_the_other_way_and_any_silence_sends_it_back(
    purchase: Agree, people: dict[str, Address], usdc: Token
) -> None:
    sale = purchase(fund_by=EXPIRY - DAY)
    bond = Terms.bond(sale, amount=usdc("12"), salt=3)
    expected: dict[str, Any] = {
        "payer": people["payee"],
        "payee": people["payer"],
        "token": usdc.address,
        "amount": usdc("12").units,
        "arbiter": people["arbiter"],
        "fund_by": EXPIRY - DAY,
        "capture_from": EXPIRY - DAY + HOUR,
        "authorization_expiry": EXPIRY,
        "refund_expiry": EXPIRY + 30 * DAY,
        "ruling_period": 7 * DAY,
        "payee_share_on_expiry_bps": 0,
        "payee_share_on_silence_bps": 0,
        "flags": PAYEE_MAY_DISPUTE | DISPUTE_FREEZES_RESOLVE,
        "salt": 3,
    }

    assert bond == Terms(**expected)


def test_the_arbiter_of_a_bond_has_the_same_time_as_for_the_sale(judged: Agree, usdc: Token) -> None:
    assert Terms.bond(judged(condition=LOCK), amount=usdc("12")).flags == PAYEE_MAY_DISPUTE
    assert Terms.bond(judged(condition=CLOCK), amount=usdc("12")).allows(DISPUTE_FREEZES_RESOLVE)


def test_a_bond_needs_a_payer_who_may_dispute(common: dict[str, Any], judged: Agree, usdc: Token) -> None:
    for sale in (Terms.conditional(**common, condition=LOCK), judged(condition=LOCK, may_dispute="payee")):
        with pytest.raises(Malformed):
            Terms.bond(sale, amount=usdc("12"))
    with pytest.raises(FundingTooLate):
        Terms.bond(judged(condition=LOCK), amount=usdc("12"), now=EXPIRY)
