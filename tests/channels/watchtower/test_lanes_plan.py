"""What is done for lanes, and in which order, without a chain."""

from dataclasses import replace
from typing import Any

import pytest

from chain.units import Address, Amount, Seconds
from channels import Lane, SignedVoucher
from channels.reserve import Reserve
from channels.settlement import ClaimTogether
from channels.watchtower import Act, LaneLook, TowerPolicy, plan_lanes
from tests.channels.watchtower.test_jobs import lane_job

NOW, POLICY = Seconds(1_000), TowerPolicy(margin=Seconds(100))
ONE, OTHER = (Address("0x" + digits * 20) for digits in ("11", "22"))


def closing(closes_at: int, *, payee: Address = ONE, token: Address = ONE, salt: int = 0) -> LaneLook:
    message = lane_job(proofs=()).message
    assert isinstance(message, SignedVoucher)
    channel = replace(message.channel, payee=payee, token=token, salt=salt)
    voucher = replace(message, channel=channel, voucher=replace(message.voucher, channel_id=channel.id))
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
