from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chain.contracts import address_of
from chain.errors import OutOfRange
from chain.keccak import keccak
from chain.units import NO_HASH, Amount, Seconds
from channels import Promise
from channels.promise import promises_hash
from channels.ticks import Meter, Reading, TickPayer
from channels.ticks.errors import FoldDue, NotOfThisChain, TicksNotPromised
from tests.channels.ticks.conftest import COUNT, EACH, EXPIRY, NOW, Desk, chain_of, stretch_of

Begin = Callable[..., tuple[TickPayer, Meter]]
CHAIN = chain_of()
OTHER = Promise(
    condition=address_of("HashLock"),
    data_hash=keccak(b"lock"),
    amount=Amount(70),
    expiry=Seconds(EXPIRY + 9),
    salt=NO_HASH,
)


def reveal(payer: TickPayer, ticks: int) -> None:
    for _ in range(ticks):
        next(payer)


def test_it_reveals_one_tip_after_the_other(begin: Begin) -> None:
    payer, _ = begin(5)
    chain = chain_of(5)
    assert list(payer) == [chain.tip(position) for position in range(1, 6)]
    assert (payer.position, payer.unfolded) == (5, 5 * EACH)


def test_it_reveals_nothing_that_the_payee_could_not_prove(desk: Desk, begin: Begin) -> None:
    payer, _ = begin()
    reveal(payer, 1_024)
    with pytest.raises(FoldDue) as caught:
        next(payer)
    assert caught.value.facts == {"position": 1_025, "folded": 0}
    assert payer.position == 1_024
    payer.folded(desk.fold(payer.fold(Amount(0), payer.opening.voucher.promises)))
    assert next(payer) == CHAIN.tip(1_025)


def test_what_was_revealed_can_be_asked_for_again(begin: Begin) -> None:
    payer, _ = begin()
    reveal(payer, 9)
    assert [payer.again(position) for position in (0, 4, 9)] == [CHAIN.tip(position) for position in (0, 4, 9)]
    for position in (-1, 10):
        with pytest.raises(OutOfRange):
            payer.again(position)
    assert payer.position == 9


@pytest.mark.parametrize("position", [1, 256, 1_024])
def test_a_fold_is_for_what_is_revealed_and_promises_the_rest(begin: Begin, position: int) -> None:
    payer, _ = begin(COUNT, 7, OTHER)
    before = payer.opening.voucher
    reveal(payer, position)
    fold = payer.fold(Amount(7), before.promises)
    assert fold.voucher.cumulative_amount == 7 + EACH * position
    assert fold.ticks == stretch_of(CHAIN, position)
    assert fold.promises == (OTHER, fold.ticks.promise(EXPIRY))
    assert fold.voucher.promises == promises_hash(fold.promises)
    assert (fold.voucher.channel_id, fold.voucher.epoch) == (before.voucher.channel_id, before.voucher.epoch)
    at_most = fold.voucher.cumulative_amount + sum(promise.amount for promise in fold.promises)
    assert at_most == 7 + sum(promise.amount for promise in before.promises), "no more than before, if all is kept"
    assert payer.opening.voucher is before, "until it is signed"


def test_a_fold_may_give_the_rest_more_time(begin: Begin) -> None:
    payer, _ = begin()
    fold = payer.fold(Amount(0), payer.opening.voucher.promises, Seconds(EXPIRY + 60))
    assert fold.promises == (stretch_of(CHAIN).promise(Seconds(EXPIRY + 60)),)


def test_its_promise_keeps_its_salt(desk: Desk) -> None:
    ticks = stretch_of(CHAIN)
    promise = ticks.promise(EXPIRY, keccak(b"salt"))
    opening = replace(desk.opening(ticks), voucher=desk.voucher(0, (promise,)))
    fold = TickPayer(chain_of(), opening).fold(Amount(0), (promise,))
    assert fold.promises == (promise,)


def test_the_last_fold_promises_nothing_more(desk: Desk, begin: Begin) -> None:
    payer, meter = begin(5)
    for tip in payer:
        meter.tick(tip, NOW)
    fold = payer.fold(Amount(0), payer.opening.voucher.promises)
    assert (fold.voucher.cumulative_amount, fold.promises, fold.voucher.promises) == (5 * EACH, (), NO_HASH)
    opening = desk.fold(fold)
    meter.folded(meter.judge(opening, desk.checked(opening), Amount(0), NOW))
    payer.folded(opening)
    assert list(payer) == []
    assert (payer.unfolded, payer.fold_due) == (0, False)
    with pytest.raises(TicksNotPromised):
        payer.fold(Amount(5 * EACH), ())


