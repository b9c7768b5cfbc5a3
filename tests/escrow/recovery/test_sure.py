"""What is recovered of a hold is had whatever the others do, and never by two parties."""

from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chain.typed_data import Domain
from chain.units import NOBODY, Address, Amount, Seconds, address
from escrow import Holding, Payment, Terms
from escrow.effects import Effect, Pay, Pull
from escrow.flags import DISPUTE_FREEZES_RESOLVE, PAYEE_MAY_DISPUTE, PAYER_MAY_DISPUTE
from escrow.recovery import FoundPayment, RecoveredPayment, summarise
from escrow.walk.graph import legal
from escrow.walk.moves import Party, identities, moves

START, HOUR, LATE = 2_000_000_000, 3_600, 2_000_000_000 + 4 * 3_600
PAYER, PAYEE, OPERATOR, ARBITER, CONDITION, OTHER = (address("0x" + digit * 40) for digit in "123456")
DOMAIN = Domain(1, address("0x" + "e5" * 20))
FREEZE, EITHER = DISPUTE_FREEZES_RESOLVE, PAYER_MAY_DISPUTE | PAYEE_MAY_DISPUTE
JUDGED = {"arbiter": ARBITER, "ruling_period": 2 * HOUR, "capture_from": START + 2 * HOUR, "flags": EITHER | FREEZE}


def agreed(**changes: Any) -> Terms:
    """100 wei, of which an expiry gives the payee 25, and the arbiter's silence 75."""
    members: dict[str, Any] = {
        "payer": PAYER,
        "payee": PAYEE,
        "token": NOBODY,
        "amount": 100,
        "fund_by": START + HOUR,
        "authorization_expiry": LATE,
        "refund_expiry": START + 6 * HOUR,
        "payee_share_on_expiry_bps": 2_500,
        "payee_share_on_silence_bps": 7_500,
        "salt": 1,
    }
    return Terms(**members | changes)


def row(terms: Terms, account: Address, now: int, **holding: Any) -> RecoveredPayment:
    kept = Holding(**{"held": Amount(100), "used": True} | holding)
    found = FoundPayment(
        payment_id=terms.payment_id(DOMAIN),
        payer=terms.payer,
        payee=terms.payee,
        token=terms.token,
        holding=kept,
        is_final=True,
        terms=terms,
    )
    return summarise([found], account, DOMAIN, Seconds(now)).payments[0]


@pytest.mark.parametrize(
    ("terms", "now", "disputed_at", "payer", "payee"),
    [
        pytest.param({}, START, 0, 75, 25, id="nobody but the clock has a word"),
        pytest.param({"condition": CONDITION}, START, 0, 0, 25, id="the condition may release all"),
        pytest.param({"condition": CONDITION}, LATE, 0, 75, 25, id="it can't any more"),
        pytest.param({"condition": PAYER}, START, 0, 0, 25, id="whoever proves it has the condition's word"),
        pytest.param({"operator": OPERATOR}, START, 0, 0, 0, id="an operator may capture or void"),
        pytest.param({"operator": OPERATOR}, LATE - 1, 0, 0, 0, id="it may still"),
        pytest.param({"operator": OPERATOR}, LATE, 0, 75, 25, id="the hold is over"),
        pytest.param({"operator": OPERATOR, "capture_from": LATE}, START, 0, 75, 25, id="an operator who never may"),
        pytest.param({"operator": PAYEE}, START, 0, 0, 100, id="the payee captures"),
        pytest.param({"operator": PAYEE, "capture_from": LATE - 1}, START, 0, 0, 100, id="the payee will"),
        pytest.param({"operator": PAYER}, START, 0, 100, 0, id="the payer voids"),
        pytest.param(JUDGED, START, 0, 0, 0, id="either may ask the arbiter"),
        pytest.param(JUDGED | {"flags": PAYER_MAY_DISPUTE}, START, 0, 75, 0, id="the payer alone may"),
        pytest.param(JUDGED | {"flags": PAYEE_MAY_DISPUTE}, START, 0, 0, 25, id="the payee alone may"),
        pytest.param(JUDGED | {"operator": PAYEE}, START, 0, 0, 0, id="a dispute would stop the payee's capture"),
        pytest.param(JUDGED | {"operator": PAYEE}, START + 2 * HOUR, 0, 0, 100, id="nobody has asked in time"),
        pytest.param(JUDGED, LATE, 0, 75, 25, id="nobody has asked"),
        pytest.param(JUDGED, START, START, 0, 0, id="the arbiter may rule"),
        pytest.param(JUDGED, LATE - 1, START, 0, 0, id="it still may"),
        pytest.param(JUDGED, LATE, START, 25, 75, id="it was silent"),
        pytest.param(JUDGED | {"flags": EITHER}, LATE, START, 0, 0, id="it may rule after the expiry"),
        pytest.param(JUDGED | {"flags": EITHER}, START, START, 0, 0, id="it will be able to"),
        pytest.param(JUDGED | {"flags": EITHER}, LATE + 2 * HOUR, START, 25, 75, id="it was silent after it"),
        pytest.param(JUDGED | {"arbiter": PAYEE}, START, START, 0, 100, id="the payee rules"),
        pytest.param(JUDGED | {"arbiter": PAYEE}, START, 0, 0, 25, id="the payee would rule, if asked"),
        pytest.param({"fee_bps": 1_000, "fee_recipient": OTHER}, LATE, 0, 75, 23, id="less the fee"),
        pytest.param({"fee_bps": 1_000, "fee_recipient": PAYEE}, LATE, 0, 75, 25, id="the fee is the payee's"),
    ],
)
def test_only_what_own_verbs_and_the_clock_give_is_recovered(
    terms: dict[str, Any], now: int, disputed_at: int, payer: int, payee: int
) -> None:
    agreement = agreed(**terms)
    rows = [row(agreement, who, now, disputed_at=Seconds(disputed_at)) for who in (PAYER, PAYEE)]
    assert [one.recovered for one in rows] == [payer, payee]
    assert [(one.on_chain, one.at_most_lost) for one in rows] == [(100, 0), (100, 0)]


