from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from msgspec.structs import replace as changed

from chain.errors import EarnestError, OutOfRange
from chain.refusals import InvalidAmount
from chain.signing import Signed
from chain.units import Amount
from channels import Channel, Lane, PayerSession, Voucher
from channels.effects import Keep, Send
from channels.errors import (
    AmountExceedsDeposit,
    ChainWentBack,
    ChannelClosing,
    NothingToCorrect,
    NotOpen,
    OnlyGuessed,
    PromisesOutOfOrder,
    TooManyPromises,
    WrongChannel,
    WrongEpoch,
)
from channels.payer_session import Effects
from channels.promise import Promise, promises_hash
from channels.promise_errors import PromiseNotExpired, PromiseRecorded, PromisesOpen, UnknownPromise
from tests.channels.promise_states import EXPIRY, offer, promise

Make = Callable[..., PayerSession]
Sign = Callable[..., Signed[Voucher]]
Step = Callable[[PayerSession], tuple[PayerSession, Effects]]
P, Q = promise(1, 40), promise(2, 20)
ENDS: list[dict[str, Any]] = [{}, {"closes_at": 1}, {"deposit": 0}]


@pytest.fixture
def payer(channel: Channel) -> Make:
    """A deposit of 100 in epoch 2, 30 of it promised by 7 vouchers."""

    def made(*promises: Promise, promised: Any = 30, guessed: Any = 0, version: int = 7, **lane: Any) -> PayerSession:
        seen = Lane(**{"deposit": 100, "epoch": 2} | lane)
        return PayerSession(
            channel=channel, lane=seen, promised=promised, promises=promises, guessed=guessed, version=version
        )

    return made


@pytest.fixture
def voucher(channel: Channel) -> Callable[..., Voucher]:
    def made(total: Any, *promises: Promise) -> Voucher:
        return Voucher(channel_id=channel.id, epoch=2, cumulative_amount=total, promises=promises_hash(promises))

    return made


@pytest.mark.parametrize("amount", [1, 69, 70])
def test_a_payment_is_kept_before_it_is_sent(payer: Make, voucher: Any, amount: Any) -> None:
    newer, effects = payer().pay(amount)

    assert effects == [Keep(voucher(30 + amount)), Send(voucher(30 + amount))]
    assert newer == payer(promised=30 + amount, version=8)
    assert newer.newest == voucher(30 + amount)


@pytest.mark.parametrize(
    ("lane", "amount", "error"),
    [
        ({}, 0, InvalidAmount),
        ({}, -1, InvalidAmount),
        ({}, 71, AmountExceedsDeposit),
        ({"deposit": 29}, 1, AmountExceedsDeposit),
        ({"closes_at": 1}, 1, ChannelClosing),
        ({"deposit": 0}, 1, NotOpen),
        ({"settled": 31}, 1, PromisesOpen),
        ({"deposit": 2**96 - 1}, 2**96 - 30, AmountExceedsDeposit),
    ],
)
def test_the_payer_signs_nothing_that_the_lane_does_not_cover(
    payer: Make, lane: dict[str, Any], amount: Any, error: type[EarnestError]
) -> None:
    with pytest.raises(error):
        payer(**lane).pay(amount)
    if amount >= 0:
        with pytest.raises(error):
            payer(**lane).offer(promise(3, amount))


def test_a_refusal_says_how_much_was_wanted_and_how_much_there_is(payer: Make) -> None:
    with pytest.raises(AmountExceedsDeposit) as caught:
        payer().pay(Amount(71))
    assert caught.value.facts == {"cumulative_amount": 101, "deposit": 100}


def test_a_promise_is_listed_and_adds_nothing_yet(payer: Make, voucher: Any) -> None:
    newer, effects = payer(P).offer(Q)

    assert effects == [Keep(voucher(30, P, Q), (P, Q)), Send(voucher(30, P, Q), (P, Q))]
    assert newer == payer(P, Q, version=8)
    assert newer.newest == voucher(30, P, Q)
    assert (newer.promised, newer.at_most, newer.left) == (30, 90, 10)


