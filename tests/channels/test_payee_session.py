from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
    DepositNotFinal,
    NotEnough,
    NotOpen,
    WrongChannel,
    WrongEpoch,
    WrongPromises,
)
from channels.payee_session import prudent
from tests.channels.promise_states import promise, proven

Make = Callable[..., PayeeSession]
Sign = Callable[..., Signed[Voucher]]
AMOUNTS = st.integers(0, 200)


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
    assert newer == payee(accepted=amount, newest=sign(amount))


@pytest.mark.parametrize("amount", [0, 1, 29, 30])
@pytest.mark.parametrize("state", [{}, {"closes_at": 1}, {"stopped": True}, {"deposit": 0}])
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
        ({"epoch": 1}, {"promises": b"\1" * 32}, WrongEpoch),
        ({"epoch": 1, "deposit": 0}, {}, WrongEpoch),
        ({}, {"epoch": 1}, WrongEpoch),
        ({"deposit": 0}, {"promises": b"\1" * 32}, WrongPromises),
        ({"deposit": 0, "closes_at": 1}, {}, NotOpen),
        ({"closes_at": 1, "deposit": 99}, {}, ChannelClosing),
        ({"closes_at": 1, "deposit": 0, "pending": 100}, {}, ChannelClosing),
        ({"stopped": True, "deposit": 99}, {}, ChannelClosing),
        ({"deposit": 99}, {}, AmountExceedsDeposit),
    ],
)
def test_what_the_chain_might_not_pay_is_not_accepted(
    payee: Make, sign: Sign, state: dict[str, Any], voucher: dict[str, Any], error: type[EarnestError]
) -> None:
    with pytest.raises(error):
        payee(**state).receive(sign(100, **voucher))


@pytest.mark.parametrize(
    ("deposit", "pending", "amount", "error", "facts"),
    [
        (100, 0, 100, None, {}),
        (100, 0, 101, AmountExceedsDeposit, {"cumulative_amount": 101, "deposit": 100}),
        (60, 40, 60, None, {}),
        (60, 40, 61, DepositNotFinal, {"cumulative_amount": 61, "deposit": 60, "pending": 40}),
        (60, 40, 100, DepositNotFinal, {"cumulative_amount": 100, "deposit": 60, "pending": 40}),
        (60, 40, 101, AmountExceedsDeposit, {"cumulative_amount": 101, "deposit": 60}),
        (0, 40, 40, DepositNotFinal, {"cumulative_amount": 40, "deposit": 0, "pending": 40}),
        (0, 40, 41, AmountExceedsDeposit, {"cumulative_amount": 41, "deposit": 0}),
    ],
)
def test_only_a_final_deposit_covers_and_one_that_is_coming_can_be_waited_for(
    payee: Make, sign: Sign, deposit: int, pending: int, amount: int, error: Any, facts: dict[str, int]
) -> None:
    session = payee(deposit=deposit, pending=pending)
    if not error:
        assert session.receive(sign(amount))[0].accepted == amount
        return
    with pytest.raises(error) as caught:
        session.receive(sign(amount))
    assert caught.value.facts == facts
    assert caught.value.retryable is (error is DepositNotFinal)


def test_a_close_says_when_it_is(payee: Make, sign: Sign) -> None:
    for state, closes_at in (({"closes_at": 7}, 7), ({"stopped": True}, 0)):
        with pytest.raises(ChannelClosing) as caught:
            payee(**state).receive(sign(31))
        assert caught.value.facts == {"channel_id": payee().channel.id, "closes_at": closes_at}


def test_a_session_that_was_stopped_can_go_on(payee: Make, sign: Sign) -> None:
    stopped = payee().stop()
    with pytest.raises(ChannelClosing):
        stopped.receive(sign(31))
    assert stopped.go_on() == payee()
    assert stopped.go_on().go_on() == payee(), "a recovery may have set the stops anew"


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


