"""Every verb: what it does, and every guard in the contract's order, each with a case that it alone refuses."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chain.errors import EarnestError, InvalidSignature
from chain.refusals import InvalidAmount, InvalidPayee, NotPayer
from chain.units import NOBODY, Address, address
from channels import CancelClose, Channel, Claim, Close, Lane, Open, RequestClose, TopUp, Withdraw, transition
from channels.effects import Pay, Pull
from channels.errors import (
    AlreadyOpen,
    AmountNotIncreasing,
    ChannelClosing,
    DepositTooLarge,
    InvalidPeriod,
    InvalidSigner,
    NoEpochLeft,
    NotClosing,
    NotOpen,
    NotPayee,
    TakeTooLarge,
    WindowNotOver,
    WindowOver,
    WrongEpoch,
)

Describe = Callable[..., Channel]
Verbs = dict[type[Any], Any]
MAX: Any = 2**96 - 1
YEAR = 365 * 24 * 3_600
CONTRACT = address("0x" + "e5" * 20)
NOW: Any = 1_000


def lane_of(**members: Any) -> Lane:
    return Lane(**members)


UNUSED = Lane()
FRESH = lane_of(deposit=100, epoch=3)
CLOSING = lane_of(deposit=100, settled=30, closes_at=NOW + 1, epoch=3)
OVER = lane_of(deposit=100, settled=30, closes_at=NOW, epoch=3)
SPENT = lane_of(deposit=100, settled=100, closes_at=NOW, epoch=3)
NEXT = lane_of(epoch=4)


@pytest.fixture
def verbs(channel: Channel) -> Verbs:
    """Every action as it is legal in some state."""
    payer: dict[str, Any] = {"caller": channel.payer, "channel": channel}
    payee: dict[str, Any] = {"caller": channel.payee, "channel": channel}
    voucher: dict[str, Any] = {"epoch": 3, "cumulative_amount": 70, "signer": channel.signer}
    return {
        Open: Open(**payer, amount=MAX, contract=CONTRACT),
        TopUp: TopUp(**payer, amount=MAX - 100),
        Claim: Claim(channel=channel, **voucher),
        Close: Close(**payee, **voucher, take=voucher["cumulative_amount"]),
        RequestClose: RequestClose(**payer),
        CancelClose: CancelClose(**payer),
        Withdraw: Withdraw(channel=channel),
    }


@pytest.mark.parametrize(
    ("lane", "verb", "changes", "after", "effects"),
    [
        (UNUSED, Open, {"amount": 1}, lane_of(deposit=1), [("pull", 1)]),
        (lane_of(epoch=2**31 - 2), Open, {}, lane_of(deposit=MAX, epoch=2**31 - 2), [("pull", MAX)]),
        (FRESH, TopUp, {"amount": 1}, lane_of(deposit=101, epoch=3), [("pull", 1)]),
        (FRESH, TopUp, {}, lane_of(deposit=MAX, epoch=3), [("pull", MAX - 100)]),
        (FRESH, Claim, {}, lane_of(deposit=100, settled=70, epoch=3), [("payee", 70)]),
        (FRESH, Claim, {"cumulative_amount": 101}, lane_of(deposit=100, settled=100, epoch=3), [("payee", 100)]),
        (
            CLOSING,
            Claim,
            {"cumulative_amount": 31},
            lane_of(deposit=100, settled=31, closes_at=NOW + 1, epoch=3),
            [("payee", 1)],
        ),
        (FRESH, Close, {}, NEXT, [("payee", 70), ("payer", 30)]),
        (FRESH, Close, {"take": 1}, NEXT, [("payee", 1), ("payer", 99)]),
        (FRESH, Close, {"take": 0, "cumulative_amount": 0, "signer": NOBODY}, NEXT, [("payer", 100)]),
        (FRESH, Close, {"take": 100, "cumulative_amount": 100}, NEXT, [("payee", 100)]),
        (CLOSING, Close, {"take": 30, "cumulative_amount": 0, "signer": NOBODY}, NEXT, [("payer", 70)]),
        (CLOSING, Close, {"take": 29}, NEXT, [("payer", 70)]),
        (CLOSING, Close, {"take": 31}, NEXT, [("payee", 1), ("payer", 69)]),
        (FRESH, RequestClose, {}, lane_of(deposit=100, closes_at=NOW + 3_600, epoch=3), []),
        (CLOSING, CancelClose, {}, lane_of(deposit=100, settled=30, epoch=3), []),
        (OVER, CancelClose, {}, lane_of(deposit=100, settled=30, epoch=3), []),
        (OVER, Withdraw, {}, NEXT, [("payer", 70)]),
        (SPENT, Withdraw, {}, NEXT, []),
    ],
)
def test_what_a_verb_does(
    verbs: Verbs,
    channel: Channel,
    lane: Lane,
    verb: type[Any],
    changes: dict[str, Any],
    after: Lane,
    effects: list[tuple[str, Any]],
) -> None:
    moves: dict[str, Callable[[Any], Pull | Pay]] = {
        "pull": lambda amount: Pull(channel.payer, amount),
        "payee": lambda amount: Pay(channel.payee, amount),
        "payer": lambda amount: Pay(channel.payer, amount),
    }
    done = [moves[kind](amount) for kind, amount in effects]
    assert transition(lane, replace(verbs[verb], **changes), NOW) == (after, done)


@pytest.mark.parametrize(
    ("lane", "verb", "changes", "error"),
    [
        (UNUSED, Open, {"caller": "payee", "amount": 0}, NotPayer),
        (UNUSED, Open, {"amount": 0, "payee": NOBODY}, InvalidAmount),
        (UNUSED, Open, {"payee": NOBODY, "signer": NOBODY}, InvalidPayee),
        (UNUSED, Open, {"payee": "payer"}, InvalidPayee),
        (UNUSED, Open, {"payee": CONTRACT}, InvalidPayee),
        (UNUSED, Open, {"payee": "stranger", "token": "stranger"}, InvalidPayee),
        (UNUSED, Open, {"signer": NOBODY, "window": 0}, InvalidSigner),
        (UNUSED, Open, {"window": 899}, InvalidPeriod),
        (UNUSED, Open, {"window": YEAR + 1}, InvalidPeriod),
        (FRESH, Open, {"promise_window": 899}, InvalidPeriod),
        (FRESH, Open, {"promise_window": YEAR + 1}, InvalidPeriod),
        (lane_of(deposit=1, epoch=2**31 - 1), Open, {}, AlreadyOpen),
        (lane_of(epoch=2**31 - 1), Open, {}, NoEpochLeft),
        (FRESH, TopUp, {"caller": "stranger", "amount": 0}, NotPayer),
        (UNUSED, TopUp, {"amount": 0}, InvalidAmount),
        (UNUSED, TopUp, {}, NotOpen),
        (CLOSING, TopUp, {"amount": MAX}, ChannelClosing),
        (FRESH, TopUp, {"amount": MAX - 99}, DepositTooLarge),
        (UNUSED, Claim, {}, NotOpen),
        (OVER, Claim, {"epoch": 2}, WrongEpoch),
        (OVER, Claim, {"signer": NOBODY}, WindowOver),
        (CLOSING, Claim, {"signer": "payer", "cumulative_amount": 0}, InvalidSignature),
        (CLOSING, Claim, {"signer": NOBODY}, InvalidSignature),
        (CLOSING, Claim, {"cumulative_amount": 30}, AmountNotIncreasing),
        (lane_of(deposit=100, settled=100, epoch=3), Claim, {"cumulative_amount": 101}, AmountNotIncreasing),
        (UNUSED, Close, {"caller": "payer"}, NotPayee),
        (UNUSED, Close, {}, NotOpen),
        (OVER, Close, {"epoch": 4}, WrongEpoch),
        (OVER, Close, {"signer": NOBODY}, WindowOver),
        (CLOSING, Close, {"signer": "stranger", "take": 71}, InvalidSignature),
        (CLOSING, Close, {"take": 31, "signer": NOBODY}, InvalidSignature),
        (CLOSING, Close, {"take": 71}, TakeTooLarge),
        (CLOSING, Close, {"take": 31, "cumulative_amount": 0}, TakeTooLarge),
        (CLOSING, Close, {"take": 101, "cumulative_amount": 200}, TakeTooLarge),
        (UNUSED, RequestClose, {"caller": "payee"}, NotPayer),
        (UNUSED, RequestClose, {}, NotOpen),
        (CLOSING, RequestClose, {}, ChannelClosing),
        (OVER, RequestClose, {}, ChannelClosing),
        (UNUSED, CancelClose, {"caller": "payee"}, NotPayer),
        (UNUSED, CancelClose, {}, NotOpen),
        (FRESH, CancelClose, {}, NotClosing),
        (UNUSED, Withdraw, {}, NotOpen),
        (FRESH, Withdraw, {}, NotClosing),
        (CLOSING, Withdraw, {}, WindowNotOver),
    ],
)
def test_what_a_verb_refuses(
    verbs: Verbs,
    describe: Describe,
    people: dict[str, Address],
    lane: Lane,
    verb: type[Any],
    changes: dict[str, Any],
    error: type[EarnestError],
) -> None:
    action = verbs[verb]
    values = {name: people.get(value, value) if isinstance(value, str) else value for name, value in changes.items()}
    of_channel = {
        name: values[name] for name in values if not hasattr(action, name) or (verb is Open and name == "signer")
    }
    of_action = {name: values[name] for name in values if name not in of_channel}
    with pytest.raises(error):
        transition(lane, replace(action, channel=describe(**of_channel), **of_action), NOW)


@pytest.mark.parametrize("period", [900, YEAR])
@pytest.mark.parametrize("member", ["window", "promise_window"])
def test_a_quarter_of_an_hour_and_a_year_are_periods(
    verbs: Verbs, describe: Describe, member: str, period: int
) -> None:
    action = replace(verbs[Open], channel=describe(**{member: period}))
    assert transition(UNUSED, action, NOW)[0].is_open


@pytest.mark.parametrize(("now", "payee_acts"), [(NOW - 1, True), (NOW, False), (NOW + 1, False)])
def test_at_every_second_either_the_payee_can_claim_or_the_payer_withdraw(
    verbs: Verbs, now: Any, payee_acts: bool
) -> None:
    payees: list[type[Any]] = [Claim, Close]
    legal, refused = (payees, [Withdraw]) if payee_acts else ([Withdraw], payees)
    for verb in legal:
        transition(OVER, verbs[verb], now)
    for verb in refused:
        with pytest.raises(WindowNotOver if payee_acts else WindowOver) as caught:
            transition(OVER, verbs[verb], now)
        assert caught.value.facts == {"now": now, "closes_at": NOW}


@pytest.mark.parametrize(
    ("lane", "verb", "changes", "facts"),
    [
        (FRESH, TopUp, {"amount": MAX}, {"deposit": MAX + 100, "largest": MAX}),
        (FRESH, Claim, {"epoch": 2}, {"epoch": 2, "current": 3}),
        (CLOSING, Claim, {"cumulative_amount": 5}, {"covered": 5, "settled": 30}),
        (FRESH, Close, {"take": 71}, {"take": 71, "covered": 70}),
    ],
)
def test_refusals_carry_the_contracts_facts(
    verbs: Verbs, lane: Lane, verb: type[Any], changes: dict[str, Any], facts: dict[str, Any]
) -> None:
    with pytest.raises(EarnestError) as caught:
        transition(lane, replace(verbs[verb], **changes), NOW)
    assert caught.value.facts == facts


def test_refusals_name_who_and_which(verbs: Verbs, channel: Channel) -> None:
    with pytest.raises(InvalidSignature) as unsigned:
        transition(FRESH, replace(verbs[Claim], signer=NOBODY), NOW)
    assert unsigned.value.facts == {"signer": NOBODY, "expected": channel.signer}
    with pytest.raises(NotPayee) as stranger:
        transition(FRESH, replace(verbs[Close], caller=channel.payer), NOW)
    assert stranger.value.facts == {"caller": channel.payer, "payee": channel.payee}
    with pytest.raises(ChannelClosing) as closing:
        transition(CLOSING, verbs[TopUp], NOW)
    assert closing.value.facts == {"channel_id": channel.id, "closes_at": NOW + 1}