def test_a_payment_leaves_the_promises_where_they_are(payer: Make, voucher: Any) -> None:
    newer, effects = payer(P).pay(Amount(5))
    assert effects == [Keep(voucher(35, P), (P,)), Send(voucher(35, P), (P,))]
    assert newer == payer(P, promised=35, version=8)


@pytest.mark.parametrize(("rest", "allowed"), [(30, True), (31, False)])
def test_a_promise_is_covered_as_if_it_were_paid_already(payer: Make, rest: Any, allowed: bool) -> None:
    steps: list[Step] = [lambda session: session.pay(rest), lambda session: session.offer(promise(3, rest))]
    for step in steps:
        if allowed:
            assert step(payer(P))[0].left == 0
            continue
        with pytest.raises(AmountExceedsDeposit) as caught:
            step(payer(P))
        assert caught.value.facts == {"cumulative_amount": 101, "deposit": 100}


def test_one_voucher_lists_sixteen_promises_each_once(payer: Make) -> None:
    session = payer(*(promise(number, 1) for number in range(15)))
    full = session.offer(promise(15, 1))[0]
    with pytest.raises(TooManyPromises):
        full.offer(promise(16, 1))
    with pytest.raises(PromisesOutOfOrder):
        session.offer(promise(3, 1))


@pytest.mark.parametrize("lane", ENDS)
@pytest.mark.parametrize("released", [1, 40])
def test_a_proof_turns_a_promise_into_an_amount_in_every_phase(
    payer: Make, voucher: Any, lane: dict[str, Any], released: Any
) -> None:
    newer, effects = payer(P, Q, **lane).fold(P.struct_hash(), released)
    total = 30 + released
    assert effects == [Keep(voucher(total, Q), (Q,)), Send(voucher(total, Q), (Q,))]
    assert newer == payer(Q, promised=total, version=8, **lane)


@pytest.mark.parametrize("released", [-1, 0, 41])
def test_no_proof_releases_nothing_or_more_than_was_promised(payer: Make, released: Any) -> None:
    with pytest.raises(InvalidAmount):
        payer(P).fold(P.struct_hash(), released)


@pytest.mark.parametrize("lane", ENDS)
def test_an_expired_promise_with_nothing_on_record_is_dropped(payer: Make, voucher: Any, lane: dict[str, Any]) -> None:
    newer, effects = payer(P, Q, **lane).drop(P.struct_hash(), EXPIRY, 0)
    assert effects == [Keep(voucher(30, Q), (Q,)), Send(voucher(30, Q), (Q,))]
    assert newer == payer(Q, version=8, **lane)


def test_a_promise_is_not_dropped_while_it_can_be_proven_or_once_it_is(payer: Make) -> None:
    with pytest.raises(PromiseNotExpired) as early:
        payer(P).drop(P.struct_hash(), EXPIRY - 1, 0)
    assert early.value.facts == {"now": EXPIRY - 1, "expiry": EXPIRY}
    with pytest.raises(PromiseRecorded) as recorded:
        payer(P).drop(P.struct_hash(), EXPIRY, 1)
    assert recorded.value.facts == {"recorded": 1}


def test_only_a_promise_that_is_open_is_folded_or_dropped(payer: Make) -> None:
    leaf = Q.struct_hash()
    steps: list[Step] = [lambda session: session.fold(leaf, Amount(1)), lambda session: session.drop(leaf, EXPIRY, 0)]
    for step in steps:
        with pytest.raises(UnknownPromise) as caught:
            step(payer(P))
        assert caught.value.facts == {"promise_hash": leaf}


@pytest.mark.parametrize("listed", [(), (Q,)])
def test_a_payer_goes_on_from_its_own_voucher_that_it_had_forgotten(
    payer: Make, voucher: Any, sign: Sign, listed: Any
) -> None:
    shown, promises = offer(lambda total, **more: sign(total, epoch=2, **more), 31, *listed)
    corrected = payer(P).correct(shown, promises)
    assert corrected == payer(*listed, promised=31, version=8)
    assert corrected.pay(Amount(1))[0].newest == voucher(32, *listed)
    with pytest.raises(NothingToCorrect):
        corrected.correct(shown, promises)