@pytest.mark.parametrize(
    ("amount", "error"), [(-1, InvalidAmount), (0, InvalidAmount), (1, None), (15, None), (16, NotEnough)]
)
def test_only_what_was_delivered_is_refunded(payee: Make, amount: Any, error: Any) -> None:
    session = payee(refunded=5)
    if not error:
        assert session.refund(amount) == payee(refunded=5 + amount)
        return
    with pytest.raises(error) as caught:
        session.refund(amount)
    if error is NotEnough:
        assert caught.value.facts == {"price": 16, "left": 15}


@pytest.mark.parametrize(
    ("state", "left", "unspent", "keepable"),
    [
        ({}, 10, 0, 30),
        ({"refunded": 5}, 15, 5, 25),
        ({"refunded": 20}, 30, 20, 10),
        ({"delivered": 35, "refunded": 5}, 0, 0, 30),
        ({"delivered": 33, "refunded": 5}, 2, 2, 28),
    ],
)
def test_a_refund_can_be_spent_again_or_goes_back_at_the_close(
    payee: Make, state: dict[str, Any], left: int, unspent: int, keepable: int
) -> None:
    session = payee(**state)
    assert (session.left, session.unspent, session.keepable) == (left, unspent, keepable)


@given(accepted=AMOUNTS, steps=st.lists(st.tuples(st.booleans(), st.integers(1, 60)), max_size=20))
def test_whatever_is_refunded_the_payee_keeps_what_it_delivered_for(
    channel: Channel, accepted: Any, steps: list[tuple[bool, Any]]
) -> None:
    session, served = PayeeSession(channel=channel, lane=Lane(deposit=Amount(accepted)), accepted=accepted), 0
    for gives_back, amount in steps:
        verb = session.refund if gives_back else session.deliver
        room = session.delivered - session.refunded if gives_back else session.left
        if amount > room:
            with pytest.raises(NotEnough):
                verb(amount)
            continue
        session = verb(amount)
        served += -amount if gives_back else amount
    assert 0 <= served == session.delivered - session.refunded == accepted - session.left <= accepted
    assert served <= session.keepable <= accepted
    assert 0 <= session.unspent <= session.refunded


@pytest.mark.parametrize(
    ("newest", "settled", "recorded", "pays"),
    [(None, 0, 0, False), (30, 29, 0, True), (30, 30, 0, False), (30, 30, 1, True), (30, 33, 3, False)],
)
def test_a_voucher_is_claimable_while_it_is_worth_more_than_what_is_settled(
    payee: Make, sign: Sign, newest: Any, settled: int, recorded: int, pays: bool
) -> None:
    """What is proven, and not on record, is worth nothing on chain."""
    shown = (proven(promise(1), 40, recorded), proven(promise(2), 40))
    session = payee(newest=newest and sign(newest), settled=settled, accepted=max(30, settled), proven=shown)
    assert session.claimable is pays


@pytest.mark.parametrize(
    ("state", "at_risk", "unconfirmed"),
    [
        ({}, 20, 0),
        ({"deposit": 10}, 20, 0),
        ({"unconfirmed": 70}, 20, 0),
        ({"unconfirmed": 71}, 20, 1),
        ({"unconfirmed": 90}, 20, 20),
        ({"unconfirmed": 100}, 20, 20),
        ({"unconfirmed": 100, "settled": 30}, 0, 0),
        ({"unconfirmed": 100, "settled": 0}, 30, 30),
    ],
)
def test_what_a_final_deposit_or_a_payment_covers_no_reorganisation_can_take(
    payee: Make, state: dict[str, Any], at_risk: int, unconfirmed: int
) -> None:
    assert payee(**state).exposure == (at_risk, unconfirmed)


@pytest.mark.parametrize(("settled", "accepted"), [(0, 30), (30, 30), (31, 31)])
def test_what_is_settled_is_accepted_whoever_claimed_it(payee: Make, settled: Any, accepted: int) -> None:
    seen = payee().see(Lane(deposit=Amount(100), settled=settled))
    assert (seen.accepted, seen.delivered, seen.owed) == (accepted, 20, accepted - settled)


def test_every_look_says_what_is_final(payee: Make) -> None:
    lane = payee().lane
    seen = payee(pending=9, unconfirmed=9).see(lane, pending=Amount(3), unconfirmed=Amount(2))
    assert seen == payee(pending=3, unconfirmed=2)
    assert seen.see(lane) == payee()


