"""A fold that comes late: to a session that knows proofs already, or beside another meter of the same chain."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from chain.units import Amount, Hash32, Seconds
from channels import Lane, PayeeSession, Promise
from channels.burst import NEVER
from channels.errors import PromiseDropped
from channels.promise_errors import ExpiryTooLate
from channels.proven import Proven
from channels.ticks import Meter, TickPayer
from channels.ticks.errors import AlreadyMetered, FoldLoses
from channels.ticks.proving import prove_ticks
from channels.ticks.session_fold import take_fold
from tests.channels.ticks.conftest import EACH, EXPIRY, NOW, UNTIL, Desk, chain_of, stretch_of

Begin = Callable[..., tuple[TickPayer, Meter]]
OTHER = Hash32(b"\1" * 32)


def kept(desk: Desk, payer: TickPayer) -> PayeeSession:
    """A session with the payer's opening."""
    session = PayeeSession(channel=desk.channel, lane=Lane(deposit=Amount(10**6)))
    return session.receive(desk.checked(payer.opening), payer.opening.voucher.promises)[0]


def ticked(payer: TickPayer, meter: Meter, number: int) -> None:
    for _ in range(number):
        meter.tick(next(payer), NOW)


@pytest.mark.parametrize("has_lapsed", [False, True])
def test_a_fold_is_taken_though_more_was_proven_than_it_holds(desk: Desk, begin: Begin, has_lapsed: bool) -> None:
    """Proven before a close that never came, and even recorded: the rest is the next promise's."""
    payer, meter = begin(amount=100)
    session = kept(desk, payer)
    ticked(payer, meter, 5)
    newer = desk.fold(payer.fold(session.accepted, session.promises))
    ticked(payer, meter, 3)
    session = prove_ticks(session, [meter.proof()], NOW)
    session = replace(session, proven=tuple(replace(known, recorded=known.released) for known in session.proven))
    (own,) = session.proven
    lapsed = {own.hash: own.recorded} if has_lapsed else {}
    after, judged = take_fold(
        session,
        meter.opening,
        meter.reading,
        newer,
        signed=desk.checked(newer),
        until=UNTIL,
        latest=NEVER,
        lapsed=lapsed,
    )
    meter.folded(judged)
    assert (after.accepted, after.proven, meter.unfolded) == (100 + 5 * EACH, (), 3 * EACH)


def test_a_payment_that_carries_the_same_promise_is_taken_as_it_is(desk: Desk, begin: Begin) -> None:
    payer, meter = begin(amount=100)
    session = kept(desk, payer)
    ticked(payer, meter, 5)
    paid = desk.opening(payer.opening.ticks, 130)
    after, _ = take_fold(
        session, meter.opening, meter.reading, paid, signed=desk.checked(paid), until=UNTIL, latest=NEVER
    )
    assert (after.accepted, after.promises) == (130, session.promises)


@pytest.mark.parametrize("sooner", [0, 1])
def test_what_a_fold_promises_anew_leaves_time_to_be_recorded(desk: Desk, begin: Begin, sooner: int) -> None:
    """At the second itself it does; what stood in the voucher before was judged when it came."""
    payer, meter = begin()
    session = kept(desk, payer)
    ticked(payer, meter, 5)
    latest, renewed = Seconds(EXPIRY + 7 - sooner), desk.opening(stretch_of(chain_of(), 5), 5 * EACH, expiry=EXPIRY + 7)
    taken = session, meter.opening, meter.reading, renewed
    if sooner:
        with pytest.raises(ExpiryTooLate) as caught:
            take_fold(*taken, signed=desk.checked(renewed), until=UNTIL, latest=latest)
        assert caught.value.facts == {"expiry": EXPIRY + 7, "latest": latest}
    else:
        assert take_fold(*taken, signed=desk.checked(renewed), until=UNTIL, latest=latest)[0].accepted == 5 * EACH
    paid = desk.opening(payer.opening.ticks, 130)
    taken = session, meter.opening, meter.reading, paid
    assert take_fold(*taken, signed=desk.checked(paid), until=UNTIL, latest=NOW)[0].accepted == 130


def test_another_promise_is_not_left_out_with_it(desk: Desk, begin: Begin) -> None:
    payer, meter = begin(3_000, 100, stretch_of(chain_of(9, OTHER)).promise(EXPIRY))
    session = kept(desk, payer)
    ticked(payer, meter, 5)
    (dropped,) = [promise for promise in session.promises if promise != payer.opening.promise]
    newer = desk.fold(payer.fold(session.accepted, tuple(one for one in session.promises if one != dropped)))
    with pytest.raises(PromiseDropped):
        take_fold(session, meter.opening, meter.reading, newer, signed=desk.checked(newer), until=UNTIL, latest=NEVER)


def test_no_fold_goes_on_with_a_promise_that_another_meter_may_have(desk: Desk, begin: Begin) -> None:
    """One chain promised twice and folded into one promise: each later tick would count in both meters."""
    payer, meter = begin()
    session = kept(desk, payer)
    ticked(payer, meter, 5)
    left = stretch_of(chain_of(), 5)
    shared = left.promise(EXPIRY)
    with_both = desk.opening(payer.opening.ticks, 0, shared)
    session, _ = session.receive(desk.checked(with_both), with_both.voucher.promises)
    newer = desk.opening(left, 5 * EACH)
    assert newer.promise == shared
    with pytest.raises(AlreadyMetered):
        take_fold(session, meter.opening, meter.reading, newer, signed=desk.checked(newer), until=UNTIL, latest=NEVER)


def test_a_fold_below_what_was_settled_would_add_nothing(desk: Desk, begin: Begin) -> None:
    """The payee has claimed 8 ticks by their proof; the payer, who has forgotten 3 of them, folds 5."""
    payer, meter = begin()
    session = kept(desk, payer)
    ticked(payer, meter, 5)
    newer = desk.fold(payer.fold(Amount(0), session.promises))
    ticked(payer, meter, 3)
    session = session.see(Lane(deposit=Amount(10**6), settled=Amount(8 * EACH)))
    with pytest.raises(FoldLoses) as caught:
        take_fold(session, meter.opening, meter.reading, newer, signed=desk.checked(newer), until=UNTIL, latest=NEVER)
    assert caught.value.facts == {"cumulative_amount": 5 * EACH, "needed": 8 * EACH}


@pytest.mark.parametrize(("now", "number"), [(EXPIRY - 1, 1), (EXPIRY, 0), (EXPIRY + 1, 0)])
def test_the_session_is_told_what_can_still_be_recorded(desk: Desk, begin: Begin, now: int, number: int) -> None:
    payer, meter = begin()
    session = kept(desk, payer)
    ticked(payer, meter, 4)
    assert len(prove_ticks(session, [meter.proof()], Seconds(now)).proven) == number


def test_the_session_keeps_its_best_proof_and_none_of_another_promise(desk: Desk, begin: Begin) -> None:
    payer, meter = begin()
    session = kept(desk, payer)
    ticked(payer, meter, 4)
    early, gone = meter.proof(), _of(payer.opening.ticks.promise(EXPIRY, OTHER))
    ticked(payer, meter, 1)
    session = prove_ticks(session, [early, gone, None, meter.proof()], NOW)
    assert [known.released for known in session.proven] == [5 * EACH]
    assert prove_ticks(session, [early, gone, meter.proof()], NOW) is session


def _of(promise: Promise) -> Proven:
    return Proven(promise=promise, data=b"", proof=b"", released=Amount(1))
