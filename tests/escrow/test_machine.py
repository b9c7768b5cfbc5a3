from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chain.errors import IllegalAction
from chain.refusals import InexactTransfer
from chain.units import Address, Amount, Seconds
from escrow import Holding, Pay, Payment, Pull, conditions, transition
from escrow.actions import Action, Authorize, Cancel, Capture, Expire, Refund, Release, Resolve, Void
from escrow.errors import AuthorizationExpired, FundingTooLate, NotExpired, NothingToMove, RefundExpired, TooEarly
from escrow.flags import ALL_FLAGS, DISPUTE_FREEZES_RESOLVE

People = dict[str, Address]
AFTER = conditions.after_time(0)
CONDITION = {"condition": AFTER.address, "condition_hash": AFTER.data_hash}
FREEZING = {
    "ruling_period": 3_600,
    "capture_from": 2_000_000_000 + 7_200,
    "authorization_expiry": 2_000_000_000 + 9_000,
}


@pytest.fixture
def held(pay: Callable[..., Payment]) -> Callable[..., Payment]:
    """Authorized, then half of it paid to the payee."""
    holding = Holding(held=Amount(500), refundable=Amount(500), used=True)
    return lambda **changes: replace(pay(**changes), holding=holding)


def _allowed(payment: Payment, action: Action, second: int) -> IllegalAction | None:
    try:
        transition(payment, action, Seconds(second))
    except IllegalAction as refusal:
        return refusal
    return None


@pytest.mark.parametrize(("second", "refusal"), [(3_599, None), (3_600, FundingTooLate), (3_601, FundingTooLate)])
def test_funding_is_over_at_fund_by_itself(
    pay: Callable[..., Payment], people: People, start: int, second: int, refusal: type[IllegalAction] | None
) -> None:
    action = Authorize(caller=people["payer"], value=1_000)

    assert type(_allowed(pay(), action, start + second)) is (refusal or type(None))


@pytest.mark.parametrize(
    ("second", "refusal"),
    [
        (599, TooEarly),
        (600, None),
        (601, None),
        (7_199, None),
        (7_200, AuthorizationExpired),
        (7_201, AuthorizationExpired),
    ],
)
@pytest.mark.parametrize("verb", [Capture, Void])
def test_the_operator_may_act_from_capture_from_until_before_the_expiry(
    held: Callable[..., Payment],
    people: People,
    start: int,
    second: int,
    refusal: type[IllegalAction] | None,
    verb: type[Capture] | type[Void],
) -> None:
    payment = held(capture_from=start + 600)
    action = verb(caller=people["operator"], held_after=Amount(0))

    assert type(_allowed(payment, action, start + second)) is (refusal or type(None))


@pytest.mark.parametrize("second", [0, 599, 7_199, 7_200, 10**9])
def test_payer_and_payee_may_give_to_each_other_at_any_time(
    held: Callable[..., Payment], people: People, start: int, second: int
) -> None:
    payment = held(capture_from=start + 600)

    assert _allowed(payment, Release(caller=people["payer"], held_after=Amount(0)), start + second) is None
    assert _allowed(payment, Void(caller=people["payee"], held_after=Amount(0)), start + second) is None


@pytest.mark.parametrize(("second", "resolves"), [(0, True), (7_199, True), (7_200, False), (7_201, False)])
def test_a_hold_can_be_resolved_or_expired_and_at_no_second_both_or_neither(
    held: Callable[..., Payment], people: People, start: int, second: int, resolves: bool
) -> None:
    payment = replace(held(**CONDITION), holding=Holding(held=Amount(1_000), used=True))
    resolved = _allowed(payment, Resolve(caller=people["stranger"], proof=AFTER.proof()), start + second)
    expired = _allowed(payment, Expire(caller=people["stranger"]), start + second)

    assert type(resolved) is (type(None) if resolves else AuthorizationExpired)
    assert type(expired) is (NotExpired if resolves else type(None))


@pytest.mark.parametrize(
    ("flags", "second", "refusal"),
    [
        (ALL_FLAGS, 7_199, TooEarly),
        (ALL_FLAGS, 7_200, None),
        (DISPUTE_FREEZES_RESOLVE, 7_199, TooEarly),
        (ALL_FLAGS & ~DISPUTE_FREEZES_RESOLVE, 7_199, None),
    ],
)
def test_where_a_dispute_freezes_the_condition_it_must_wait_for_capture_from(
    held: Callable[..., Payment],
    people: People,
    start: int,
    flags: int,
    second: int,
    refusal: type[IllegalAction] | None,
) -> None:
    payment = held(flags=flags, arbiter=people["arbiter"], **CONDITION, **FREEZING)
    action = Resolve(caller=people["stranger"], proof=AFTER.proof())

    assert type(_allowed(payment, action, start + second)) is (refusal or type(None))


