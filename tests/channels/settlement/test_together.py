"""When lanes without promises are claimed, and with whom."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from chain.units import address
from channels.settlement import ClaimTogether, Policy, Position, Step, Submit, Wait, World, next_steps
from channels.settlement.gas import BATCH, ROW
from tests.channels.conftest import TOKEN
from tests.channels.settlement.conftest import NOW

MARGIN: Any = 60
HOUR = 3_600
OTHER = address("0x" + "c1" * 20)
PRICED = World(now=NOW, gas_prices={TOKEN: Fraction(1), OTHER: Fraction(2)})
FREE = World(now=NOW)
SHARE = 100 * (BATCH + ROW)
Owed = Callable[..., Position]


def plan(positions: list[Position], world: World = PRICED, **policy: Any) -> list[Step]:
    return next_steps(positions, world, Policy(**{"margin": MARGIN} | policy))


def claimed(steps: list[Step]) -> list[int]:
    """The amounts of each batch."""
    return [due.amount for step in steps if isinstance(step, Submit) for due in step.dues]


@pytest.mark.parametrize(("amount", "goes"), [(SHARE - 1, False), (SHARE, True)])
def test_an_open_lane_is_claimed_once_the_fee_is_one_percent(owed: Owed, amount: int, goes: bool) -> None:
    (step,) = plan([owed(amount)])
    assert isinstance(step, Submit) is goes
    if isinstance(step, Submit):
        assert step.action == ClaimTogether((owed(1).channel.id,))
        assert step.before is None
    else:
        assert step.until == NOW + HOUR - 2 * MARGIN, "by then a close could be nearly over"


def test_many_lanes_are_claimed_for_less_each(owed: Owed) -> None:
    """A tenth of the fee of a transaction, and its row: ten of them together are worth it."""
    each = 100 * (ROW + BATCH // 10 + 1)
    lanes = [owed(each, salt=salt) for salt in range(10)]
    assert claimed(plan(lanes)) == [each] * 10
    assert claimed(plan(lanes[:9])) == []
    assert claimed(plan(lanes, fee_share=Fraction(0))) == []


def test_a_lane_that_would_make_a_batch_dearer_stays_behind(owed: Owed) -> None:
    steps = plan([owed(SHARE), owed(100 * ROW - 1, salt=1), owed(100 * ROW, salt=2)])
    assert sorted(claimed(steps)) == [100 * ROW, SHARE]


def test_lanes_of_several_tokens_share_a_transaction(owed: Owed) -> None:
    """Gas costs twice as many units of the other token."""
    rest = 100 * (BATCH + 2 * ROW) - 100 * (BATCH // 2 + ROW)
    steps = plan([owed(100 * (BATCH // 2 + ROW)), owed(2 * rest, token=OTHER)])
    assert len([step for step in steps if isinstance(step, Submit)]) == 1
    assert claimed(plan([owed(100 * (BATCH // 2 + ROW)), owed(2 * rest - 2, token=OTHER)])) == []


@pytest.mark.parametrize(
    ("policy", "amounts", "gone"),
    [
        ({"at_risk_per_channel": {TOKEN: 99}}, [99], []),
        ({"at_risk_per_channel": {TOKEN: 99}}, [100, 99], [100]),
        ({"at_risk_per_channel": {OTHER: 99}}, [100], []),
        ({"at_risk": {TOKEN: 99}}, [50, 49], []),
        ({"at_risk": {TOKEN: 99}}, [50, 49, 20], [50]),
        ({"at_risk": {TOKEN: 30}}, [50, 49, 20, 10], [50, 49]),
        ({"at_risk": {TOKEN: 29}}, [50, 49, 20, 10], [50, 49, 20]),
        ({"max_wait": 10}, [5], []),
    ],
)
def test_a_lane_is_claimed_when_too_much_is_at_risk(owed: Owed, policy: Any, amounts: list[int], gone: Any) -> None:
    """Without a price of gas, too: then nothing else counts."""
    steps = plan([owed(amount, salt=amount) for amount in amounts], FREE, **policy)
    assert sorted(claimed(steps), reverse=True) == gone


def test_what_goes_anyway_is_at_risk_no_more(owed: Owed) -> None:
    closing = owed(50, salt=50, closes_at=NOW + 500)
    assert claimed(plan([closing, owed(40, salt=40), owed(20, salt=20)], FREE, at_risk={TOKEN: 60})) == [50]
    both = plan([closing, owed(40, salt=40), owed(20, salt=20)], FREE, at_risk={TOKEN: 59})
    assert sorted(claimed(both)) == [40, 50]


@pytest.mark.parametrize(("since", "goes"), [(NOW - 10, True), (NOW - 9, False), (None, False)])
def test_a_lane_is_claimed_when_its_oldest_money_is_old(owed: Owed, since: Any, goes: bool) -> None:
    (step,) = plan([owed(5, since=since)], FREE, max_wait=10)
    assert isinstance(step, Submit) is goes
    if since and isinstance(step, Wait):
        assert step.until == NOW + 1


@pytest.mark.parametrize("policy", [{"at_risk_per_channel": {TOKEN: 0}}, {"at_risk": {TOKEN: 0}}, {"max_wait": 0}])
def test_no_limit_makes_a_claim_that_costs_more_than_it_brings(owed: Owed, policy: Any) -> None:
    price = BATCH + ROW
    assert claimed(plan([owed(price, since=NOW)], **policy)) == []
    assert claimed(plan([owed(price + 1, since=NOW)], **policy)) == [price + 1]
    (little,) = plan([owed(price, since=NOW)], **policy)
    assert isinstance(little, Wait)
    assert little.until == NOW + HOUR - 2 * MARGIN, "its age has come already"
    (dust,) = plan([owed(ROW, since=NOW)], **policy)
    assert isinstance(dust, Wait)
    assert (dust.until, dust.why[:4]) == (None, "dust")


def test_a_limit_that_dust_passes_does_not_drag_others_along(owed: Owed) -> None:
    """10,000 units of dust stay at risk, and 20,000 that would be claimed at a loss."""
    steps = plan([owed(ROW - 1), owed(20_000, salt=1)], at_risk={TOKEN: 5})
    assert claimed(steps) == []


def test_closing_lanes_share_one_batch_the_first_to_close_first(owed: Owed) -> None:
    lanes = [owed(ROW + BATCH, salt=salt, closes_at=NOW + 1_000 + salt) for salt in range(3)]
    (step,) = plan(lanes[::-1])
    assert isinstance(step, Submit)
    assert step.action == ClaimTogether(tuple(lane.channel.id for lane in lanes))
    assert step.before == NOW + 1_000 - MARGIN
    assert "1000 s" in step.why
    assert not step.is_late(NOW + 1_000 - MARGIN - 1)
    assert step.is_late(NOW + 1_000 - MARGIN)


@pytest.mark.parametrize(("others", "goes"), [(0, False), (1, False), (2, True)])
def test_a_closing_lane_with_little_in_it_needs_company(owed: Owed, others: int, goes: bool) -> None:
    """Each brings its row and a third of a transaction, and one unit."""
    lanes = [owed(ROW + BATCH // 3 + 1, salt=salt, closes_at=NOW + 500) for salt in range(others + 1)]
    (step,) = plan(lanes)
    assert isinstance(step, Submit if goes else Wait)
    if isinstance(step, Wait):
        assert step.until is None
        assert [due.amount for due in step.dues] == [lane.accepted - 7 for lane in lanes]


def test_nobody_can_start_a_dear_batch_by_closing_for_dust(owed: Owed) -> None:
    """What rides along pays for its rows only, so what presses must pay for the transaction."""
    rich, poor = owed(SHARE - 1), owed(ROW + BATCH, salt=1, closes_at=NOW + 500)
    assert claimed(plan([rich, poor])) == []
    assert sorted(claimed(plan([owed(SHARE), poor]))) == [ROW + BATCH, SHARE]
    assert sorted(claimed(plan([rich, owed(ROW + BATCH + 1, salt=1, closes_at=NOW + 500)]))) == [
        ROW + BATCH + 1,
        SHARE - 1,
    ]


@pytest.mark.parametrize(
    ("seen_at", "goes"), [(NOW - HOUR + 2 * MARGIN + 1, False), (NOW - HOUR + 2 * MARGIN, True), (NOW - 9_999, True)]
)
def test_a_lane_that_was_not_seen_for_long_is_claimed_before_a_close_could_be_over(
    owed: Owed, seen_at: Any, goes: bool
) -> None:
    (step,) = plan([owed(10**6, seen_at=seen_at)])
    assert isinstance(step, Submit) is goes
    if isinstance(step, Submit):
        assert step.before == seen_at + HOUR - MARGIN
    else:
        assert step.until == NOW + 1


def test_what_presses_is_in_the_first_transaction(owed: Owed) -> None:
    pressing = owed(BATCH + ROW + 1, salt=1_000, since=NOW)
    steps = plan([owed(10**7 + salt, salt=salt) for salt in range(500)] + [pressing], max_wait=0)
    batches = [step.action.lane_ids for step in steps if isinstance(step, Submit)]  # type: ignore[union-attr]
    assert sorted(map(len, batches)) == [1, 500]
    assert pressing.channel.id in max(batches, key=len)


def test_a_transaction_has_500_rows_at_most_and_each_pays_for_itself(owed: Owed) -> None:
    lanes = [owed(10**6 + salt, salt=salt, closes_at=NOW + 500) for salt in range(502)]
    steps = plan(lanes, FREE)
    rows = [len(step.action.lane_ids) for step in steps if isinstance(step.action, ClaimTogether)]  # type: ignore[union-attr]
    assert rows == [500, 2]
    little = [owed(ROW + 1, salt=salt, closes_at=NOW + 500) for salt in range(600, 602)]
    (first, second) = plan([*lanes[:500], *little])
    assert isinstance(first, Submit)
    assert len(first.dues) == 500
    assert isinstance(second, Wait)


@pytest.mark.parametrize("closes_at", [NOW, NOW - 1])
def test_what_a_window_has_shut_in_waits_for_the_payer(owed: Owed, closes_at: Any) -> None:
    (step,) = plan([owed(10**6, closes_at=closes_at)])
    assert isinstance(step, Wait)
    assert step.until is None
    assert [due.amount for due in step.dues] == [10**6]


def test_what_the_deposit_does_not_cover_waits_for_a_top_up(owed: Owed) -> None:
    submit, wait = plan([owed(10**9, closes_at=NOW + 500)])
    assert isinstance(submit, Submit)
    assert isinstance(wait, Wait)
    assert [due.amount for due in (*submit.dues, *wait.dues)] == [10**9 - 7, 7]


def test_what_is_not_owed_needs_no_step(owed: Owed) -> None:
    assert plan([owed(0), owed(-5, salt=1), owed(10**6, salt=2, epoch=1)], FREE, max_wait=0) == []


def test_lanes_that_wait_for_the_same_second_are_one_line(owed: Owed) -> None:
    (step,) = plan([owed(100_000 + salt, salt=salt) for salt in range(3)])
    assert isinstance(step, Wait)
    assert len(step.dues) == 3


def test_a_plan_promises_no_transaction_that_tokens_could_make_too_large(owed: Owed) -> None:
    tokens = [address(f"0x{number:040x}") for number in range(1, 31)]
    steps = plan([owed(10**6, token=token, closes_at=NOW + 500) for token in tokens], FREE)
    rows = [len(step.action.lane_ids) for step in steps if isinstance(step.action, ClaimTogether)]  # type: ignore[union-attr]
    assert sum(rows) == 30
    assert max(rows) < 30
