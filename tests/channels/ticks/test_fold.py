from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chain.errors import InvalidSignature
from chain.keccak import keccak
from chain.signer import Signer
from chain.units import NO_HASH, Amount, Hash32
from channels import Channel
from channels.errors import WrongChannel, WrongEpoch
from channels.ticks import Meter, Reading, TickPayer, TicksOpening
from channels.ticks.errors import (
    AnotherVoucher,
    ExpiresSooner,
    FoldDue,
    FoldLoses,
    FoldsBack,
    FoldTooLate,
    NotOfThisChain,
    OtherTicks,
)
from tests.channels.ticks.conftest import COUNT, EACH, EXPIRY, MARGIN, NOW, UNTIL, Desk, chain_of, released, stretch_of

Begin = Callable[..., tuple[TickPayer, Meter]]
CHAIN = chain_of()
HELD = Amount(100)


@pytest.fixture
def meter(begin: Begin) -> Meter:
    """In a voucher for 100, with 300 ticks accepted."""
    meter = begin(COUNT, HELD)[1]
    for position in range(1, 301):
        meter.tick(CHAIN.tip(position), NOW)
    return meter


@pytest.fixture
def fold(desk: Desk) -> Callable[..., TicksOpening]:
    """An honest fold at this position; `more` base units are added."""

    def folded(position: int, more: int = 0, **changes: Any) -> TicksOpening:
        return desk.opening(stretch_of(CHAIN, position), HELD + EACH * position + more, **changes)

    return folded


Folded = Callable[..., TicksOpening]


@pytest.mark.parametrize(
    ("position", "gained", "beyond"),
    [(0, 0, 300), (1, 0, 299), (256, 0, 44), (300, 0, 0), (301, 1, 0), (1_024, 724, 0)],
)
def test_a_fold_behind_or_beyond_the_newest_tick_loses_nothing(
    desk: Desk, meter: Meter, fold: Folded, position: int, gained: int, beyond: int
) -> None:
    newer = fold(position)
    judged = meter.judge(newer, desk.checked(newer), HELD, NOW)
    assert meter.opening.ticks.position == 0, "judging alone changes nothing"
    assert meter.folded(judged) == gained
    assert meter.accepted == EACH * (300 + gained)
    assert (meter.opening, meter.unfolded) == (newer, EACH * beyond)
    proof = meter.proof()
    assert (released(proof) if proof else 0) == meter.unfolded


def test_the_meter_goes_on_after_a_fold(desk: Desk, meter: Meter, fold: Folded) -> None:
    newer = fold(256, expiry=EXPIRY + 50)
    meter.folded(meter.judge(newer, desk.checked(newer), HELD, NOW))
    assert meter.until == UNTIL + 50
    for position in range(301, 256 + 1_025):
        assert meter.tick(CHAIN.tip(position), NOW) == 1
    with pytest.raises(FoldDue):
        meter.tick(CHAIN.tip(256 + 1_025), NOW)


def test_the_last_fold_leaves_nothing_to_prove(desk: Desk, fold: Folded) -> None:
    opening = fold(COUNT - 10)
    meter = Meter.at(opening, Reading(position=COUNT, tip=CHAIN.tip(COUNT)), margin=MARGIN)
    newer = fold(COUNT)
    meter.folded(meter.judge(newer, desk.checked(newer), opening.cumulative_amount, NOW))
    assert (meter.proof(), meter.unfolded, meter.accepted) == (None, 0, EACH * COUNT)
    assert meter.folded(meter.judge(newer, desk.checked(newer), newer.cumulative_amount, NOW)) == 0


def test_a_stopped_meter_stays_stopped(desk: Desk, meter: Meter, fold: Folded) -> None:
    meter.stop(NOW)
    meter.stop(EXPIRY)
    newer = fold(300)
    meter.folded(meter.judge(newer, desk.checked(newer), HELD, NOW))
    assert meter.until == NOW


def test_what_a_fold_replaces_is_what_its_amount_holds(desk: Desk, meter: Meter, fold: Folded) -> None:
    """So the session knows that the old promise, which is left out, comes to no more."""
    newer = fold(256)
    replaced = meter.judge(newer, desk.checked(newer), HELD, NOW).replaced
    assert replaced is not None
    assert replaced.promise == meter.opening.promise
    assert released(replaced) == replaced.released == newer.cumulative_amount - HELD


def test_a_payment_between_folds_carries_the_same_promise(desk: Desk, meter: Meter, fold: Folded) -> None:
    paid = fold(0, more=50)
    judged = meter.judge(paid, desk.checked(paid), HELD, NOW)
    assert judged.replaced is None
    meter.folded(judged)
    assert (meter.opening, meter.accepted) == (paid, 300 * EACH)


@pytest.mark.parametrize(("more", "held"), [(-1, HELD), (0, HELD + 1), (49, HELD + 50)])
def test_a_fold_lacks_no_tick_and_no_payment_that_came_before(
    desk: Desk, meter: Meter, fold: Folded, more: int, held: Any
) -> None:
    newer = fold(256, more=more)
    with pytest.raises(FoldLoses) as caught:
        meter.judge(newer, desk.checked(newer), held, NOW)
    assert caught.value.facts == {"cumulative_amount": newer.cumulative_amount, "needed": held + 256 * EACH}
    enough = fold(256, more=held - HELD)
    assert meter.judge(enough, desk.checked(enough), held, NOW).opening == enough