def test_a_promise_that_is_not_open_is_not_folded(begin: Begin) -> None:
    """A voucher that has folded it already pays for its ticks: folding it again would pay for them twice."""
    payer, _ = begin()
    reveal(payer, 3)
    with pytest.raises(TicksNotPromised):
        payer.fold(Amount(0), (OTHER,))


@pytest.mark.parametrize(
    ("every", "count", "revealed", "due"),
    [(3, 9, 0, False), (3, 9, 2, False), (3, 9, 3, True), (3, 9, 4, True), (9, 2, 1, False), (9, 2, 2, True)],
)
def test_a_fold_is_due_every_so_many_ticks_and_at_the_end(
    desk: Desk, every: int, count: int, revealed: int, due: bool
) -> None:
    chain = chain_of(count)
    payer = TickPayer(chain, desk.opening(stretch_of(chain)), every=every)
    reveal(payer, revealed)
    assert payer.fold_due is due


@pytest.mark.parametrize("every", [0, 1_025])
def test_a_fold_is_due_before_the_payee_refuses(desk: Desk, every: int) -> None:
    with pytest.raises(OutOfRange):
        TickPayer(chain_of(), desk.opening(stretch_of(CHAIN)), every=every)


def test_a_payer_that_lost_its_place_pays_nothing_twice(desk: Desk, begin: Begin) -> None:
    payer, meter = begin()
    for _ in range(100):
        meter.tick(next(payer), NOW)
    restored = TickPayer(chain_of(), payer.opening, 97)
    assert restored.catch_up(meter.reading) == 3
    assert meter.tick(next(restored), NOW) == 1
    assert meter.accepted == EACH * 101
    assert restored.catch_up(Reading(position=4, tip=CHAIN.tip(4))) == 0
    assert restored.position == 101


def test_only_who_has_its_tips_corrects_a_payer(begin: Begin) -> None:
    payer, _ = begin()
    for reading in (Reading(position=9, tip=CHAIN.tip(8)), Reading(position=9, tip=keccak(b"a guess"))):
        with pytest.raises(NotOfThisChain) as caught:
            payer.catch_up(reading)
        assert caught.value.facts == {"position": 9}
    with pytest.raises(OutOfRange):
        payer.catch_up(Reading(position=COUNT + 1, tip=CHAIN.tip(8)))
    assert payer.position == 0


def test_it_goes_on_after_a_crash_from_its_newest_fold(desk: Desk) -> None:
    opening = desk.opening(stretch_of(CHAIN, 256), 256 * EACH)
    assert TickPayer(chain_of(), opening).position == 256
    assert next(TickPayer(chain_of(), opening, 300)) == CHAIN.tip(301)
    for position in (255, COUNT + 1):
        with pytest.raises(OutOfRange):
            TickPayer(chain_of(), opening, position)


@pytest.mark.parametrize(("count", "seed"), [(COUNT - 1, b"seed"), (COUNT, b"another seed")])
def test_an_opening_of_another_chain_is_not_paid_from(desk: Desk, count: int, seed: bytes) -> None:
    with pytest.raises(NotOfThisChain):
        TickPayer(chain_of(count, keccak(seed)), desk.opening(stretch_of(CHAIN)))
    fewer = desk.opening(replace(stretch_of(CHAIN), count=count - 1))
    with pytest.raises(NotOfThisChain):
        TickPayer(CHAIN, fewer)


def test_it_goes_on_from_no_fold_beyond_what_it_revealed(desk: Desk, begin: Begin) -> None:
    payer, _ = begin()
    reveal(payer, 5)
    wrong = replace(stretch_of(CHAIN, 4), anchor=keccak(b"strange"))
    for ticks, error in [(stretch_of(CHAIN, 6), OutOfRange), (wrong, NotOfThisChain)]:
        unfit: Any = desk.opening(ticks)
        with pytest.raises(error):
            payer.folded(unfit)
    payer.folded(desk.opening(stretch_of(CHAIN, 4), 4 * EACH))
    assert payer.unfolded == EACH
    with pytest.raises(OutOfRange):
        payer.folded(desk.opening(stretch_of(CHAIN, 3)))
