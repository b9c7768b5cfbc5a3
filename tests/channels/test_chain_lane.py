from dataclasses import replace

import pytest

from chain.money import Token
from chain.units import Amount, Seconds
from channels import ChainLane, Channel, Lane, LaneReserve
from channels.reserve import Reserve

KEPT = Reserve(ceiling=Amount(900), time=Seconds(10_000))
CLOSING = Lane(deposit=Amount(1_000), settled=Amount(200), closes_at=Seconds(9_000), epoch=3, reserved=True)


def reserve(
    channel: Channel, usdc: Token, *, kept: Reserve = KEPT, lane: Lane = CLOSING, epoch: int = 3
) -> LaneReserve:
    return LaneReserve.of(channel, epoch, kept, lane, usdc)


def test_a_lane_in_money_is_the_machines(channel: Channel, usdc: Token) -> None:
    shown = ChainLane.of(channel, CLOSING, usdc)

    assert shown.lane == CLOSING
    assert (shown.id, shown.deposit, shown.settled) == (channel.id, usdc.units(1_000), usdc.units(200))


def test_before_a_withdraw_what_is_left_is_above_what_the_lane_has_settled(channel: Channel, usdc: Token) -> None:
    shown = reserve(channel, usdc)

    assert (shown.left, shown.until, shown.withdrawn) == (usdc.units(700), 10_000 + 3_600, False)


@pytest.mark.parametrize(
    ("lane", "epoch"),
    [
        (replace(CLOSING, reserved=False), 3),
        (CLOSING, 2),
        (Lane(epoch=4), 3),
        (replace(CLOSING, settled=Amount(1_000)), 3),
    ],
)
def test_a_close_that_is_no_more_keeps_nothing(channel: Channel, usdc: Token, lane: Lane, epoch: int) -> None:
    assert reserve(channel, usdc, lane=lane, epoch=epoch).left == usdc.units(0)


def test_after_a_withdraw_the_reserve_speaks_for_itself(channel: Channel, usdc: Token) -> None:
    moved = KEPT.moved(Amount(200), Seconds(20_000))

    shown = reserve(channel, usdc, kept=moved, lane=Lane(epoch=4))

    assert (shown.left, shown.until, shown.withdrawn) == (usdc.units(700), 20_000, True)
