from collections.abc import Callable
from typing import Any

import pytest

from chain.errors import IllegalAction
from chain.refusals import InvalidAmount, InvalidPayee
from chain.typed_data import Domain
from chain.units import NOBODY, Address, Seconds, address
from escrow import Terms
from escrow.errors import (
    FundingTooLate,
    InvalidFee,
    InvalidFlags,
    InvalidRulingPeriod,
    InvalidShare,
    TimesOutOfOrder,
    TooFarAhead,
)
from escrow.rules import require_fundable

START = 2_000_000_000
HOUR, DAY = 3_600, 86_400
TOKEN, ESCROW = address("0x" + "c0" * 20), address("0x" + "e5" * 20)
PAYER, PAYEE, JUDGE, COLLECTOR = (Address(address("0x" + digit * 40)) for digit in "1234")
JUDGED = {"arbiter": JUDGE, "ruling_period": DAY, "capture_from": START + 2 * HOUR}


def _fund(agree: Callable[..., Terms], **changes: Any) -> None:
    terms = agree(payer=PAYER, payee=changes.pop("payee", PAYEE), token=TOKEN, **changes)
    require_fundable(terms, Seconds(START), ESCROW)


@pytest.mark.parametrize(
    "changes",
    [
        {"fee_bps": 10_000, "fee_recipient": COLLECTOR},
        {"fee_bps": 0, "fee_recipient": ESCROW},
        {"payee_share_on_expiry_bps": 10_000, "payee_share_on_silence_bps": 10_000},
        {"fund_by": START + 1},
        {"fund_by": START + HOUR, "authorization_expiry": START + 2 * HOUR},
        {"authorization_expiry": START + 3 * HOUR, "refund_expiry": START + 3 * HOUR},
        {"refund_expiry": START + 3650 * DAY, "capture_from": START + 3650 * DAY},
        JUDGED | {"ruling_period": HOUR},
        JUDGED | {"ruling_period": 180 * DAY, "flags": 7},
        JUDGED | {"flags": 4, "capture_from": 0},
        JUDGED | {"flags": 0, "capture_from": 0},
    ],
)
def test_terms_at_the_edge_are_fundable(agree: Callable[..., Terms], changes: dict[str, Any]) -> None:
    _fund(agree, **changes)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"amount": 0}, InvalidAmount()),
        ({"payee": NOBODY}, InvalidPayee(NOBODY)),
        ({"payee": PAYER}, InvalidPayee(PAYER)),
        ({"payee": TOKEN}, InvalidPayee(TOKEN)),
        ({"payee": ESCROW}, InvalidPayee(ESCROW)),
        ({"fee_bps": 10_001, "fee_recipient": COLLECTOR}, InvalidFee(10_001, COLLECTOR)),
        ({"fee_bps": 1, "fee_recipient": NOBODY}, InvalidFee(1, NOBODY)),
        ({"fee_bps": 1, "fee_recipient": TOKEN}, InvalidFee(1, TOKEN)),
        ({"fee_bps": 1, "fee_recipient": ESCROW}, InvalidFee(1, ESCROW)),
        ({"payee_share_on_expiry_bps": 10_001}, InvalidShare(10_001)),
        ({"payee_share_on_silence_bps": 10_002}, InvalidShare(10_002)),
        ({"fund_by": START}, FundingTooLate(START, START)),
        ({"fund_by": START + HOUR + 1}, TimesOutOfOrder(START + 2 * HOUR + 1, START + 2 * HOUR)),
        ({"refund_expiry": START + 2 * HOUR - 1}, TimesOutOfOrder(START + 2 * HOUR, START + 2 * HOUR - 1)),
        ({"refund_expiry": START + 3650 * DAY + 1}, TooFarAhead(START + 3650 * DAY + 1, START + 3650 * DAY)),
        ({"capture_from": START + 3650 * DAY + 1}, TooFarAhead(START + 3650 * DAY + 1, START + 3650 * DAY)),
        ({"flags": 4}, InvalidFlags(4)),
        ({"ruling_period": 1}, InvalidRulingPeriod(1)),
        (JUDGED | {"flags": 8}, InvalidFlags(8)),
        (JUDGED | {"ruling_period": HOUR - 1}, InvalidRulingPeriod(HOUR - 1)),
        (JUDGED | {"ruling_period": 180 * DAY + 1}, InvalidRulingPeriod(180 * DAY + 1)),
        (
            JUDGED | {"flags": 1, "capture_from": START + 2 * HOUR - 1},
            TimesOutOfOrder(START + 2 * HOUR, START + 2 * HOUR - 1),
        ),
        (JUDGED | {"flags": 2, "capture_from": 0}, TimesOutOfOrder(START + 2 * HOUR, 0)),
    ],
)
def test_terms_over_the_edge_are_refused_by_name_with_their_facts(
    agree: Callable[..., Terms], changes: dict[str, Any], refusal: IllegalAction
) -> None:
    with pytest.raises(type(refusal)) as raised:
        _fund(agree, **changes)

    assert raised.value.facts == refusal.facts


def test_terms_that_break_several_rules_are_refused_by_the_contracts_first(
    agree: Callable[..., Terms], domain: Domain
) -> None:
    terms = agree(amount=0, payee_share_on_expiry_bps=10_001, fund_by=0, flags=9)

    with pytest.raises(InvalidAmount):
        require_fundable(terms, Seconds(START), domain.contract)