@pytest.mark.parametrize(("disputed_at", "payer", "payee"), [(0, 75, 23), (START, 25, 68)])
def test_what_the_clock_would_give_is_named_beside_it(disputed_at: int, payer: int, payee: int) -> None:
    terms = agreed(**JUDGED, fee_bps=1_000, fee_recipient=OTHER)
    rows = [row(terms, who, START, disputed_at=Seconds(disputed_at)) for who in (PAYER, PAYEE)]
    assert [(one.if_silent, one.recovered, one.to_json()["ifSilent"]) for one in rows] == [
        (payer, 0, str(payer)),
        (payee, 0, str(payee)),
    ]


def test_of_an_operators_or_arbiters_payment_nothing_is_its_own() -> None:
    terms = agreed(**JUDGED, operator=OPERATOR, fee_bps=1_000, fee_recipient=OPERATOR)
    for who in (OPERATOR, ARBITER):
        one = row(terms, who, LATE)
        assert (one.on_chain, one.recovered, one.if_silent, one.at_most_lost) == (0, 0, 0, 0)


def times(payment: Payment, now: int) -> list[int]:
    terms = payment.terms
    return sorted(time for time in {terms.capture_from, terms.authorization_expiry, payment.end} if time > now)


def gain(effects: tuple[Effect, ...], account: Address) -> int:
    paid = sum(effect.amount for effect in effects if isinstance(effect, Pay) and effect.to == account)
    return paid - sum(effect.amount for effect in effects if isinstance(effect, Pull) and effect.owner == account)


@cache
def worst(payment: Payment, account: Address, now: int, first: bool = True) -> int:
    """What it has against all others together, who move before it at every second but the first: a search of all."""
    named = identities(payment.terms)
    own = {party for party, place in named.items() if place == account and party is not Party.CONDITION}
    if not payment.holding.held:
        return 0
    best = max(
        (
            gain(found[1], account)
            for move in moves(payment, Seconds(now))
            if move.by <= own | {Party.ANYBODY} and (found := legal(payment, move.action, Seconds(now)))
        ),
        default=0,
    )
    later = times(payment, now)
    wait = worst(payment, account, later[0], False) if later else 0
    answers = [
        gain(found[1], account) + worst(found[0], account, now, False)
        for move in moves(payment, Seconds(now))
        if not move.by & own and (found := legal(payment, move.action, Seconds(now))) and found[0] != payment
    ]
    return max(best, min([wait, *answers])) if first else min([max(best, wait), *answers])


HOLDINGS = st.sampled_from([(100, 0), (60, 40), (50, 0)])
PLAYERS = st.sampled_from([NOBODY, PAYER, PAYEE, OTHER])
MIXED = st.fixed_dictionaries(
    {
        "operator": PLAYERS,
        "arbiter": PLAYERS,
        "condition": st.sampled_from([NOBODY, CONDITION]),
        "flags": st.sampled_from([0, 1, 2, 3, 4, 5, 6, 7]),
        "capture_from": st.sampled_from([0, START + 2 * HOUR, LATE, LATE + 1]),
        "payee_share_on_expiry_bps": st.sampled_from([0, 3_333, 10_000]),
        "payee_share_on_silence_bps": st.sampled_from([0, 6_667, 10_000]),
        "fee_bps": st.sampled_from([0, 333, 10_000]),
        "fee_recipient": st.sampled_from([PAYER, PAYEE, OTHER]),
    }
)


@settings(max_examples=200)
@given(
    members=MIXED,
    holding=HOLDINGS,
    disputed=st.booleans(),
    now=st.sampled_from([START, START + HOUR, START + 2 * HOUR, LATE - 1, LATE, LATE + HOUR, LATE + 2 * HOUR]),
)
def test_whatever_the_others_do_it_is_had_and_never_by_both(
    members: dict[str, Any], holding: tuple[int, int], disputed: bool, now: int
) -> None:
    if members["arbiter"] == NOBODY:
        members, disputed = members | {"flags": 0}, False
    else:
        members = members | {"ruling_period": 2 * HOUR}
    terms, (held, refundable) = agreed(**members), holding
    since = Seconds(START if disputed else 0)
    kept = Holding(held=Amount(held), refundable=Amount(refundable), disputed_at=since, used=True)
    rows = [
        row(terms, who, now, held=kept.held, refundable=kept.refundable, disputed_at=since) for who in (PAYER, PAYEE)
    ]
    assert sum(one.recovered for one in rows) <= held
    payment = Payment(terms=terms, domain=DOMAIN, holding=kept)
    for one, who in zip(rows, (PAYER, PAYEE), strict=True):
        assert one.recovered <= worst(payment, who, now)