def test_a_forgotten_voucher_may_have_added_nothing_but_a_promise(payer: Make, sign: Sign) -> None:
    shown, promises = offer(lambda total, **more: sign(total, epoch=2, **more), 30, P, Q)
    assert payer(P).correct(shown, promises) == payer(P, Q, version=8)
    later = promise(3, 1, EXPIRY + 1)
    for known in (payer(P, Q), payer(Q, P), payer(P, Q, later), payer(Q, later), payer(P, promised=31)):
        with pytest.raises(NothingToCorrect):
            known.correct(shown, promises)


def test_what_expired_may_have_left_a_forgotten_voucher_and_another_promise_come(payer: Make, sign: Sign) -> None:
    """The payee would take no voucher more that lists the old one and not the new one."""
    later = promise(3, 20, EXPIRY + 1)
    shown, promises = offer(lambda total, **more: sign(total, epoch=2, **more), 30, later)
    corrected = payer(P).correct(shown, promises)
    assert corrected == payer(later, version=8)
    assert corrected.forgotten(payer(P)) == 20, "what was promised before was counted, and counts still"
    older, listed = offer(lambda total, **more: sign(total, epoch=2, **more), 30, P)
    for known in ((shown, promises), (older, listed)):
        with pytest.raises(NothingToCorrect):
            corrected.correct(*known)


def test_a_guess_becomes_known_by_a_voucher_for_as_much(payer: Make, sign: Sign) -> None:
    shown, promises = offer(lambda total, **more: sign(total, epoch=2, **more), 30, P)
    for listed, voucher in ((promises, shown), ((), sign(30, epoch=2))):
        corrected = payer(guessed=10).correct(voucher, listed)
        assert corrected == payer(*listed, version=8)
        assert corrected.forgotten(payer(guessed=10)) == 10 + sum(one.amount for one in listed)
        with pytest.raises(NothingToCorrect):
            corrected.correct(voucher, listed)


@pytest.mark.parametrize(
    ("shown", "error", "facts"),
    [
        ({"channel_id": bytes(32)}, WrongChannel, {"channel_id": bytes(32)}),
        ({"key": "payee"}, WrongChannel, {}),
        ({"epoch": 1}, WrongEpoch, {"epoch": 1, "current": 2}),
        ({"epoch": 3}, WrongEpoch, {"epoch": 3, "current": 2}),
        ({"amount": 30}, NothingToCorrect, {"shown": 30, "promised": 30}),
        ({"amount": 29}, NothingToCorrect, {"shown": 29, "promised": 30}),
    ],
)
def test_only_a_newer_voucher_of_its_own_corrects_a_payer(
    payer: Make, sign: Sign, shown: dict[str, Any], error: type[EarnestError], facts: dict[str, Any]
) -> None:
    with pytest.raises(error) as caught:
        payer().correct(sign(**{"amount": 99, "epoch": 2} | shown), ())
    assert facts.items() <= caught.value.facts.items()


@pytest.mark.parametrize(("promised", "left"), [(0, 60), (30, 30), (60, 0), (61, 0)])
def test_left_is_what_can_still_be_promised(payer: Make, promised: Any, left: int) -> None:
    assert payer(P, promised=promised).left == left
    assert payer(promised=promised).left == left + (40 if promised < 61 else 39)


def test_without_a_payment_or_a_promise_there_is_no_newest_voucher(payer: Make, voucher: Any) -> None:
    assert payer(promised=0).newest is None
    assert payer(P, promised=0).newest == voucher(0, P)


@pytest.mark.parametrize(("settled", "promised"), [(0, 30), (30, 30), (31, 31)])
def test_what_is_settled_was_promised_even_if_this_store_forgot(payer: Make, settled: Any, promised: Any) -> None:
    lane = replace(payer().lane, settled=settled)
    assert payer().see(lane) == payer(promised=promised, settled=settled, guessed=promised - 30)


