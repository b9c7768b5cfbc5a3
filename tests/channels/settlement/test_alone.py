"""When promises are recorded, reserved for and claimed."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from chain.units import Amount
from channels import Lane
from channels.settlement import (
    ClaimPromised,
    CollectReserve,
    Policy,
    Position,
    PromiseStanding,
    Record,
    Step,
    Submit,
    Wait,
    World,
    next_steps,
)
from channels.settlement.gas import CLAIM_PROMISED, RECORD
from tests.channels.conftest import TOKEN
from tests.channels.lane_states import kept
from tests.channels.settlement.conftest import NOW
from tests.channels.settlement.performing import promise_of

MARGIN: Any = 60
HOUR = 3_600
FREE, PRICED = World(now=NOW), World(now=NOW, gas_prices={TOKEN: Fraction(1)})
Owed = Callable[..., Position]


def standing(amount: Any, expiry: Any, provable: Any = 0, recorded: Any = 0) -> PromiseStanding:
    return PromiseStanding(promise=promise_of(amount, expiry, amount), provable=provable, recorded=recorded)


def plan(*positions: Position, world: World = FREE, **policy: Any) -> list[Step]:
    return next_steps(positions, world, Policy(**{"margin": MARGIN} | policy))


def told(steps: list[Step]) -> list[tuple[Any, Any, list[int]]]:
    """What each step is, until or before when, and how much."""
    return [
        (type(step.action), step.before, amounts) if isinstance(step, Submit) else (Wait, step.until, amounts)
        for step, amounts in ((step, [due.amount for due in step.dues]) for step in steps)
    ]


@pytest.mark.parametrize(
    ("expiry", "expected"),
    [
        (NOW + 2 * MARGIN + 1, (Wait, NOW + 1, [30])),
        (NOW + 2 * MARGIN, (Record, NOW + MARGIN, [30])),
        (NOW + 1, (Record, NOW + 1 - MARGIN, [30])),
    ],
)
def test_what_is_proven_is_recorded_two_margins_before_its_expiry(owed: Owed, expiry: Any, expected: Any) -> None:
    """Until then the payer may fold it into a voucher, which costs nothing."""
    assert told(plan(owed(0, promises=(standing(30, expiry, 30),)))) == [expected]


def test_what_expires_unproven_or_unrecorded_is_owed_no_more(owed: Owed) -> None:
    assert plan(owed(0, promises=(standing(30, NOW, 30),))) == []
    assert told(plan(owed(0, promises=(standing(30, NOW, 30, 10),)), max_wait=0)) == [
        (Wait, NOW + HOUR - 2 * MARGIN, [10])
    ]


def test_an_open_lane_with_a_promise_must_be_looked_at_although_it_owes_nothing(owed: Owed) -> None:
    """Its payer could close it, and a promise that is proven later would find no reserve."""
    assert told(plan(owed(0, promises=(standing(30, NOW + 1),)))) == [(Wait, NOW + HOUR - 2 * MARGIN, [])]
    assert plan(owed(0, promises=(standing(30, NOW + 1, 30, 30),)))[0].dues[0].amount == 30
    assert plan(owed(0, promises=(standing(30, NOW),))) == []


def test_a_promise_has_no_age_until_it_is_recorded(owed: Owed) -> None:
    for recorded, expected in (
        (0, (Wait, NOW + HOUR - 2 * MARGIN, [30])),
        (30, (Wait, NOW + 9, [30])),
    ):
        promises = (standing(30, NOW + 2 * HOUR, 30, recorded),)
        assert told(plan(owed(0, promises=promises, since=NOW - 1), max_wait=10)) == [expected]
    assert told(plan(owed(0, promises=promises, since=NOW - 10), max_wait=10)) == [(ClaimPromised, None, [30])]


def test_a_closing_lane_reserves_for_a_promise_that_nobody_can_prove_yet(owed: Owed) -> None:
    closing: Any = {"closes_at": NOW + HOUR, "promises": (standing(30, NOW + 9),)}
    watch = (Wait, NOW + HOUR - 2 * MARGIN, list[int]())
    assert told(plan(owed(0, **closing))) == [(ClaimPromised, NOW + HOUR - MARGIN, []), watch]
    assert told(plan(owed(5, **closing))) == [(ClaimPromised, NOW + HOUR - MARGIN, [5]), watch]

    lane = Lane(deposit=Amount(10**9), settled=Amount(7), closes_at=NOW + HOUR, reserved=True)
    answered = owed(0, **closing | {"lane": lane, "reserve": kept(37, NOW + 9)})
    assert told(plan(answered)) == [watch], "a reserve that is there is not made again"
    dropped = Lane(deposit=Amount(10**9), settled=Amount(7), closes_at=NOW + HOUR)
    older = owed(0, **closing | {"lane": dropped, "reserve": kept(37, NOW + 9)})
    assert told(plan(older))[0][0] is ClaimPromised, "an older close's reserve counts no longer"
    for less in (kept(36, NOW + 9), kept(37, NOW + 8)):
        assert told(plan(owed(0, **closing | {"lane": lane, "reserve": less})))[0][0] is ClaimPromised


def test_a_closing_lane_records_first_so_that_one_claim_pays_for_all(owed: Owed) -> None:
    promises = (standing(30, NOW + 2 * HOUR, 30),)
    first = told(plan(owed(5, closes_at=NOW + HOUR, promises=promises)))
    assert first == [(Record, NOW + 2 * HOUR - MARGIN, [30]), (Wait, NOW + HOUR - 2 * MARGIN, [5])]

    late = told(plan(owed(5, closes_at=NOW + 2 * MARGIN, promises=promises)))
    assert late == [(ClaimPromised, NOW + MARGIN, [5]), (Record, NOW + 2 * HOUR - MARGIN, [30])]

    recorded = (standing(30, NOW + 2 * HOUR, 30, 30),)
    assert told(plan(owed(5, closes_at=NOW + HOUR, promises=recorded))) == [(ClaimPromised, NOW + HOUR - MARGIN, [35])]


def test_a_reserve_is_collected_before_it_is_over(owed: Owed) -> None:
    lane = Lane(epoch=1)
    reserve = kept(100, NOW + 1_000, 7, withdrawn=True)
    proven = owed(20, lane=lane, reserve=reserve, promises=(standing(30, NOW + 5, 0, 30),))
    (step,) = plan(proven)
    assert isinstance(step, Submit)
    assert (step.action, step.before) == (CollectReserve(*proven.place), NOW + 1_000 - MARGIN)
    assert [due.amount for due in step.dues] == [50]

    provable = owed(20, lane=lane, reserve=reserve, promises=(standing(30, NOW + 2_000, 30),))
    assert told(plan(provable)) == [(Record, NOW + 1_000 - MARGIN, [30]), (Wait, NOW + 1_000 - 2 * MARGIN, [20])]

    above = owed(150, lane=lane, reserve=reserve, promises=(standing(30, NOW + 5),))
    assert told(plan(above)) == [(CollectReserve, NOW + 1_000 - MARGIN, [93])], "an ended epoch owes no more"

    over = owed(20, lane=lane, reserve=kept(100, NOW, 7, withdrawn=True), promises=(standing(30, NOW + 9, 30),))
    assert plan(over) == []


def test_a_lane_whose_window_is_over_pays_what_it_has_reserved(owed: Owed) -> None:
    lane = Lane(deposit=Amount(10**9), settled=Amount(7), closes_at=NOW, reserved=True)
    position = owed(20, lane=lane, reserve=kept(20, NOW), promises=(standing(30, NOW, 0, 30),))
    submit, wait = plan(position)
    assert told([submit, wait]) == [(CollectReserve, NOW + HOUR - MARGIN, [13]), (Wait, None, [37])]

    watched = owed(6, lane=lane, reserve=kept(50, NOW + 9), promises=(standing(30, NOW + 9),))
    watch = (Wait, NOW + HOUR - 2 * MARGIN, list[int]())
    assert told(plan(watched))[1:] == [watch], "the payer may still take the close back, and ask again"


@pytest.mark.parametrize(
    ("amount", "proven", "expected"),
    [
        (CLAIM_PROMISED, 0, [Wait]),
        (CLAIM_PROMISED + 1, 0, [ClaimPromised]),
        (CLAIM_PROMISED + 1, RECORD, [ClaimPromised, Wait]),
        (CLAIM_PROMISED, RECORD + 1, [Record, Wait]),
        (CLAIM_PROMISED - 1, RECORD + 1, [Wait]),
        (CLAIM_PROMISED - 1, RECORD + 2, [Record, Wait]),
    ],
)
def test_a_closing_lane_does_only_what_brings_more_than_it_costs(
    owed: Owed, amount: int, proven: int, expected: list[Any]
) -> None:
    promises = (standing(proven, NOW + 9, proven),) if proven else (standing(1, NOW),)
    steps = plan(owed(amount, closes_at=NOW + HOUR, promises=promises), world=PRICED, max_wait=0)
    assert [kind for kind, _, _ in told(steps)] == expected
    assert all(step.until is None for step in steps if isinstance(step, Wait)) or Record in expected


@pytest.mark.parametrize(
    ("most", "reserves"), [(2 * CLAIM_PROMISED + RECORD, False), (2 * CLAIM_PROMISED + RECORD + 1, True)]
)
def test_a_reserve_is_made_for_what_may_pay_for_it(owed: Owed, most: int, reserves: bool) -> None:
    """That is this claim, the record of what is proven later, and the claim of that."""
    steps = plan(owed(0, closes_at=NOW + HOUR, promises=(standing(most, NOW + 9),)), world=PRICED)
    assert (ClaimPromised in [kind for kind, _, _ in told(steps)]) is reserves


@pytest.mark.parametrize(
    ("amount", "policy", "goes"),
    [
        (100 * CLAIM_PROMISED, {}, True),
        (100 * CLAIM_PROMISED - 1, {}, False),
        (CLAIM_PROMISED + 1, {"at_risk": {TOKEN: 1}}, True),
        (CLAIM_PROMISED + 1, {"at_risk_per_channel": {TOKEN: 1}}, True),
        (CLAIM_PROMISED, {"at_risk": {TOKEN: 1}, "at_risk_per_channel": {TOKEN: 1}}, False),
    ],
)
def test_an_open_lane_with_promises_is_claimed_for_the_same_reasons(
    owed: Owed, amount: int, policy: Any, goes: bool
) -> None:
    steps = plan(owed(amount, promises=(standing(1, NOW),)), world=PRICED, **policy)
    assert isinstance(steps[0], Submit) is goes


def test_an_open_lane_is_not_claimed_for_dust_beside_a_promise_that_can_wait(owed: Owed) -> None:
    promises = (standing(10**6, NOW + HOUR, 10**6),)
    steps = plan(owed(5, promises=promises), world=PRICED, at_risk_per_channel={TOKEN: 1})
    assert told(steps) == [(Wait, NOW + HOUR - 2 * MARGIN, [10**6]), (Wait, NOW + HOUR - 2 * MARGIN, [5])]


def test_a_lane_that_cannot_pay_for_itself_hides_no_other_from_the_limit(owed: Owed) -> None:
    """Alone it would cost more than it brings; as a row of less, the other pays."""
    dear = owed(CLAIM_PROMISED - 1, promises=(standing(1, NOW),))
    cheap = owed(CLAIM_PROMISED - 2, salt=1)
    steps = plan(dear, cheap, world=PRICED, at_risk={TOKEN: CLAIM_PROMISED})
    assert [due.amount for step in steps if isinstance(step, Submit) for due in step.dues] == [CLAIM_PROMISED - 2]


def test_an_open_lane_that_was_not_seen_for_long_records_at_once(owed: Owed) -> None:
    """A close that was not seen would not have been answered: nothing would be reserved."""
    unseen = owed(5, seen_at=NOW - HOUR + 2 * MARGIN, promises=(standing(30, NOW + HOUR, 30),))
    assert told(plan(unseen)) == [(ClaimPromised, NOW + MARGIN, [5]), (Record, NOW + MARGIN, [30])]
