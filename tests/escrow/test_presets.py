from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from chain.errors import InvalidValue, Malformed, NotAnAddress, OutOfRange
from chain.money import Token
from chain.refusals import InvalidAmount, InvalidPayee
from chain.units import NO_HASH, NOBODY, Address
from escrow import PayeeShare, Terms, conditions
from escrow.errors import FundingTooLate, InvalidFee, InvalidRulingPeriod, InvalidShare, TimesOutOfOrder, TooFarAhead
from escrow.flags import ALL_FLAGS

EXPIRY = 2_000_000_000
HOUR, DAY = 3_600, 86_400
LOCK = conditions.hash_lock(sha256=bytes(32))
Agree = Callable[..., Terms]


@pytest.fixture
def common(people: dict[str, Address], usdc: Token) -> dict[str, Any]:
    return {
        "payer": people["payer"],
        "payee": people["payee"],
        "amount": usdc("120"),
        "expiry": EXPIRY,
        "if_expired": "payee",
    }


@pytest.fixture
def purchase(common: dict[str, Any], people: dict[str, Address]) -> Agree:
    judged = {"arbiter": people["arbiter"], "ruling_period": timedelta(days=7), "if_arbiter_silent": "payer"}
    return lambda **changes: Terms.purchase(**common | judged | changes)


def test_a_purchase_gives_both_parties_a_dispute_and_nobody_a_capture(
    purchase: Agree, people: dict[str, Address], usdc: Token
) -> None:
    expected: dict[str, Any] = {
        "payer": people["payer"],
        "payee": people["payee"],
        "token": usdc.address,
        "amount": usdc("120").units,
        "operator": NOBODY,
        "arbiter": people["arbiter"],
        "condition": NOBODY,
        "condition_hash": NO_HASH,
        "fund_by": EXPIRY - HOUR,
        "capture_from": EXPIRY,
        "authorization_expiry": EXPIRY,
        "refund_expiry": EXPIRY + 30 * DAY,
        "ruling_period": 7 * DAY,
        "payee_share_on_expiry_bps": 10_000,
        "payee_share_on_silence_bps": 0,
        "fee_bps": 0,
        "flags": ALL_FLAGS,
        "fee_recipient": NOBODY,
        "salt": 5,
    }

    assert purchase(salt=5) == Terms(**expected)


def test_a_purchase_with_an_operator_lets_it_capture_an_hour_after_the_last_funding(
    purchase: Agree, people: dict[str, Address]
) -> None:
    terms = purchase(operator=people["operator"], fund_by=EXPIRY - DAY)

    assert (terms.operator, terms.capture_from) == (people["operator"], EXPIRY - DAY + HOUR)


def test_a_card_payment_has_an_operator_who_may_capture_at_once(
    common: dict[str, Any], people: dict[str, Address]
) -> None:
    terms = Terms.card(**common, operator=people["operator"], fee_bps=100, fee_recipient=people["collector"])

    assert (terms.operator, terms.capture_from, terms.arbiter, terms.flags) == (people["operator"], 0, NOBODY, 0)
    assert (terms.fee_bps, terms.fee_recipient) == (100, people["collector"])


def test_a_conditional_payment_has_its_condition_and_nobody_who_could_stop_it(common: dict[str, Any]) -> None:
    terms = Terms.conditional(**common, condition=LOCK)

    assert (terms.condition, terms.condition_hash) == (LOCK.address, LOCK.data_hash)
    assert (terms.operator, terms.arbiter, terms.flags, terms.capture_from) == (NOBODY, NOBODY, 0, 0)


@pytest.mark.parametrize(("split", "bps"), [("payer", 0), ("payee", 10_000), (PayeeShare(bps=2_500), 2_500)])
def test_a_split_names_whose_share_it_is(purchase: Agree, split: Any, bps: int) -> None:
    terms = purchase(if_expired=split, if_arbiter_silent=split)

    assert (terms.payee_share_on_expiry_bps, terms.payee_share_on_silence_bps) == (bps, bps)


@pytest.mark.parametrize("split", ["buyer", 2_500, None, 0.25])
def test_a_split_that_names_nobody_is_refused(purchase: Agree, split: Any) -> None:
    with pytest.raises(Malformed):
        purchase(if_expired=split)


@pytest.mark.parametrize("silence", ["if_expired", "if_arbiter_silent"])
def test_no_silence_has_a_default(common: dict[str, Any], people: dict[str, Address], silence: str) -> None:
    judged = {"arbiter": people["arbiter"], "ruling_period": timedelta(days=7), "if_arbiter_silent": "payer"}
    members = common | judged
    del members[silence]

    with pytest.raises(TypeError):
        Terms.purchase(**members)


@pytest.mark.parametrize("amount", [120, 120.0, "120", None])
def test_an_amount_is_money_and_nothing_else(purchase: Agree, amount: Any) -> None:
    with pytest.raises(TypeError):
        purchase(amount=amount)


def test_a_misspelt_member_is_refused(purchase: Agree) -> None:
    with pytest.raises(TypeError):
        purchase(fees=3)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"payee": "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD"}, NotAnAddress),
        ({"payer": "ann"}, NotAnAddress),
        ({"arbiter": "0x12"}, NotAnAddress),
        ({"operator": None}, NotAnAddress),
        ({"expiry": float(EXPIRY)}, OutOfRange),
        ({"salt": 2**96}, OutOfRange),
        ({"ruling_period": timedelta(seconds=3_600.5)}, Malformed),
    ],
)
def test_a_member_that_can_not_be_is_refused(
    purchase: Agree, change: dict[str, Any], error: type[InvalidValue]
) -> None:
    with pytest.raises(error):
        purchase(**change)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"if_expired": PayeeShare(bps=10_001)}, InvalidShare),
        ({"fee_bps": 100}, InvalidFee),
        ({"ruling_period": timedelta(minutes=59)}, InvalidRulingPeriod),
        ({"fund_by": EXPIRY - HOUR + 1}, TimesOutOfOrder),
        ({"refund_expiry": EXPIRY - 1}, TimesOutOfOrder),
        ({"now": EXPIRY - HOUR}, FundingTooLate),
        ({"now": EXPIRY - 4_000 * DAY}, TooFarAhead),
    ],
)
def test_terms_that_nobody_could_fund_are_refused_at_once(
    purchase: Agree, change: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        purchase(**change)


def test_an_amount_of_nothing_and_a_payee_who_pays_are_refused(
    purchase: Agree, usdc: Token, people: dict[str, Address]
) -> None:
    with pytest.raises(InvalidAmount):
        purchase(amount=usdc("0"))
    with pytest.raises(InvalidPayee):
        purchase(payee=people["payer"])


def test_a_payer_in_lower_case_becomes_checksummed(purchase: Agree, people: dict[str, Address]) -> None:
    assert purchase(payer=people["payer"].lower()).payer == people["payer"]


def test_salts_are_random_unless_given(purchase: Agree) -> None:
    salts = {purchase().salt for _ in range(20)}

    assert len(salts) == 20
    assert max(salts) < 2**96