@pytest.mark.parametrize(("second", "refusal"), [(10_799, None), (10_800, RefundExpired), (10_801, RefundExpired)])
def test_refunds_are_over_at_refund_expiry_itself(
    held: Callable[..., Payment], people: People, start: int, second: int, refusal: type[IllegalAction] | None
) -> None:
    action = Refund(caller=people["payee"], held=Amount(500), refundable_after=Amount(0), value=500)

    assert type(_allowed(held(), action, start + second)) is (refusal or type(None))


@pytest.mark.parametrize("held_after", [500, 501, 2**96 - 1])
def test_a_level_that_is_reached_moves_nothing(
    held: Callable[..., Payment], people: People, start: int, held_after: int
) -> None:
    payment = held()

    with pytest.raises(NothingToMove) as raised:
        transition(payment, Release(caller=people["payer"], held_after=Amount(held_after)), Seconds(start))
    assert raised.value.facts == {"payment_id": payment.payment_id, "held": 500, "held_after": held_after}


@pytest.mark.parametrize("slices", [[1_000], [500, 500], [1] * 1_000, [333, 333, 334], [999, 1], [7, 13, 980]])
@pytest.mark.parametrize("fee_bps", [1, 250, 333, 9_999, 10_000])
def test_slicing_a_payment_neither_adds_to_the_fee_nor_evades_it(
    pay: Callable[..., Payment], people: People, start: int, slices: list[int], fee_bps: int
) -> None:
    payment = pay(fee_bps=fee_bps, fee_recipient=people["collector"])
    payment = replace(payment, holding=Holding(held=Amount(1_000), used=True))
    fees = 0
    for part in slices:
        level = Amount(payment.holding.held - part)
        payment, effects = transition(payment, Release(caller=people["payer"], held_after=level), Seconds(start))
        paid = (effect for effect in effects if isinstance(effect, Pay))
        fees += sum(effect.amount for effect in paid if effect.to == people["collector"])

    assert fees == 1_000 * fee_bps // 10_000


def test_the_expiry_pays_the_payer_then_the_payee_then_the_fee(
    pay: Callable[..., Payment], people: People, start: int
) -> None:
    payment = pay(fee_bps=1_000, fee_recipient=people["collector"], payee_share_on_expiry_bps=3_333)
    payment = replace(payment, holding=Holding(held=Amount(100), used=True))

    newer, effects = transition(payment, Expire(caller=people["stranger"]), Seconds(start + 7_200))

    assert effects == (
        Pay(people["payer"], Amount(67)),
        Pay(people["payee"], Amount(30)),
        Pay(people["collector"], Amount(3)),
    )
    assert newer.holding == Holding(refundable=Amount(33), used=True)


def test_a_refund_takes_from_the_caller_before_it_pays_the_payer(
    held: Callable[..., Payment], people: People, start: int
) -> None:
    action = Refund(caller=people["operator"], held=Amount(500), refundable_after=Amount(200), value=300)

    newer, effects = transition(held(), action, Seconds(start))

    assert effects == (Pull(people["operator"], Amount(300)), Pay(people["payer"], Amount(300)))
    assert newer.holding == Holding(held=Amount(500), refundable=Amount(200), used=True)


def test_an_operator_who_is_the_payer_can_not_refund_tokens_to_itself(
    held: Callable[..., Payment], people: People, start: int
) -> None:
    payment = held(operator=people["payer"], token=people["stranger"])
    action = Refund(caller=people["payer"], held=Amount(500), refundable_after=Amount(0))

    assert isinstance(_allowed(payment, action, start), InexactTransfer)


def test_the_receipt_of_an_earlier_step_does_not_stay_with_the_newer_payment(
    held: Callable[..., Payment], people: People, start: int
) -> None:
    stale: Any = object()
    payment = replace(held(), receipt=stale)

    assert transition(payment, Release(caller=people["payer"], held_after=Amount(0)), Seconds(start))[0].receipt is None


def test_a_cancelled_id_is_used_although_nothing_was_held(
    pay: Callable[..., Payment], people: People, start: int
) -> None:
    newer, effects = transition(pay(), Cancel(caller=people["payer"]), Seconds(start))

    assert (newer.holding, effects) == (Holding(used=True), ())
