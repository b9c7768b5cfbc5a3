from collections.abc import Callable
from typing import Any

import pytest

from chain.errors import EarnestError, InvalidSignature, OutOfRange
from chain.refusals import InvalidAmount
from chain.signing import Signed
from chain.units import Amount
from channels import Channel, Lane, PayeeSession, Voucher
from channels.effects import GiveCredit, Keep
from channels.errors import (
    AmountExceedsDeposit,
    ChainWentBack,
    ChannelClosing,
    NotEnough,
    NotOpen,
    PromisesNotUnderstood,
    WrongChannel,
    WrongEpoch,
)
from channels.payee_session import prudent

Make = Callable[..., PayeeSession]
Sign = Callable[..., Signed[Voucher]]


@pytest.fixture
def payee(channel: Channel) -> Make:
    """A deposit of 100, 30 accepted, 20 delivered, 10 settled."""

    def made(**changes: Any) -> PayeeSession:
        lane = {name: changes.pop(name) for name in ("deposit", "settled", "closes_at", "epoch") if name in changes}
        session: dict[str, Any] = {"accepted": 30, "delivered": 20}
        seen: dict[str, Any] = {"deposit": 100, "settled": 10}
        return PayeeSession(channel=channel, lane=Lane(**seen | lane), **session | changes)

    return made


@pytest.mark.parametrize(("amount", "added"), [(31, 1), (100, 70)])
def test_a_newer_voucher_is_kept_before_credit_is_given(payee: Make, sign: Sign, amount: int, added: int) -> None:
    newer, effects = payee().receive(sign(amount))
    assert effects == [Keep(sign(amount)), GiveCredit(Amount(added))]
    assert newer == payee(accepted=amount)


@pytest.mark.parametrize("amount", [0, 1, 29, 30])
@pytest.mark.parametrize("state", [{}, {"closes_at": 1}, {"stopped": True}])
def test_an_older_or_equal_voucher_is_harmless(payee: Make, sign: Sign, amount: int, state: dict[str, Any]) -> None:
    newer, effects = payee(**state).receive(sign(amount))
    assert effects == [GiveCredit(Amount(0))]
    assert newer == payee(**state)


@pytest.mark.parametrize(
    ("state", "voucher", "error"),
    [
        ({}, {"channel_id": b"\1" * 32, "key": "stranger"}, WrongChannel),
        ({}, {"key": "stranger", "promises": b"\1" * 32}, InvalidSignature),
        ({}, {"key": "payer"}, InvalidSignature),
        ({"epoch": 1}, {"promises": b"\1" * 32}, PromisesNotUnderstood),
        ({"epoch": 1, "deposit": 0}, {}, WrongEpoch),
        ({}, {"epoch": 1}, WrongEpoch),
        ({"deposit": 0, "closes_at": 1}, {}, NotOpen),
        ({"closes_at": 1, "deposit": 99}, {}, ChannelClosing),
        ({"stopped": True, "deposit": 99}, {}, ChannelClosing),
        ({"deposit": 99}, {}, AmountExceedsDeposit),
    ],
)
def test_what_the_chain_might_not_pay_is_not_accepted(
    payee: Make, sign: Sign, state: dict[str, Any], voucher: dict[str, Any], error: type[EarnestError]
) -> None:
    with pytest.raises(error):
        payee(**state).receive(sign(100, **voucher))


def test_a_voucher_for_the_whole_deposit_is_accepted_and_one_unit_more_is_not(payee: Make, sign: Sign) -> None:
    assert payee().receive(sign(100))[0].accepted == 100
    with pytest.raises(AmountExceedsDeposit) as caught:
        payee().receive(sign(101))
    assert caught.value.facts == {"cumulative_amount": 101, "deposit": 100}


def test_it_does_not_matter_in_which_order_vouchers_arrive(payee: Make, sign: Sign) -> None:
    session, added = payee(), 0
    for amount in (50, 40, 90, 60, 90, 31):
        session, effects = session.receive(sign(amount))
        added += sum(effect.added for effect in effects if isinstance(effect, GiveCredit))
    assert (session.accepted, added) == (90, 60)


@pytest.mark.parametrize(("price", "left"), [(1, 9), (10, 0)])
def test_deliveries_spend_what_is_accepted(payee: Make, price: Any, left: int) -> None:
    assert payee().deliver(price).left == left


@pytest.mark.parametrize(("price", "error"), [(0, InvalidAmount), (-1, InvalidAmount), (11, NotEnough)])
def test_nothing_is_delivered_that_is_not_accepted(payee: Make, price: Any, error: type[EarnestError]) -> None:
    with pytest.raises(error):
        payee().deliver(price)


def test_not_enough_says_the_price_and_what_is_left(payee: Make) -> None:
    with pytest.raises(NotEnough) as caught:
        payee().deliver(Amount(11))
    assert caught.value.facts == {"price": 11, "left": 10}


@pytest.mark.parametrize(("settled", "accepted"), [(0, 30), (30, 30), (31, 31)])
def test_what_is_settled_is_accepted_whoever_claimed_it(payee: Make, settled: Any, accepted: int) -> None:
    seen = payee().see(Lane(deposit=Amount(100), settled=settled))
    assert (seen.accepted, seen.delivered, seen.owed) == (accepted, 20, accepted - settled)


def test_a_later_epoch_starts_at_nothing(payee: Make) -> None:
    assert payee(stopped=True).see(Lane(epoch=1)) == PayeeSession(channel=payee().channel, lane=Lane(epoch=1))


def test_an_earlier_epoch_is_never_believed(payee: Make) -> None:
    with pytest.raises(ChainWentBack) as caught:
        payee(epoch=2).see(Lane(epoch=1))
    assert caught.value.retryable
    assert caught.value.facts == {"epoch": 1, "known": 2}


def test_a_session_is_checked_at_birth(payee: Make) -> None:
    with pytest.raises(NotEnough):
        payee(accepted=19)
    for accepted in (-1, 2**96, 30.0):
        with pytest.raises(OutOfRange):
            payee(accepted=accepted)
    with pytest.raises(OutOfRange):
        payee(delivered=-1)


@pytest.mark.parametrize(
    ("final", "latest", "believed"),
    [
        ({"deposit": 5}, {"deposit": 9}, {"deposit": 5}),
        ({"deposit": 5, "settled": 1}, {"deposit": 5, "settled": 3}, {"deposit": 5, "settled": 1}),
        ({"deposit": 5}, {"deposit": 5, "closes_at": 7}, {"deposit": 5, "closes_at": 7}),
        ({"deposit": 5, "closes_at": 7}, {"deposit": 5}, {"deposit": 5, "closes_at": 7}),
        ({"deposit": 5, "settled": 4}, {"epoch": 1}, {"settled": 4}),
        ({}, {"deposit": 9}, {}),
        ({"deposit": 5, "epoch": 1}, {"deposit": 5}, {"epoch": 1}),
    ],
)
def test_only_final_money_counts_and_a_close_counts_at_once(
    final: dict[str, Any], latest: dict[str, Any], believed: dict[str, Any]
) -> None:
    assert prudent(Lane(**final), Lane(**latest)) == Lane(**believed)
