"""A payee never takes a voucher that loses it what an earlier one can still come to."""

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from chain.signing import Signed
from chain.units import Amount
from channels import Channel, Lane, PayeeSession, Voucher
from channels.effects import GiveCredit, Keep
from channels.errors import (
    AmountExceedsDeposit,
    ChannelClosing,
    DepositNotFinal,
    PromiseDropped,
    PromiseExpired,
    WrongPromises,
)
from channels.promise_errors import UnknownPromise
from tests.channels.promise_states import EXPIRY, offer, promise, proven

Make = Callable[..., PayeeSession]
Sign = Callable[..., Signed[Voucher]]
P, Q = promise(1, 40), promise(2, 20)
BEFORE, AT = EXPIRY - 1, EXPIRY


@pytest.fixture
def payee(channel: Channel, sign: Sign) -> Make:
    """A deposit of 100, 30 accepted by a voucher with these promises."""

    def made(*promises: Any, deposit: Any = 100, settled: Any = 0, **changes: Any) -> PayeeSession:
        session: dict[str, Any] = {"accepted": 30, "newest": offer(sign, 30, *promises)[0], "promises": promises}
        return PayeeSession(channel=channel, lane=Lane(deposit=deposit, settled=settled), **session | changes)

    return made


def test_a_promise_is_kept_and_gives_no_credit(payee: Make, sign: Sign) -> None:
    signed, promises = offer(sign, 30, P, Q)
    newer, effects = payee().receive(signed, promises)
    assert effects == [Keep(signed, promises), GiveCredit(0)]  # type: ignore[arg-type]
    assert newer == payee(P, Q)
    assert (newer.accepted, newer.at_most, newer.left) == (30, 90, 30)


def test_a_payment_beside_a_promise_gives_its_own_credit(payee: Make, sign: Sign) -> None:
    signed, promises = offer(sign, 35, P)
    newer, effects = payee(P).receive(signed, promises)
    assert effects == [Keep(signed, promises), GiveCredit(5)]  # type: ignore[arg-type]
    assert newer == payee(P, accepted=35, newest=signed)


@pytest.mark.parametrize(
    ("deposit", "pending", "error", "facts"),
    [
        (70, 0, None, {}),
        (69, 0, AmountExceedsDeposit, {"cumulative_amount": 70, "deposit": 69}),
        (60, 10, DepositNotFinal, {"cumulative_amount": 70, "deposit": 60, "pending": 10}),
        (60, 9, AmountExceedsDeposit, {"cumulative_amount": 70, "deposit": 60}),
    ],
)
def test_the_deposit_covers_the_amount_and_every_promise_in_full(
    payee: Make, sign: Sign, deposit: int, pending: int, error: Any, facts: dict[str, int]
) -> None:
    session = payee(deposit=deposit, pending=pending)
    if not error:
        assert session.receive(*offer(sign, 30, P))[0].promises == (P,)
        return
    with pytest.raises(error) as caught:
        session.receive(*offer(sign, 30, P))
    assert caught.value.facts == facts


@pytest.mark.parametrize("state", [{"stopped": True}, {"lane": Lane(deposit=100, closes_at=7)}])  # type: ignore[arg-type]
def test_no_promise_is_taken_while_the_channel_ends(payee: Make, sign: Sign, state: dict[str, Any]) -> None:
    with pytest.raises(ChannelClosing):
        replace(payee(), **state).receive(*offer(sign, 30, P))


@pytest.mark.parametrize(
    ("shown", "recorded", "needed"),
    [
        (None, None, 40),
        (None, 0, 0),
        (None, 7, 7),
        ((25, 0, False), None, 40),
        ((25, 25, False), None, 40),
        ((25, 0, True), None, 25),
        ((25, 30, True), None, 30),
        ((25, 20, True), None, 25),
        ((40, 0, True), None, 40),
        ((25, 0, False), 0, 0),
        ((25, 0, True), 0, 0),
        ((25, 20, False), 20, 20),
        ((25, 20, True), 30, 30),
        ((25, 20, False), 0, 20),
    ],
)
def test_a_promise_is_left_out_only_for_all_that_it_can_come_to(
    payee: Make, sign: Sign, shown: Any, recorded: Any, needed: int
) -> None:
    """In full, unless the payee has asked for less; once it has lapsed, what is on record, whoever recorded it."""
    known = (proven(P, shown[0], shown[1], is_last=shown[2]),) if shown else ()
    session, lapsed = payee(P, proven=known), {} if recorded is None else {P.struct_hash(): recorded}
    newer, effects = session.receive(sign(30 + needed), (), lapsed)
    assert (newer.accepted, newer.promises, newer.proven) == (30 + needed, (), ())
    assert effects == [Keep(sign(30 + needed)), GiveCredit(needed)]  # type: ignore[arg-type]
    if not needed:
        return
    with pytest.raises(PromiseDropped) as caught:
        session.receive(sign(30 + needed - 1), (), lapsed)
    assert caught.value.facts == {"promise_hash": P.struct_hash(), "missing": 1}


def test_what_was_given_up_stays_so(payee: Make, sign: Sign) -> None:
    """The fold that was asked for may be on its way already."""
    session = payee(P).prove(proven(P, 25, is_last=True), BEFORE).prove(proven(P, 25, 10), BEFORE)
    assert session.receive(sign(55))[0].promises == ()


