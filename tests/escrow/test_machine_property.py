"""No history of actions, legal or not, creates or destroys money."""

import contextlib
from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chain.errors import IllegalAction
from chain.permit2 import Method
from chain.units import NOBODY, Address, Amount, Bps, Seconds, address
from escrow import Begin, Effect, Pay, Payment, Pull, conditions, transition
from escrow.actions import (
    Action,
    Authorize,
    Cancel,
    Capture,
    Charge,
    Dispute,
    Expire,
    Refund,
    Release,
    Resolve,
    Rule,
    Settle,
    Void,
)

START = 2_000_000_000
LOCK = conditions.after_time(START + 3_000)
LEVELS = st.one_of(st.integers(0, 1_000), st.sampled_from([0, 999, 1_000]))
TERMS = st.fixed_dictionaries(
    {
        "fee_bps": st.sampled_from([0, 1, 250, 3_333, 10_000]),
        "payee_share_on_expiry_bps": st.sampled_from([0, 1, 5_000, 6_667, 10_000]),
        "payee_share_on_silence_bps": st.sampled_from([0, 3_333, 10_000]),
        "flags": st.sampled_from([0, 3, 7]),
        "capture_from": st.sampled_from([START + 7_200, START + 9_000]),
        "authorization_expiry": st.just(START + 9_000),
        "token": st.sampled_from([NOBODY, address("0x" + "c0" * 20)]),
    }
)
MOVE = st.tuples(
    st.sampled_from(
        [Authorize, Charge, Capture, Release, Void, Resolve, Refund, Dispute, Rule, Settle, Expire, Cancel]
    ),
    st.sampled_from(["payer", "payee", "operator", "arbiter", "stranger"]),
    LEVELS,
    st.sampled_from([0, 1, 600, 3_000, 3_600, 7_200, 8_999, 9_000, 12_600]),
)
FIRST = st.sampled_from([(verb, "payer", 0, 0) for verb in (Authorize, Authorize, Authorize, Cancel)])
MOVES = st.builds(lambda first, others: [first, *others], FIRST, st.lists(MOVE, max_size=12))


def _action(verb: Any, caller: Address, level: int, payment: Payment) -> Action:
    native = payment.terms.token == NOBODY
    if verb is Authorize:
        return Authorize(caller=caller, value=payment.terms.amount if native else 0)
    if verb is Refund:
        value = max(payment.holding.refundable - level, 0) if native else 0
        return Refund(caller=caller, held=payment.holding.held, refundable_after=Amount(level), value=value)
    if verb is Resolve:
        return Resolve(caller=caller, proof=LOCK.proof())
    if verb is Charge:
        wallets = frozenset({payment.terms.payer})
        value = payment.terms.amount if native and not payment.holding.used else 0
        return Charge(caller=caller, method=Method.ALLOWANCE, authorization=b"", value=value, wallets=wallets)
    if verb is Rule:
        return Rule(caller=caller, payee_bps=Bps(level * 10))
    if verb is Settle:
        both = frozenset({payment.terms.payer, payment.terms.payee})
        return Settle(caller=caller, to_payer=Amount(level), deadline=Seconds(2**48 - 1), wallets=both)
    if verb in {Capture, Release, Void}:
        action: Action = verb(caller=caller, held_after=Amount(level))
        return action
    other: Action = verb(caller=caller)
    return other


def _payment(pay: Callable[..., Payment], people: dict[str, Address], changes: dict[str, Any]) -> Payment:
    judged = {"arbiter": people["arbiter"], "ruling_period": 3_600, "fee_recipient": people["collector"]}
    return pay(condition=LOCK.address, condition_hash=LOCK.data_hash, **judged, **changes)


def _flow(effects: tuple[Effect, ...]) -> int:
    moved = [effect for effect in effects if not isinstance(effect, Begin)]
    return sum(effect.amount if isinstance(effect, Pull) else -effect.amount for effect in moved)


@given(changes=TERMS, moves=MOVES)
def test_money_is_conserved_and_used_never_clears(
    pay: Callable[..., Payment], people: dict[str, Address], changes: dict[str, Any], moves: list[Any]
) -> None:
    payment = _payment(pay, people, changes)
    inside, now = 0, START
    for verb, party, level, later in moves:
        now = max(now, START + later)
        was_used = payment.holding.used
        with contextlib.suppress(IllegalAction):
            payment, effects = transition(payment, _action(verb, people[party], level, payment), Seconds(now))
            inside += _flow(effects)
            assert all(not isinstance(effect, Begin) and effect.amount > 0 for effect in effects)

        assert inside == payment.holding.held
        assert payment.holding.held + payment.holding.refundable <= payment.terms.amount
        assert payment.holding.used >= was_used


@given(changes=TERMS, moves=MOVES)
def test_nothing_is_funded_twice_and_the_payer_never_gets_back_more_than_came_in(
    pay: Callable[..., Payment], people: dict[str, Address], changes: dict[str, Any], moves: list[Any]
) -> None:
    payment = _payment(pay, people, changes)
    paid = returned = 0
    for verb, party, level, later in moves:
        with contextlib.suppress(IllegalAction):
            payment, effects = transition(payment, _action(verb, people[party], level, payment), Seconds(START + later))
            if verb in {Authorize, Charge}:
                paid += sum(effect.amount for effect in effects if isinstance(effect, Pull))
            to_payer = (effect for effect in effects if isinstance(effect, Pay) and effect.to == people["payer"])
            returned += sum(effect.amount for effect in to_payer)

    assert paid in {0, payment.terms.amount}
    assert returned <= paid
    assert payment.returned == returned or not paid
