from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chain.errors import EarnestError, OutOfRange
from chain.refusals import InvalidAmount
from chain.units import Amount
from channels import Channel, Lane, PayerSession, Voucher
from channels.effects import Keep, Send
from channels.errors import AmountExceedsDeposit, ChainWentBack, ChannelClosing, NotOpen

Make = Callable[..., PayerSession]


@pytest.fixture
def payer(channel: Channel) -> Make:
    """A deposit of 100 in epoch 2, 30 of it promised."""

    def made(promised: Any = 30, **lane: Any) -> PayerSession:
        return PayerSession(channel=channel, lane=Lane(**{"deposit": 100, "epoch": 2} | lane), promised=promised)

    return made


@pytest.mark.parametrize("amount", [1, 69, 70])
def test_a_payment_is_kept_before_it_is_sent(payer: Make, channel: Channel, amount: Any) -> None:
    newer, effects = payer().pay(amount)

    voucher = Voucher(channel_id=channel.id, epoch=2, cumulative_amount=30 + amount)
    assert effects == [Keep(voucher), Send(voucher)]
    assert newer == payer(promised=30 + amount)
    assert newer.newest == voucher


@pytest.mark.parametrize(
    ("lane", "amount", "error"),
    [
        ({}, 0, InvalidAmount),
        ({}, -1, InvalidAmount),
        ({}, 71, AmountExceedsDeposit),
        ({"deposit": 29}, 1, AmountExceedsDeposit),
        ({"closes_at": 1}, 1, ChannelClosing),
        ({"deposit": 0}, 1, NotOpen),
        ({"deposit": 2**96 - 1}, 2**96 - 30, AmountExceedsDeposit),
    ],
)
def test_the_payer_signs_nothing_that_the_lane_does_not_cover(
    payer: Make, lane: dict[str, Any], amount: Any, error: type[EarnestError]
) -> None:
    with pytest.raises(error):
        payer(**lane).pay(amount)


def test_a_refusal_says_how_much_was_wanted_and_how_much_there_is(payer: Make) -> None:
    with pytest.raises(AmountExceedsDeposit) as caught:
        payer().pay(Amount(71))
    assert caught.value.facts == {"cumulative_amount": 101, "deposit": 100}


@pytest.mark.parametrize(("promised", "left"), [(0, 100), (30, 70), (100, 0), (101, 0)])
def test_left_is_what_can_still_be_promised(payer: Make, promised: Any, left: int) -> None:
    assert payer(promised=promised).left == left


def test_without_a_payment_there_is_no_newest_voucher(payer: Make) -> None:
    assert payer(promised=0).newest is None


@pytest.mark.parametrize(("settled", "promised"), [(0, 30), (30, 30), (31, 31)])
def test_what_is_settled_was_promised_even_if_this_store_forgot(payer: Make, settled: Any, promised: Any) -> None:
    lane = replace(payer().lane, settled=settled)
    assert payer().see(lane) == PayerSession(channel=payer().channel, lane=lane, promised=promised)


def test_a_later_epoch_starts_at_nothing_and_an_earlier_one_is_never_believed(payer: Make) -> None:
    assert payer().see(Lane(epoch=3)).promised == 0
    with pytest.raises(ChainWentBack):
        payer().see(Lane(epoch=1))


def test_a_session_is_checked_at_birth(payer: Make) -> None:
    for promised in (-1, 2**96, 1.5):
        with pytest.raises(OutOfRange):
            payer(promised=promised)