@pytest.mark.parametrize("anchor", [CHAIN.tip(255), CHAIN.tip(257), keccak(b"strange"), NO_HASH])
@pytest.mark.parametrize("position", [256, 302])
def test_a_fold_with_another_anchor_would_lose_what_is_beyond_it(
    desk: Desk, meter: Meter, anchor: Hash32, position: int
) -> None:
    newer = desk.opening(replace(stretch_of(CHAIN, position), anchor=anchor), HELD + EACH * position)
    with pytest.raises(NotOfThisChain) as caught:
        meter.judge(newer, desk.checked(newer), HELD, NOW)
    assert caught.value.facts == {"position": 300}


def test_a_fold_too_far_ahead_is_not_even_hashed(desk: Desk, meter: Meter, fold: Folded) -> None:
    newer = fold(1_025)
    with pytest.raises(FoldDue) as caught:
        meter.judge(newer, desk.checked(newer), HELD, NOW)
    assert caught.value.facts == {"position": 1_025, "folded": 0}


@pytest.mark.parametrize(("expiry", "loses"), [(EXPIRY - 1, True), (EXPIRY, False), (EXPIRY + 1, False)])
def test_a_fold_leaves_no_less_time_to_prove(desk: Desk, meter: Meter, fold: Folded, expiry: int, loses: bool) -> None:
    newer = fold(256, expiry=expiry)
    if not loses:
        meter.judge(newer, desk.checked(newer), HELD, NOW)
        return
    with pytest.raises(ExpiresSooner) as caught:
        meter.judge(newer, desk.checked(newer), HELD, NOW)
    assert caught.value.facts == {"expiry": expiry, "before": EXPIRY}


@pytest.mark.parametrize(("position", "late"), [(0, False), (256, True), (299, True), (300, False), (301, False)])
@pytest.mark.parametrize(("now", "over"), [(UNTIL - 1, False), (UNTIL, True), (EXPIRY + 9, True)])
def test_ticks_beyond_a_fold_can_still_be_recorded_for_its_promise(
    desk: Desk, meter: Meter, fold: Folded, position: int, late: bool, now: Any, over: bool
) -> None:
    """The same promise again, at position 0, keeps what is on record; else the meter's margin must be left."""
    newer = fold(position)
    if not (late and over):
        assert meter.judge(newer, desk.checked(newer), HELD, now).opening == newer
        return
    with pytest.raises(FoldTooLate) as caught:
        meter.judge(newer, desk.checked(newer), HELD, now)
    assert caught.value.facts == {"expiry": EXPIRY, "until": now + MARGIN}
    later = fold(position, expiry=now + MARGIN + 1)
    assert meter.judge(later, desk.checked(later), HELD, now).opening == later


def test_an_older_fold_is_refused_and_harmless(desk: Desk, meter: Meter, fold: Folded) -> None:
    older, newer = fold(200), fold(256)
    judged = meter.judge(older, desk.checked(older), HELD, NOW)
    meter.folded(meter.judge(newer, desk.checked(newer), HELD, NOW))
    with pytest.raises(FoldsBack) as caught:
        meter.judge(older, desk.checked(older), HELD, NOW)
    assert caught.value.facts == {"position": 200, "folded": 256}
    assert meter.folded(judged) == 0
    assert meter.opening == newer


@pytest.mark.parametrize(("each", "count"), [(EACH + 1, COUNT), (EACH, COUNT - 1), (EACH - 1, COUNT)])
def test_a_fold_goes_on_with_the_same_ticks(desk: Desk, meter: Meter, each: int, count: int) -> None:
    other = replace(stretch_of(CHAIN, 256), each=Amount(each), count=count)
    newer = desk.opening(other, HELD + 300 * 20)
    with pytest.raises(OtherTicks) as caught:
        meter.judge(newer, desk.checked(newer), HELD, NOW)
    assert list(caught.value.facts.values()) == [each, count, EACH, COUNT]


def test_a_fold_is_of_the_same_channel_and_epoch(
    desk: Desk, meter: Meter, fold: Folded, describe: Callable[..., Channel]
) -> None:
    newer = fold(256, epoch=1)
    with pytest.raises(WrongEpoch):
        meter.judge(newer, desk.checked(newer), HELD, NOW)
    elsewhere = replace(desk, channel=describe(salt=1))
    strange = elsewhere.opening(stretch_of(CHAIN, 256), HELD + 256 * EACH)
    with pytest.raises(WrongChannel):
        meter.judge(strange, elsewhere.checked(strange), HELD, NOW)


def test_a_fold_is_signed_by_the_channels_key(
    desk: Desk, meter: Meter, fold: Folded, signers: dict[str, Signer]
) -> None:
    newer = fold(256)
    with pytest.raises(InvalidSignature):
        meter.judge(newer, signers["stranger"].sign(desk.domain, newer.voucher.voucher), HELD, NOW)
    with pytest.raises(AnotherVoucher):
        meter.judge(newer, desk.checked(fold(255)), HELD, NOW)
