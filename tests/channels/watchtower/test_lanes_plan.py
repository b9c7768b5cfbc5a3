"""What is done for lanes, and in which order, without a chain."""

from dataclasses import replace
from typing import Any

import pytest
from msgspec import structs

from chain.units import Address, Amount, Seconds
from channels import Lane, SignedVoucher
from channels.promise import promises_hash
from channels.reserve import Reserve
from channels.settlement import ClaimPromised, ClaimTogether, Record
from channels.watchtower import Act, LaneLook, TowerPolicy, Wait, plan_lanes
from tests.channels.watchtower.test_jobs import PROMISE, lane_job

NOW, POLICY = Seconds(1_000), TowerPolicy(margin=Seconds(100))
ONE, OTHER = (Address("0x" + digits * 20) for digits in ("11", "22"))


def closing(closes_at: int, *, payee: Address = ONE, token: Address = ONE, salt: int = 0) -> LaneLook:
    message = lane_job(proofs=()).message
    assert isinstance(message, SignedVoucher)
    channel = replace(message.channel, payee=payee, token=token, salt=salt)
    voucher = structs.replace(message, channel=channel, voucher=replace(message.voucher, channel_id=channel.id))
    lane = Lane(deposit=Amount(10), closes_at=Seconds(closes_at))
    return LaneLook(voucher=voucher, now=NOW, lane=lane, reserve=Reserve(), recorded={}, provable={})


def claims(*looks: LaneLook) -> list[int]:
    """How many lanes each claims."""
    steps = plan_lanes(looks, NOW, POLICY)
    return [len(step.action.lane_ids) for step in steps if isinstance(step.action, ClaimTogether)]  # type: ignore[union-attr]


def test_lanes_of_one_payee_and_token_are_claimed_together() -> None:
    assert claims(closing(2_000), closing(2_100, salt=1)) == [2]


@pytest.mark.parametrize("other", [{"payee": OTHER}, {"token": OTHER}])
def test_lanes_of_strangers_are_claimed_apart(other: dict[str, Any]) -> None:
    assert claims(closing(2_000), closing(2_000, **other)) == [1, 1]


@pytest.mark.parametrize(("one", "other"), [(2_000, 2_001), (2_001, 2_000)])
def test_whoever_closes_first_is_claimed_first(one: int, other: int) -> None:
    steps = plan_lanes([closing(one), closing(other, payee=OTHER)], NOW, POLICY)
    assert [step.before for step in steps if isinstance(step, Act)] == [1_900, 1_901]


def promising(now: int, *, closes_at: int = 2_000, settled: int = 7, provable: int = 0, recorded: int = 0) -> LaneLook:
    """Seven are sure, and settled by default; five are promised until 3,000."""
    promise = replace(PROMISE, expiry=Seconds(3_000))
    message = lane_job().message
    assert isinstance(message, SignedVoucher)
    said = replace(message.voucher, promises=promises_hash([promise]))
    return LaneLook(
        voucher=structs.replace(message, voucher=said, promises=(promise,)),
        now=Seconds(now),
        lane=Lane(deposit=Amount(12), settled=Amount(settled), closes_at=Seconds(closes_at)),
        reserve=Reserve(),
        recorded={promise.struct_hash(): Amount(recorded)},
        provable={promise.struct_hash(): Amount(provable)},
    )


def acts(look: LaneLook) -> list[type]:
    return [type(step.action) for step in plan_lanes([look], look.now, POLICY) if isinstance(step, Act)]


@pytest.mark.parametrize(
    ("look", "done"),
    [
        (promising(1_000), []),
        (promising(1_799), []),
        (promising(1_800), [ClaimPromised]),
        (promising(1_999), [ClaimPromised]),
        (promising(2_000), []),
        (promising(1_000, settled=6), [ClaimPromised]),
        (promising(1_000, recorded=1), [ClaimPromised]),
        (promising(1_000, provable=1), [Record]),
        (promising(1_800, provable=1), [Record, ClaimPromised]),
    ],
)
def test_what_only_reserves_waits_until_two_margins_before_the_close_ends(look: LaneLook, done: list[type]) -> None:
    """What pays does not wait: it is paid for good."""
    assert sorted(acts(look), key=lambda action: action.__name__) == sorted(done, key=lambda action: action.__name__)


def test_while_it_waits_it_says_until_when() -> None:
    waits = [step for step in plan_lanes([promising(1_000)], Seconds(1_000), POLICY) if isinstance(step, Wait)]
    assert 1_800 in {wait.until for wait in waits}


@pytest.mark.parametrize(
    ("now", "again"), [(1_000, 1_025), (1_774, 1_799), (1_790, 1_800), (1_800, 1_825), (1_990, 2_015)]
)
def test_a_lane_that_closes_is_looked_at_often_and_when_its_reserve_must_be_made(now: int, again: int) -> None:
    assert promising(now).next_look(POLICY) == again


@pytest.mark.parametrize(
    ("now", "again"), [(2_000, 2_300), (2_600, 2_800), (2_799, 2_800), (2_800, 2_825), (2_999, 3_024), (3_000, 3_300)]
)
def test_a_promise_that_must_be_recorded_is_looked_at_often_until_it_expires(now: int, again: int) -> None:
    """One look could fail, or what it began."""
    assert promising(now, closes_at=0).next_look(POLICY) == again


def test_what_could_not_be_asked_is_looked_at_soon() -> None:
    assert replace(promising(1_000, closes_at=0), is_partial=True).next_look(POLICY) == 1_025