@pytest.mark.parametrize("guessed", [0, 10, 30])
def test_no_voucher_is_made_on_top_of_a_guess_that_is_not_settled(payer: Make, sign: Sign, guessed: int) -> None:
    """It would give away what was guessed, for a payment of a unit."""
    session = payer(guessed=guessed, settled=29)
    assert session.left == (0 if guessed else 70)
    steps: list[Step] = [lambda session: session.pay(Amount(1)), lambda session: session.offer(P)]
    for step in steps if guessed else ():
        with pytest.raises(OnlyGuessed) as caught:
            step(session)
        assert caught.value.facts == {"promised": 30, "settled": 29}
    for known in (session.see(replace(session.lane, settled=Amount(30))), session.correct(sign(31, epoch=2), ())):
        for step in steps:
            step(known)


@pytest.mark.parametrize("guessed", [0, 10, 30])
def test_nothing_is_signed_again_that_was_only_guessed(payer: Make, voucher: Any, sign: Sign, guessed: int) -> None:
    """Else a payer that lost its wallet signs all of its deposit away."""
    kept = voucher(30 - guessed) if guessed < 30 else None
    session = payer(guessed=guessed)
    assert session.newest == kept
    settled = session.see(replace(session.lane, settled=Amount(45)))
    assert (settled.promised, settled.newest) == (45, kept)
    assert settled.pay(Amount(1))[0].newest == voucher(46)
    assert settled.correct(sign(50, epoch=2), ()).newest == voucher(50)
    assert settled.see(Lane(epoch=3, deposit=Amount(9), settled=Amount(4))).newest is None


@pytest.mark.parametrize(("settled", "allowed"), [(30, True), (31, False), (70, False)])
def test_what_is_settled_above_the_amounts_may_be_a_promise_and_is_folded_first(
    payer: Make, settled: Any, allowed: bool
) -> None:
    """Otherwise the promise would be paid by this settlement and by the next voucher."""
    seen = payer(P).see(replace(payer().lane, settled=settled))
    assert seen == payer(P, settled=settled)
    if allowed:
        assert seen.pay(Amount(1))[0].promised == 31
        return
    with pytest.raises(PromisesOpen) as caught:
        seen.pay(Amount(1))
    assert caught.value.facts == {"settled": settled, "promised": 30}
    folded = seen.fold(P.struct_hash(), Amount(settled - 30))[0]
    assert folded.pay(Amount(1))[0].promised == settled + 1


def test_a_later_epoch_starts_at_nothing_and_an_earlier_one_is_never_believed(payer: Make) -> None:
    assert payer(P).see(Lane(epoch=3)) == payer(promised=0, deposit=0, epoch=3)
    paid = Lane(epoch=3, deposit=Amount(9), settled=Amount(4))
    assert payer(P).see(paid) == payer(promised=4, deposit=9, settled=4, epoch=3, guessed=4)
    with pytest.raises(ChainWentBack) as caught:
        payer().see(Lane(epoch=1))
    assert caught.value.facts == {"epoch": 1, "known": 2}


def test_every_voucher_is_of_another_version(payer: Make) -> None:
    session, leaf = payer(version=0), P.struct_hash()
    steps: list[Step] = [
        lambda session: session.pay(Amount(1)),
        lambda session: session.offer(P),
        lambda session: session.fold(leaf, Amount(1)),
        lambda session: session.offer(Q),
        lambda session: session.drop(Q.struct_hash(), EXPIRY, 0),
    ]
    for step in steps:
        newer, _ = step(session)
        assert newer.version == session.version + 1
        session = newer


@pytest.mark.parametrize("name", ["promised", "guessed", "version"])
@pytest.mark.parametrize("value", [-1, 2**96, 1.5])
def test_a_session_is_checked_at_birth(payer: Make, name: str, value: Any) -> None:
    with pytest.raises(OutOfRange):
        changed(payer(), **{name: value})


def test_no_more_is_guessed_than_is_promised(payer: Make) -> None:
    with pytest.raises(OutOfRange):
        payer(guessed=31)


def test_a_version_fits_a_databases_integer(payer: Make) -> None:
    assert payer(version=2**63 - 1).version == 2**63 - 1
    with pytest.raises(OutOfRange):
        payer(version=2**63)