def test_one_amount_does_not_pay_for_two_promises(payee: Make, sign: Sign) -> None:
    session = payee(P, Q)
    with pytest.raises(PromiseDropped) as caught:
        session.receive(sign(30 + 59), ())
    assert caught.value.facts["missing"] == 1
    assert session.receive(sign(30 + 60))[0].accepted == 90


def test_what_stays_listed_needs_no_amount(payee: Make, sign: Sign) -> None:
    known = (proven(P, 40), proven(Q, 7))
    newer = payee(P, Q, proven=known).receive(*offer(sign, 70, Q))[0]
    assert (newer.promises, newer.proven) == ((Q,), (proven(Q, 7),))
    with pytest.raises(PromiseDropped):
        payee(P, Q).receive(*offer(sign, 69, Q))


def test_what_the_chain_paid_for_a_promise_is_not_asked_for_again(payee: Make, sign: Sign) -> None:
    """It was recorded, and claimed with the voucher: the sum that is settled has it, and so must the next voucher."""
    session = payee(P, proven=(proven(P, 40, 40),)).see(Lane(deposit=100, settled=70))  # type: ignore[arg-type]
    assert session.accepted == 70
    assert session.receive(sign(69))[1] == [GiveCredit(0)]  # type: ignore[arg-type]
    folded, effects = session.receive(sign(70), ())
    assert effects == [Keep(sign(70)), GiveCredit(0)]  # type: ignore[arg-type]
    assert folded.promises == ()
    assert session.receive(sign(71))[1][1:] == [GiveCredit(1)]  # type: ignore[arg-type]


@pytest.mark.parametrize("promises", [(P,), (Q,), (), (P, Q)])
@pytest.mark.parametrize("amount", [0, 29])
def test_a_lower_voucher_is_harmless_whatever_it_lists(payee: Make, sign: Sign, amount: int, promises: Any) -> None:
    session = payee(P)
    assert session.receive(*offer(sign, amount, *promises)) == (session, [GiveCredit(0)])  # type: ignore[arg-type]


def test_a_voucher_of_the_same_amount_is_newer_by_other_promises(payee: Make, sign: Sign) -> None:
    session = payee(P)
    assert session.receive(*offer(sign, 30, P)) == (session, [GiveCredit(0)])  # type: ignore[arg-type]
    assert session.receive(*offer(sign, 30, P, Q))[0].promises == (P, Q)
    assert session.receive(sign(30), (), {P.struct_hash(): Amount(0)})[0].promises == ()


def test_the_first_voucher_may_promise_and_pay_nothing(payee: Make, sign: Sign) -> None:
    newer = payee(accepted=0, newest=None).receive(*offer(sign, 0, P))[0]
    assert (newer.accepted, newer.promises) == (0, (P,))
    settled = payee(accepted=30, settled=30, newest=None).receive(*offer(sign, 30, P))[0]
    assert settled.promises == (P,)


@pytest.mark.parametrize("held", [(), (P,)])
def test_a_hash_without_its_promises_is_refused(payee: Make, sign: Sign, held: Any) -> None:
    """Kept like this it could never be shown on chain."""
    signed, _ = offer(sign, 90, Q)
    with pytest.raises(WrongPromises) as caught:
        payee(*held).receive(signed)
    assert caught.value.facts == {"promises": bytes(32), "expected": signed.message.promises}


@pytest.mark.parametrize(
    ("steps", "left"),
    [
        ([(25, 0, False)], (25, 0, False)),
        ([(25, 0, False), (30, 0, True)], (30, 0, True)),
        ([(30, 0, True), (25, 0, False)], (30, 0, True)),
        ([(25, 0, True), (30, 0, False)], (30, 0, True)),
        ([(30, 0, True), (30, 0, False)], (30, 0, True)),
        ([(30, 0, False), (25, 25, False)], (30, 25, False)),
        ([(30, 30, False), (40, 0, False)], (40, 30, False)),
        ([(30, 30, False), (40, 20, False)], (40, 30, False)),
    ],
)
def test_the_most_that_was_ever_shown_counts(payee: Make, steps: Any, left: Any) -> None:
    session = payee(P, Q, proven=(proven(Q, 9),))
    for released, recorded, is_last in steps:
        session = session.prove(proven(P, released, recorded, is_last=is_last), BEFORE)
    assert session == payee(P, Q, proven=(proven(Q, 9), proven(P, left[0], left[1], is_last=left[2])))


def test_only_promises_of_the_newest_voucher_are_proven(payee: Make) -> None:
    with pytest.raises(UnknownPromise) as caught:
        payee(P).prove(proven(Q, 1), BEFORE)
    assert caught.value.facts == {"promise_hash": Q.struct_hash()}


def test_from_its_expiry_on_only_what_is_recorded_proves(payee: Make) -> None:
    assert payee(P).prove(proven(P, 5), BEFORE).proven == (proven(P, 5),)
    with pytest.raises(PromiseExpired) as caught:
        payee(P).prove(proven(P, 5), AT)
    assert caught.value.facts == {"now": AT, "expiry": EXPIRY}
    assert payee(P).prove(proven(P, 5, 1), AT).proven == (proven(P, 5, 1),)


def test_a_later_epoch_has_no_promises(payee: Make) -> None:
    newer = payee(P, proven=(proven(P, 5),)).see(Lane(epoch=1))
    assert (newer.promises, newer.proven, newer.newest) == ((), (), None)
