from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chain.errors import InvalidSignature, OutOfRange, WrongLength
from chain.keccak import keccak
from chain.signer import Signer
from chain.units import Amount, Hash32, Seconds
from channels.ticks import Meter, Reading, TickChain, TickPayer, TicksOpening
from channels.ticks.errors import (
    AlreadyMetered,
    AnotherVoucher,
    FoldDue,
    NoBeginning,
    NoTicksLeft,
    NotOfThisChain,
    TicksNotPromised,
    TicksOver,
    WrongTick,
)
from tests.channels.ticks.conftest import COUNT, EACH, MARGIN, NOW, UNTIL, Desk, chain_of, released, stretch_of

Begin = Callable[..., tuple[TickPayer, Meter]]
CHAIN = chain_of()


def test_each_tick_adds_its_worth(begin: Begin) -> None:
    payer, meter = begin()
    for position in range(1, 6):
        assert meter.tick(next(payer), NOW) == 1
        assert (meter.accepted, meter.unfolded) == (EACH * position, EACH * position)
    assert meter.reading == Reading(position=5, tip=CHAIN.tip(5))


def test_the_newest_tick_can_be_repeated(begin: Begin) -> None:
    payer, meter = begin()
    assert meter.tick(payer.again(0), NOW) == 0
    tip = next(payer)
    meter.tick(tip, NOW)
    assert meter.tick(tip, NOW) == 0
    assert meter.tick(tip, UNTIL) == 0, "whenever it comes"
    assert meter.accepted == EACH


@pytest.mark.parametrize(("jump", "skipped", "counts"), [(1, 1, True), (1, 2, False), (64, 64, True), (64, 65, False)])
def test_so_many_ticks_may_be_skipped(begin: Begin, jump: int, skipped: int, counts: bool) -> None:
    _, meter = begin(jump=jump)
    if counts:
        assert meter.tick(CHAIN.tip(skipped + 1), NOW) == skipped + 1
        assert meter.accepted == EACH * (skipped + 1)
        return
    with pytest.raises(WrongTick) as caught:
        meter.tick(CHAIN.tip(skipped + 1), NOW)
    assert caught.value.facts == {"position": 0, "jump": jump}


@pytest.mark.parametrize("jump", [0, 1_025, 1.0])
def test_the_jump_is_bounded(begin: Begin, jump: Any) -> None:
    with pytest.raises(OutOfRange):
        begin(jump=jump)


def test_neither_an_older_tick_nor_a_strange_one_counts(begin: Begin) -> None:
    _, meter = begin()
    meter.tick(CHAIN.tip(3), NOW)
    for wrong in (CHAIN.tip(2), keccak(b"strange")):
        with pytest.raises(WrongTick) as caught:
            meter.tick(wrong, NOW)
        assert caught.value.position == 3
    assert meter.reading == Reading(position=3, tip=CHAIN.tip(3))


@pytest.mark.parametrize("length", [0, 31, 33])
@pytest.mark.parametrize("steps", [1, 2])
def test_a_tip_of_another_length_is_no_proof_so_it_is_no_tick(desk: Desk, length: int, steps: int) -> None:
    """A payer can make such a chain: its hashes are right, and the contract takes no such proof."""
    odd = Hash32(b"x" * length)
    anchor = keccak(odd) if steps == 1 else keccak(keccak(odd))
    opening = desk.opening(replace(stretch_of(CHAIN), anchor=anchor))
    meter = Meter.open(opening, desk.checked(opening), (), NOW, margin=MARGIN)
    with pytest.raises(WrongLength):
        meter.tick(odd, NOW)


@pytest.mark.parametrize(("now", "counts"), [(UNTIL - 1, True), (UNTIL, False), (UNTIL + 1, False)])
@pytest.mark.parametrize("position", [1, 2])
def test_ticks_end_a_margin_before_the_promise_expires(begin: Begin, now: Any, counts: bool, position: int) -> None:
    _, meter = begin()
    assert meter.until == UNTIL
    if counts:
        assert meter.tick(CHAIN.tip(position), now) == position
        return
    with pytest.raises(TicksOver) as caught:
        meter.tick(CHAIN.tip(position), now)
    assert caught.value.facts == {"now": now, "until": UNTIL}
    assert meter.accepted == 0


def test_a_stopped_meter_takes_no_tick_and_keeps_its_proof(begin: Begin) -> None:
    _, meter = begin()
    meter.tick(CHAIN.tip(1), NOW)
    meter.stop(Seconds(NOW + 5))
    meter.stop(Seconds(NOW + 9))
    assert meter.tick(CHAIN.tip(2), Seconds(NOW + 4)) == 1
    with pytest.raises(TicksOver):
        meter.tick(CHAIN.tip(3), Seconds(NOW + 5))
    assert meter.proof() is not None
    meter.stop(Seconds(2**47))
    assert meter.until == NOW + 5


@pytest.mark.parametrize("jump", [1, 64])
def test_no_tick_counts_beyond_the_last_that_is_promised(desk: Desk, begin: Begin, jump: int) -> None:
    """A payer can make a longer chain than it says: what is beyond is in nobody's promise."""
    opening = desk.opening(replace(stretch_of(CHAIN), count=10))
    meter = Meter.open(opening, desk.checked(opening), (), NOW, margin=MARGIN, jump=jump)
    for position in range(1, 11):
        meter.tick(CHAIN.tip(position), NOW)
    for beyond in (11, 12):
        with pytest.raises(NoTicksLeft) as caught:
            meter.tick(CHAIN.tip(beyond), NOW)
        assert caught.value.facts == {"count": 10}
    assert meter.accepted == 10 * EACH


