"""What the planner believes that the chain would pay is what the contract's twin pays."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chain.errors import EarnestError, OutOfRange
from channels import Channel, transition
from channels.actions import ClaimPromised
from channels.effects import Pay
from channels.errors import PromisesOutOfOrder
from channels.lane import Lane, LaneBooks
from channels.reserve import Reserve
from channels.settlement import Position, PromiseStanding
from channels.settlement.sight import Phase, Sight
from tests.channels.lane_states import HOUR, NOW, at, kept
from tests.channels.settlement.performing import promise_of

AMOUNTS: Any = st.integers(0, 60)
TIMES: Any = st.sampled_from([NOW - HOUR, NOW - 1, NOW, NOW + 1, NOW + HOUR])
LANES: Any = st.builds(
    lambda deposit, settled, closes_at, epoch, reserved: Lane(
        deposit=deposit, settled=min(settled, deposit), closes_at=closes_at, epoch=epoch, reserved=reserved
    ),
    AMOUNTS,
    AMOUNTS,
    st.just(0) | TIMES,
    st.sampled_from([3, 3, 4]),
    st.booleans(),
)
RESERVES: Any = st.builds(
    lambda ceiling, settled, time, withdrawn: kept(ceiling, time, min(settled, ceiling), withdrawn=withdrawn),
    AMOUNTS,
    AMOUNTS,
    TIMES,
    st.booleans(),
)
STANDINGS: Any = st.builds(
    lambda amount, expiry, provable, recorded: PromiseStanding(
        promise=promise_of(amount, expiry), provable=min(provable, amount), recorded=min(recorded, amount)
    ),
    AMOUNTS,
    TIMES,
    AMOUNTS,
    AMOUNTS,
)


def position_of(channel: Channel, lane: Lane, accepted: Any = 0, reserve: Any = None, standings: Any = ()) -> Position:
    return Position(
        channel=channel,
        lane=lane,
        epoch=3,
        accepted=accepted,
        seen_at=NOW,
        promises=tuple(standings),
        reserve=reserve or Reserve(),
    )


def claimed(books: LaneBooks, position: Position) -> tuple[LaneBooks, int]:
    action = ClaimPromised(channel=position.channel, voucher=position.shown, signer=position.channel.signer)
    try:
        after, effects = transition(books, action, NOW)
    except EarnestError:
        return books, 0
    return after, sum(effect.amount for effect in effects if isinstance(effect, Pay))


@given(lane=LANES, reserve=RESERVES, accepted=AMOUNTS, standings=st.lists(STANDINGS, max_size=1))
def test_it_sees_what_a_claim_pays_and_reserves_in_every_state(
    channel: Channel, lane: Lane, reserve: Reserve, accepted: int, standings: list[PromiseStanding]
) -> None:
    if reserve.withdrawn and lane.epoch == 3:
        return  # A withdraw ends the epoch.
    position = position_of(channel, lane, accepted, reserve, standings)
    records: Any = {(3, standing.hash): standing.recorded for standing in standings if standing.recorded}
    after, paid = claimed(LaneBooks(lane=lane, reserves={3: reserve}, records=records), position)

    sight = Sight.of(position, NOW)
    assert sight.claimable == paid
    reserved = after.lane.reserved and (not lane.reserved or after.reserve(3) != reserve)
    if sight.phase is Phase.CLOSING:
        most = min(position.most, lane.deposit)
        assert sight.keeps() == (max(most - lane.settled, 0) if reserved else 0)
    else:
        assert sight.keeps() == 0


@given(lane=LANES, reserve=RESERVES, accepted=AMOUNTS, standings=st.lists(STANDINGS, max_size=1))
def test_what_records_would_add_is_what_a_claim_pays_after_them(
    channel: Channel, lane: Lane, reserve: Reserve, accepted: int, standings: list[PromiseStanding]
) -> None:
    if reserve.withdrawn and lane.epoch == 3:
        return
    position = position_of(channel, lane, accepted, reserve, standings)
    proven: Any = {
        (3, standing.hash): standing.recorded + standing.gain(NOW)
        for standing in standings
        if standing.recorded + standing.gain(NOW)
    }
    _, paid = claimed(LaneBooks(lane=lane, reserves={3: reserve}, records=proven), position)
    sight = Sight.of(position, NOW)
    assert sight.claimable + sum(gain for _, gain in sight.gains()) == paid


@pytest.mark.parametrize(
    ("accepted", "gains", "unpayable"),
    [(40, [25, 5], 0), (80, [20], 10), (75, [25], 5), (100, [], 30), (110, [], 40)],
)
def test_the_deposit_cuts_the_smallest_records_first(
    channel: Channel, accepted: int, gains: list[int], unpayable: int
) -> None:
    """30 of 100 are settled; promises of 25 and 5 are proven."""
    standings = [
        PromiseStanding(promise=promise_of(amount, NOW + 1, amount), provable=amount)  # type: ignore[arg-type]
        for amount in (5, 25)
    ]
    sight = Sight.of(position_of(channel, at().lane, accepted, None, standings), NOW)
    assert [gain for _, gain in sight.gains()] == gains
    assert sight.unpayable() == unpayable
    assert sight.claimable == min(accepted, 100) - 30


@pytest.mark.parametrize(("expiry", "gain"), [(NOW - 1, 0), (NOW, 0), (NOW + 1, 6)])
def test_a_record_adds_what_is_not_recorded_before_the_expiry(expiry: Any, gain: int) -> None:
    standing = PromiseStanding(promise=promise_of(9, expiry), provable=8, recorded=2)  # type: ignore[arg-type]
    assert standing.gain(NOW) == gain
    assert PromiseStanding(promise=promise_of(9, expiry), provable=1, recorded=2).gain(NOW) == 0  # type: ignore[arg-type]


@pytest.mark.parametrize("wrong", [{"provable": 10}, {"recorded": 10}, {"provable": -1}, {"recorded": True}])
def test_more_than_the_promise_cannot_be_proven(wrong: Any) -> None:
    with pytest.raises(OutOfRange):
        PromiseStanding(promise=promise_of(9, NOW), **wrong)


def test_a_promise_that_stands_twice_would_be_counted_twice(channel: Channel) -> None:
    standing = PromiseStanding(promise=promise_of(9, NOW))
    with pytest.raises(PromisesOutOfOrder):
        position_of(channel, Lane(), 0, None, [standing, standing])


@pytest.mark.parametrize("wrong", [{"epoch": -1}, {"accepted": 2**96}, {"seen_at": -1}])
def test_a_position_that_cannot_be_is_refused(channel: Channel, wrong: Any) -> None:
    members: Any = {"channel": channel, "lane": Lane(), "epoch": 3, "accepted": 0, "seen_at": 0}
    with pytest.raises(OutOfRange):
        Position(**members | wrong)
