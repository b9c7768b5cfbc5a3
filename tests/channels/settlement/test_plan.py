from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chain.units import Amount
from channels import Channel, Lane
from channels.settlement import PlannedTwice, Policy, Position, PromiseStanding, Step, Submit, Wait, World, next_steps
from tests.channels.conftest import TOKEN
from tests.channels.lane_states import kept
from tests.channels.settlement.conftest import NOW
from tests.channels.settlement.performing import promise_of

AMOUNTS: Any = st.integers(0, 3) | st.integers(0, 200_000) | st.integers(0, 2**95)
TIMES: Any = st.sampled_from([NOW - 1, NOW, NOW + 1, NOW + 60, NOW + 121, NOW + 9_000])
STANDINGS: Any = st.builds(
    lambda amount, expiry, most, recorded, salt: PromiseStanding(
        promise=promise_of(amount, expiry, salt), provable=min(amount, most), recorded=min(amount, recorded)
    ),
    AMOUNTS,
    TIMES,
    AMOUNTS,
    AMOUNTS,
    st.integers(0, 2**64),
)
KNOWN: Any = st.fixed_dictionaries(
    {
        "accepted": AMOUNTS,
        "seen_at": st.sampled_from([NOW, NOW - 100, NOW - 9_999]),
        "promises": st.lists(STANDINGS, max_size=3, unique_by=lambda each: each.hash).map(tuple),
        "since": st.none() | TIMES,
        "lane": st.builds(
            lambda deposit, settled, closes_at, reserved: Lane(
                deposit=deposit, settled=min(settled, deposit), closes_at=closes_at, reserved=reserved
            ),
            AMOUNTS,
            AMOUNTS,
            st.just(0) | TIMES,
            st.booleans(),
        ),
        "reserve": st.builds(kept, AMOUNTS, TIMES),
    }
)
WORLDS: Any = st.builds(
    lambda price: World(now=NOW, gas_prices={TOKEN: price} if price else {}),
    st.none() | st.fractions(Fraction(1, 10**6), 10**6),
)
POLICIES: Any = st.builds(
    lambda wait, in_all, per_channel: Policy(
        margin=60,  # type: ignore[arg-type]
        max_wait=wait,
        at_risk=in_all,
        at_risk_per_channel=per_channel,
    ),
    st.none() | st.integers(0, 100),
    st.just({}) | st.fixed_dictionaries({TOKEN: AMOUNTS}),
    st.just({}) | st.fixed_dictionaries({TOKEN: AMOUNTS}),
)


def owed_by(position: Position) -> int:
    """By every word that the payee holds, up to what a reserve has where nothing else pays."""
    lane, now = position.lane, NOW
    if not lane.is_open:
        return 0
    best = position.worth + sum(standing.gain(now) for standing in position.promises)
    return max(best - lane.settled, 0)


@given(known=st.lists(KNOWN, max_size=5), world=WORLDS, policy=POLICIES, chance=st.randoms(use_true_random=False))
def test_every_owed_unit_is_in_one_step_and_the_order_of_lanes_does_not_matter(
    describe: Callable[..., Channel], known: list[Any], world: World, policy: Policy, chance: Any
) -> None:
    positions = [Position(channel=describe(salt=salt), epoch=0, **each) for salt, each in enumerate(known)]
    steps = next_steps(positions, world, policy)

    found = dict[Any, int]()
    for step in steps:
        for due in step.dues:
            assert due.amount > 0
            found[due.lane_id, due.epoch] = found.get((due.lane_id, due.epoch), 0) + due.amount
    assert found == {position.place: owed_by(position) for position in positions if owed_by(position)}
    assert len({step.action for step in steps if isinstance(step, Submit)}) == sum(
        isinstance(step, Submit) for step in steps
    )

    chance.shuffle(positions)
    assert next_steps(positions, world, policy) == steps


def test_one_epoch_is_not_counted_twice_and_two_epochs_of_a_lane_are_two(owed: Callable[..., Position]) -> None:
    policy = Policy(margin=60)  # type: ignore[arg-type]
    ended = owed(5, epoch=1, lane=Lane(epoch=2), reserve=kept(100, NOW + 500, 7, withdrawn=True))
    present = owed(5, epoch=2, lane=Lane(epoch=2, deposit=Amount(50), closes_at=NOW + 400))
    steps = next_steps([ended, present], World(now=NOW), policy)
    assert [due.epoch for step in steps for due in step.dues] == [2, 1]
    with pytest.raises(PlannedTwice) as caught:
        next_steps([ended, present, ended], World(now=NOW), policy)
    assert caught.value.facts == {"channel_id": ended.channel.id, "epoch": 1}
    assert "epoch 1" in str(caught.value)


def test_the_most_urgent_comes_first_and_what_waits_without_an_end_last(owed: Callable[..., Position]) -> None:
    world = World(now=NOW, gas_prices={TOKEN: Fraction(1)})
    promise = PromiseStanding(promise=promise_of(9**9, NOW + 90), provable=Amount(9**9))
    positions = [
        owed(10**7, salt=1),
        owed(1, salt=2),
        owed(10**5, salt=3),
        owed(10**6, salt=4, closes_at=NOW + 500),
        owed(0, salt=5, promises=(promise,)),
    ]
    steps = next_steps(positions, world, Policy(margin=60))  # type: ignore[arg-type]
    assert [kind(step) for step in steps] == ["Record", "ClaimTogether", "Wait", "Wait"]
    assert [due.amount for due in steps[-1].dues] == [1]

    waiting = [owed(10**5, salt=salt, seen_at=NOW - 500 * (salt % 5)) for salt in range(10)]
    untils = [step.until for step in next_steps(waiting, world, Policy(margin=60)) if isinstance(step, Wait)]  # type: ignore[arg-type]
    assert untils == [NOW + 3_480 - 500 * late for late in (4, 3, 2, 1, 0)]


def kind(step: Step) -> str:
    return type(step.action).__name__ if isinstance(step, Submit) else "Wait"


def test_a_plan_can_be_shown(owed: Callable[..., Position]) -> None:
    (step,) = next_steps([owed(5, closes_at=NOW + 500)], World(now=NOW), Policy(margin=60))  # type: ignore[arg-type]
    lane_id = "0x" + owed(5).channel.id.hex()
    assert step.to_json() == {
        "action": {"action": "ClaimTogether", "laneIds": [lane_id]},
        "why": "its window is over in 500 s",
        "before": str(NOW + 440),
        "dues": [{"laneId": lane_id, "epoch": "0", "token": TOKEN, "amount": "5"}],
    }