def test_a_later_epoch_starts_at_nothing(payee: Make, sign: Sign) -> None:
    old = payee(stopped=True, refunded=3, newest=sign(30))
    newer = old.see(Lane(epoch=1, deposit=Amount(9), settled=Amount(4)), pending=Amount(2), unconfirmed=Amount(1))
    lane, seen = Lane(epoch=1, deposit=Amount(9), settled=Amount(4)), {"pending": 2, "unconfirmed": 1}
    assert newer == PayeeSession(channel=old.channel, lane=lane, accepted=Amount(4), **seen)  # type: ignore[arg-type]


def test_an_earlier_epoch_is_never_believed(payee: Make) -> None:
    with pytest.raises(ChainWentBack) as caught:
        payee(epoch=2).see(Lane(epoch=1))
    assert caught.value.retryable
    assert caught.value.facts == {"epoch": 1, "known": 2}


@pytest.mark.parametrize("name", ["accepted", "delivered", "refunded", "pending", "unconfirmed"])
@pytest.mark.parametrize("value", [-1, 2**96, 30.0])
def test_a_session_that_was_read_has_sums_of_96_bits(payee: Make, name: str, value: Any) -> None:
    with pytest.raises(OutOfRange):
        PayeeSession.checked(payee(**{name: value}))


def test_a_session_that_was_read_balances(payee: Make) -> None:
    for right in (payee(), payee(accepted=20), payee(refunded=20), payee(accepted=0, refunded=20)):
        assert PayeeSession.checked(right) is right
    for wrong in (payee(accepted=19), payee(refunded=21), payee(accepted=0, refunded=19)):
        with pytest.raises(NotEnough):
            PayeeSession.checked(wrong)


@pytest.mark.parametrize(
    ("final", "latest", "policy", "believed", "unconfirmed", "pending"),
    [
        ({"deposit": 5}, {"deposit": 9}, 0, {"deposit": 5}, 0, 4),
        ({"deposit": 5}, {"deposit": 9}, 3, {"deposit": 8}, 3, 1),
        ({"deposit": 5}, {"deposit": 9}, 4, {"deposit": 9}, 4, 0),
        ({"deposit": 5}, {"deposit": 9}, 99, {"deposit": 9}, 4, 0),
        ({"deposit": 5}, {"deposit": 9}, None, {"deposit": 9}, 4, 0),
        ({"deposit": 9}, {"deposit": 5}, None, {"deposit": 9}, 0, 0),
        ({"deposit": 5, "settled": 1}, {"deposit": 5, "settled": 3}, 0, {"deposit": 5, "settled": 1}, 0, 0),
        ({"deposit": 5}, {"deposit": 5, "closes_at": 7}, 0, {"deposit": 5, "closes_at": 7}, 0, 0),
        ({"deposit": 5, "closes_at": 7}, {"deposit": 5}, 0, {"deposit": 5, "closes_at": 7}, 0, 0),
        ({"deposit": 5, "closes_at": 7}, {"deposit": 5, "closes_at": 9}, 0, {"deposit": 5, "closes_at": 9}, 0, 0),
        ({"deposit": 5, "settled": 4}, {"epoch": 1, "deposit": 9}, None, {"settled": 4}, 0, 0),
        ({}, {"deposit": 9}, 0, {}, 0, 9),
        ({"deposit": 5, "epoch": 1}, {"deposit": 5}, 0, {"epoch": 1}, 0, 0),
    ],
)
def test_only_final_money_counts_and_a_close_counts_at_once(
    final: dict[str, Any], latest: dict[str, Any], policy: Any, believed: dict[str, Any], unconfirmed: int, pending: int
) -> None:
    assert prudent(Lane(**final), Lane(**latest), policy) == (Lane(**believed), unconfirmed, pending)


def test_no_close_asks_for_more_than_the_deposit_covers(payee: Make) -> None:
    """A deposit that was counted on has been undone."""
    assert payee(accepted=80, deposit=50).keepable == 50
    assert payee(accepted=80, deposit=50, delivered=70, refunded=20).keepable == 30
