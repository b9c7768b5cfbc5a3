import os
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chain.errors import TokenMismatch
from chain.money import Token
from chain.units import NOBODY, Address, Seconds, address
from escrow import Agreement, PayeeShare, Terms, conditions
from escrow.agreement import Part
from escrow.flags import DISPUTE_FREEZES_RESOLVE, PAYEE_MAY_DISPUTE
from escrow.terms_errors import OtherCondition

SNAPSHOTS = Path(__file__).parent / "explanations"
START, DAY = 2_000_000_000, 86_400
LOCK = conditions.hash_lock(sha256=bytes(32))
CONDITION = address("0x" + "77" * 20)
"""Not the lock's own: that moves with every change of its code."""


def _purchase(parties: dict[str, Any], usdc: Token, arbiter: Address) -> Terms:
    judged: dict[str, Any] = {"arbiter": arbiter, "ruling_period": timedelta(days=7), "if_arbiter_silent": "payer"}
    return Terms.purchase(**parties, **judged, amount=usdc("120"), expiry=START, if_expired="payee", salt=1)


def _examples(people: dict[str, Address], usdc: Token) -> dict[str, str]:
    parties: dict[str, Any] = {"payer": people["payer"], "payee": people["payee"]}
    fee: dict[str, Any] = {"fee_bps": 250, "fee_recipient": people["collector"]}
    judged: dict[str, Any] = {"arbiter": people["arbiter"], "ruling_period": timedelta(days=7)}
    purchase = _purchase(parties, usdc, people["arbiter"])
    card = Terms.card(
        **parties,
        **fee,
        operator=people["payee"],
        amount=usdc("19.99"),
        expiry=START,
        if_expired=PayeeShare(bps=3_333),
        salt=1,
    )
    conditional: dict[str, Any] = {**parties, "amount": usdc("0.5"), "expiry": START, "if_expired": "payer", "salt": 1}
    everything = replace(
        purchase,
        operator=people["operator"],
        condition=CONDITION,
        fund_by=Seconds(START - DAY),
        capture_from=Seconds(START - DAY // 2),
        ruling_period=Seconds(90_061),
        flags=PAYEE_MAY_DISPUTE,
        **fee,
    )
    clock = conditions.after_time(START - DAY)
    return {
        "purchase": purchase.explain(usdc),
        "card": card.explain(usdc),
        "conditional": _in_words(Terms.conditional(**conditional, condition=LOCK), LOCK, usdc),
        "timed": _in_words(
            Terms.conditional(**conditional, condition=clock, **judged, if_arbiter_silent="payee"), clock, usdc
        ),
        "everything": everything.explain(usdc),
        "bonded": Agreement(
            (
                Part(name="sale", terms=purchase),
                Part(name="bond", terms=Terms.bond(purchase, amount=usdc("12"), salt=1)),
            )
        ).explain(usdc),
    }


def _bonded(sale: Terms, usdc: Token) -> Agreement:
    bond = Terms.bond(sale, amount=usdc("12"), salt=1)
    return Agreement((Part(name="sale", terms=sale), Part(name="bond", terms=bond)))


def _in_words(terms: Terms, condition: conditions.Condition, usdc: Token) -> str:
    return terms.explain(usdc, condition=condition).replace(condition.address, CONDITION)


@pytest.mark.parametrize("name", ["purchase", "card", "conditional", "timed", "everything", "bonded"])
def test_the_explanation_is_the_one_that_was_read_and_agreed(
    people: dict[str, Address], usdc: Token, name: str
) -> None:
    text = _examples(people, usdc)[name]
    file = SNAPSHOTS / f"{name}.txt"
    if os.environ.get("EARNEST_SNAPSHOTS") == "write":
        file.write_text(text)

    assert text == file.read_text()


def test_a_condition_is_told_in_words_only_if_it_is_the_agreed_one(agree: Callable[..., Terms]) -> None:
    terms = agree(condition=LOCK.address, condition_hash=LOCK.data_hash)

    assert LOCK.explain() in terms.explain(condition=LOCK)
    assert LOCK.explain() not in terms.explain()
    for other in (conditions.hash_lock(keccak=bytes(32)), conditions.after_time(START)):
        with pytest.raises(OtherCondition) as refused:
            terms.explain(condition=other)
        assert (refused.value.expected, refused.value.found) == (LOCK.address, other.address)


@pytest.mark.parametrize(
    ("flags", "capture_from", "said"),
    [
        (0, START + 7_200, "0x7777777777777777777777777777777777777777: before 2033-05-18 05:33:20 UTC, anybody"),
        (4, 0, "0x7777777777777777777777777777777777777777: before 2033-05-18 05:33:20 UTC, anybody"),
        (4, START + 60, "before 2033-05-18 05:33:20 UTC and from 2033-05-18 03:34:20 UTC, anybody"),
        (4, START + 7_200, "it can never be asked"),
    ],
)
def test_a_condition_waits_for_the_operator_s_time_only_where_a_dispute_stops_it(
    agree: Callable[..., Terms], people: dict[str, Address], flags: int, capture_from: int, said: str
) -> None:
    judged = {"arbiter": people["arbiter"], "ruling_period": DAY, "condition": CONDITION}

    assert said in agree(flags=flags, capture_from=capture_from, **judged).explain()


def test_whoever_plays_two_parts_is_seen_to(agree: Callable[..., Terms], people: dict[str, Address]) -> None:
    judged = {"ruling_period": DAY, "flags": 7, "capture_from": START + 7_200}
    both = agree(arbiter=people["operator"], **judged).explain()

    assert f"The operator {people['operator']} (the arbiter) may" in both
    assert f"The arbiter {people['operator']} (the operator) may" in both
    paid = agree(fee_bps=100, fee_recipient=people["arbiter"], arbiter=people["arbiter"], **judged).explain()
    assert f"goes to {people['arbiter']} (the arbiter)" in paid


@pytest.mark.parametrize(
    ("capture_from", "said"),
    [(0, "in one step."), (START + 3_599, "in one step from 2033-05-18 04:33:19 UTC on."), (START + 3_600, None)],
)
def test_an_operator_may_fund_and_capture_in_one_step_only_while_funding_is_open(
    agree: Callable[..., Terms], capture_from: int, said: str | None
) -> None:
    text = agree(capture_from=capture_from).explain()

    assert ("in one step" in text) is (said is not None)
    assert said is None or said in text
    assert "in one step" not in agree(operator=NOBODY).explain()


_TIMES = st.sampled_from([0, START + 3_600, START + 7_199, START + 7_200, 2**47])


@given(
    changes=st.fixed_dictionaries(
        {
            "operator": st.sampled_from(["nobody", "operator", "payee", "payer"]),
            "arbiter": st.sampled_from(["nobody", "arbiter", "payee"]),
            "condition": st.sampled_from([NOBODY, LOCK.address]),
            "flags": st.integers(0, 8),
            "capture_from": _TIMES,
            "fee_bps": st.sampled_from([0, 1, 10_000, 10_001]),
            "payee_share_on_expiry_bps": st.sampled_from([0, 1, 9_999, 10_000]),
            "payee_share_on_silence_bps": st.sampled_from([0, 1, 9_999, 10_000]),
            "ruling_period": st.sampled_from([0, 3_600, 86_400]),
            "refund_expiry": st.sampled_from([START + 7_200, 2**48 - 1]),
        }
    )
)
def test_every_part_of_any_fundable_terms_is_named(
    agree: Callable[..., Terms], people: dict[str, Address], changes: dict[str, Any]
) -> None:
    for role in ("operator", "arbiter"):
        changes[role] = people.get(changes[role], NOBODY)
    terms = agree(fee_recipient=people["collector"], **changes)
    text = terms.explain()

    if text.startswith("Nobody can fund these terms"):
        return
    parts = {terms.payer, terms.payee, terms.operator, terms.arbiter, terms.condition} - {NOBODY}
    assert all(part in text for part in parts)
    assert (terms.fee_recipient in text) == (terms.fee_bps != 0)


def test_the_token_must_be_that_of_the_terms(agree: Callable[..., Terms], usdc: Token) -> None:
    with pytest.raises(TokenMismatch):
        agree().explain(usdc)
    assert "1000 base units of token 0x" in agree(token=usdc.address).explain()
    assert "1000 base units of the native currency" in agree().explain()


def test_terms_that_nobody_can_fund_are_explained_by_the_reason(agree: Callable[..., Terms]) -> None:
    assert "InvalidAmount" in agree(amount=0).explain()
    assert "TimesOutOfOrder" in agree(refund_expiry=START).explain()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"operator": NOBODY}, "There is no operator."),
        ({"capture_from": START + 7_200}, "may never capture"),
        ({"arbiter": CONDITION, "ruling_period": 3_600}, "can never be asked"),
        (
            {
                "arbiter": CONDITION,
                "ruling_period": 3_600,
                "flags": DISPUTE_FREEZES_RESOLVE,
                "condition": LOCK.address,
                "capture_from": START + 7_200,
            },
            "it can never be asked",
        ),
    ],
)
def test_what_can_never_happen_is_said(agree: Callable[..., Terms], changes: dict[str, Any], said: str) -> None:
    assert said in agree(**changes).explain()