def test_no_tick_counts_that_could_not_be_proven_at_once(begin: Begin) -> None:
    _, meter = begin()
    for position in range(1, 1_025):
        meter.tick(CHAIN.tip(position), NOW)
    for beyond in (1_025, 1_030):
        with pytest.raises(FoldDue) as caught:
            meter.tick(CHAIN.tip(beyond), NOW)
        assert caught.value.facts == {"position": beyond, "folded": 0}
    assert meter.accepted == 1_024 * EACH
    proof = meter.proof()
    assert proof is not None
    assert released(proof) == proof.released == meter.accepted


def test_a_jump_does_not_pass_what_can_be_proven(begin: Begin) -> None:
    _, meter = begin(jump=1_024)
    with pytest.raises(FoldDue):
        meter.tick(CHAIN.tip(1_025), NOW)
    assert meter.tick(CHAIN.tip(1_024), NOW) == 1_024


def test_it_proves_nothing_before_the_first_tick(begin: Begin) -> None:
    assert begin()[1].proof() is None


def test_it_opens_by_the_channels_signature_alone(desk: Desk, signers: dict[str, Signer]) -> None:
    opening = desk.opening(stretch_of(CHAIN), 7)
    for key, other, error in [("stranger", opening, InvalidSignature), ("signer", _of(desk, 8), AnotherVoucher)]:
        signed = signers[key].sign(desk.domain, other.voucher.voucher)
        with pytest.raises(error):
            Meter.open(opening, signed, (), NOW, margin=MARGIN)


def _of(desk: Desk, amount: int) -> TicksOpening:
    return desk.opening(stretch_of(CHAIN), amount)


@pytest.mark.parametrize("position", [1, COUNT])
def test_it_opens_at_the_beginning_alone(desk: Desk, position: int) -> None:
    opening = desk.opening(stretch_of(CHAIN, position))
    with pytest.raises(NoBeginning) as caught:
        Meter.open(opening, desk.checked(opening), (), NOW, margin=MARGIN)
    assert caught.value.facts == {"position": position}


def test_the_same_ticks_are_not_counted_twice(desk: Desk) -> None:
    """The payer shows its opening again, or a newer voucher with the same promise, to have its ticks count again."""
    first, newer = _of(desk, 0), _of(desk, 5)
    for opening in (first, newer):
        with pytest.raises(AlreadyMetered) as caught:
            Meter.open(opening, desk.checked(opening), first.voucher.promises, NOW, margin=MARGIN)
        assert first.promise is not None
        assert caught.value.facts == {"promise_hash": first.promise.struct_hash()}


@pytest.mark.parametrize(("now", "counts"), [(UNTIL - 1, True), (UNTIL, False)])
def test_it_opens_only_while_a_tick_could_count(desk: Desk, now: Any, counts: bool) -> None:
    opening = _of(desk, 0)
    if counts:
        meter = Meter.open(opening, desk.checked(opening), (), now, margin=MARGIN)
        assert meter.tick(CHAIN.tip(1), now) == 1
        return
    with pytest.raises(TicksOver):
        Meter.open(opening, desk.checked(opening), (), now, margin=MARGIN)


@pytest.mark.parametrize(("folded", "position"), [(0, 0), (0, 7), (0, 1_024), (256, 256), (256, 1_280), (COUNT, COUNT)])
def test_it_goes_on_with_what_was_kept(desk: Desk, folded: int, position: int) -> None:
    opening = desk.opening(stretch_of(CHAIN, folded))
    reading = Reading(position=position, tip=CHAIN.tip(position))
    meter = Meter.at(opening, reading, margin=MARGIN)
    assert (meter.reading, meter.accepted, meter.opening) == (reading, EACH * position, opening)
    assert meter.unfolded == EACH * (position - folded)
    if position < min(folded + 1_024, COUNT):
        assert meter.tick(CHAIN.tip(position + 1), NOW) == 1


def test_a_fold_that_was_kept_after_the_reading_brings_it_up(desk: Desk) -> None:
    opening = desk.opening(stretch_of(CHAIN, 256))
    meter = Meter.at(opening, Reading(position=250, tip=CHAIN.tip(250)), margin=MARGIN)
    assert meter.reading == Reading(position=256, tip=CHAIN.tip(256))
    assert meter.tick(CHAIN.tip(257), NOW) == 1


@pytest.mark.parametrize(
    ("folded", "position", "shown"),
    [(0, 7, 8), (0, 8, 7), (256, 255, 254), (0, 1_025, 1_025), (1_025, 0, 0), (0, 0, 1)],
)
def test_what_does_not_belong_together_is_not_gone_on_with(desk: Desk, folded: int, position: int, shown: int) -> None:
    reading = Reading(position=position, tip=CHAIN.tip(shown))
    with pytest.raises(NotOfThisChain) as caught:
        Meter.at(desk.opening(stretch_of(CHAIN, folded)), reading, margin=MARGIN)
    assert caught.value.facts == {"position": position}


def test_a_reading_beyond_the_last_tick_is_not_gone_on_with(desk: Desk) -> None:
    opening = desk.opening(replace(stretch_of(CHAIN), count=5))
    with pytest.raises(NoTicksLeft):
        Meter.at(opening, Reading(position=6, tip=CHAIN.tip(6)), margin=MARGIN)


def test_ticks_that_the_voucher_does_not_promise_are_not_opened(desk: Desk) -> None:
    ticks = stretch_of(TickChain(CHAIN.ticks))
    with pytest.raises(TicksNotPromised):
        TicksOpening(voucher=desk.voucher(7, (replace(ticks.promise(UNTIL), amount=Amount(1)),)), ticks=ticks)
