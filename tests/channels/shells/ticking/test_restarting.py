"""Whoever dies between two steps: what was answered is not lost, and nothing is paid for, or served, twice."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chain import Token
from chain.errors import OutOfRange
from chain.keccak import keccak
from channels import Payee, Payer, WalletLane
from channels.stores.errors import StoreFailed
from channels.sync.meter import TillMeter
from channels.ticks import TickPayer
from channels.ticks.errors import NotOfThisChain, TicksNotPromised, WrongTick

Tick = Callable[[TickPayer, TillMeter, int], None]
NewTill = Callable[..., Payee]
EACH = "0.001"


class Died(Exception):
    """The process, at this place."""


def test_an_answered_tick_is_on_disk(ticks: TickPayer, meter: TillMeter, new_till: NewTill, tick: Tick) -> None:
    tick(ticks, meter, 7)
    again = new_till().meter(ticks.opening)
    assert again.reading == meter.reading
    assert again.tick(ticks.again(7)) == 0
    with pytest.raises(WrongTick) as caught:
        again.tick(ticks.again(6))
    assert caught.value.facts["position"] == 7


@pytest.mark.parametrize("shown", ["first", "folded", "newest"])
def test_a_till_that_restarts_goes_on_whichever_opening_is_shown(
    wallet: Payer, ticks: TickPayer, meter: TillMeter, new_till: NewTill, tick: Tick, usdc: Token, shown: str
) -> None:
    openings = {"first": ticks.opening}
    for name in ("folded", "newest"):
        tick(ticks, meter, 10)
        openings[name] = wallet.fold_ticks(ticks)
        meter.fold(openings[name])
    tick(ticks, meter, 5)
    till = new_till()
    again = till.meter(openings[shown].to_json())
    assert (again.opening, again.reading) == (openings["newest"], meter.reading)
    tick(ticks, again, 5)
    assert again.fold(wallet.fold_ticks(ticks)).accepted == usdc("0.03")
    assert len(till._till.meters(ticks.opening.voucher.channel.id)) == 1


def test_a_payee_that_dies_between_the_meter_and_its_voucher_opens_it_again(
    monkeypatch: pytest.MonkeyPatch, till: Payee, ticks: TickPayer, lane: WalletLane, new_till: NewTill, tick: Tick
) -> None:
    def dies(*_: Any) -> None:
        raise Died

    monkeypatch.setattr(till, "accept", dies)
    with pytest.raises(Died):
        till.meter(ticks.opening)
    again = new_till()
    assert again.promises(lane) == ()
    tick(ticks, again.meter(ticks.opening), 3)
    assert again.promises(lane) == (ticks.opening.promise,)


def test_a_voucher_that_came_before_its_meter_can_still_be_metered(
    till: Payee, ticks: TickPayer, lane: WalletLane, tick: Tick
) -> None:
    till.accept(ticks.opening.voucher)
    tick(ticks, till.meter(ticks.opening), 3)


def test_a_payee_that_dies_with_a_fold_has_all_of_it_or_nothing(
    monkeypatch: pytest.MonkeyPatch,
    wallet: Payer,
    till: Payee,
    lane: WalletLane,
    ticks: TickPayer,
    meter: TillMeter,
    tick: Tick,
    new_till: NewTill,
    usdc: Token,
) -> None:
    tick(ticks, meter, 10)
    before, fold = meter.opening, wallet.fold_ticks(ticks)

    def full(*_: Any) -> None:
        raise StoreFailed("till.db", "the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(till._till, "_serve_folded", full)
        with pytest.raises(StoreFailed):
            meter.fold(fold)
    with new_till() as other:
        assert other.meter(before).opening == before
        assert other.show(lane).accepted == usdc("0")

    def dies(*_: Any) -> None:
        raise Died

    with monkeypatch.context() as dying:
        dying.setattr(till._reader, "remember", dies)
        with pytest.raises(Died):
            meter.fold(fold)
    with new_till() as other:
        again = other.meter(before)
        assert (again.opening, again.unfolded) == (fold, usdc("0"))
        assert again.fold(fold).added == usdc("0"), "the answer is lost, so the payer sends it again"
        shown = other.show(lane)
        assert (shown.accepted, shown.delivered) == (usdc("0.01"), usdc("0.01"))


def test_a_payer_that_restarts_goes_on_from_its_newest_voucher(
    wallet: Payer,
    lane: WalletLane,
    ticks: TickPayer,
    meter: TillMeter,
    tick: Tick,
    new_wallet: Callable[[], Payer],
    usdc: Token,
) -> None:
    tick(ticks, meter, 20)
    meter.fold(wallet.fold_ticks(ticks))
    tick(ticks, meter, 9)
    again = new_wallet()
    (left,) = again.ticks_left(lane, every=100)
    assert (left.opening, left.position) == (ticks.opening, 20)
    with pytest.raises(WrongTick):
        meter.tick(next(left))
    assert left.catch_up(meter.reading) == 8
    tick(left, meter, 1)
    assert meter.fold(again.fold_ticks(left)).accepted == usdc("0.03")
    with pytest.raises(TicksNotPromised):
        wallet.fold_ticks(ticks)


def test_a_payer_that_dies_before_it_hands_a_fold_over_hands_the_same_one_over(
    wallet: Payer, lane: WalletLane, ticks: TickPayer, meter: TillMeter, tick: Tick, new_wallet: Callable[[], Payer]
) -> None:
    tick(ticks, meter, 20)
    lost = wallet.fold_ticks(ticks)
    (left,) = new_wallet().ticks_left(lane)
    assert left.opening == lost
    meter.fold(left.opening)
    tick(left, meter, 3)


def test_a_payer_believes_a_reading_only_if_it_shows_a_tick_of_its_own(
    lane: WalletLane, ticks: TickPayer, meter: TillMeter, tick: Tick, new_wallet: Callable[[], Payer]
) -> None:
    tick(ticks, meter, 2)
    (left,) = new_wallet().ticks_left(lane)
    lie = type(meter.reading)(position=50, tip=keccak(b"a lie"))
    with pytest.raises(NotOfThisChain):
        left.catch_up(lie)
    assert left.position == 0


def test_a_payer_that_dies_before_its_first_voucher_owes_nothing(
    monkeypatch: pytest.MonkeyPatch, wallet: Payer, lane: WalletLane, usdc: Token, new_wallet: Callable[[], Payer]
) -> None:
    def dies(*_: Any) -> None:
        raise Died

    monkeypatch.setattr(wallet._wallet, "keep", dies)
    with pytest.raises(Died):
        wallet.ticks(lane, each=usdc(EACH), count=100)
    again = new_wallet()
    assert again.ticks_left(lane) == []
    assert again.show(lane).left == usdc("10")


def test_a_wallets_file_holds_no_secret_and_no_two_chains_are_alike(
    wallet: Payer, lane: WalletLane, ticks: TickPayer, usdc: Token, tmp_path: Path
) -> None:
    other = wallet.ticks(lane, each=usdc(EACH), count=2_000)
    files = b"".join(path.read_bytes() for path in tmp_path.glob("wallet.db*"))
    for chain in (ticks, other):
        assert files.find(chain._chain.ticks.seed) < 0
        assert files.find(chain._chain.ticks.seed.hex().encode()) < 0
    assert {left.opening.ticks.anchor for left in wallet.ticks_left(lane)} == {
        ticks.opening.ticks.anchor,
        other.opening.ticks.anchor,
    }
    assert ticks.opening.ticks.anchor != other.opening.ticks.anchor


def test_what_would_be_refused_promises_nothing(wallet: Payer, lane: WalletLane, usdc: Token) -> None:
    with pytest.raises(OutOfRange):
        wallet.ticks(lane, each=usdc(EACH), count=100, every=1_025)
    assert wallet.promises(lane) == ()


def test_a_tick_that_could_not_be_written_is_answered_when_it_is(
    monkeypatch: pytest.MonkeyPatch, till: Payee, ticks: TickPayer, meter: TillMeter, new_till: NewTill
) -> None:
    def full(*_: Any) -> None:
        raise StoreFailed("till.db", "the disk is full")

    tip = next(ticks)
    with monkeypatch.context() as broken:
        broken.setattr(till._till, "advance", full)
        with pytest.raises(StoreFailed):
            meter.tick(tip)
    assert new_till().meter(ticks.opening).reading.position == 0
    assert meter.tick(tip) == 1
    assert new_till().meter(ticks.opening).reading.position == 1


def test_a_tick_that_was_reread_away_while_it_waited_is_counted_again(
    monkeypatch: pytest.MonkeyPatch, ticks: TickPayer, meter: TillMeter, new_till: NewTill, tick: Tick
) -> None:
    """Another call has found that the store has moved on; this one's write, which then holds nothing new, succeeds."""
    tick(ticks, meter, 2)
    keep = meter._metering.keep

    def rereads(one: TillMeter) -> bool:
        monkeypatch.undo()
        one._reload()
        return keep(one)

    monkeypatch.setattr(meter._metering, "keep", rereads)
    tick(ticks, meter, 1)
    assert new_till().meter(ticks.opening).reading.position == 3


def test_a_fold_brings_ticks_that_were_lost_on_their_way(
    wallet: Payer,
    till: Payee,
    lane: WalletLane,
    ticks: TickPayer,
    meter: TillMeter,
    new_till: NewTill,
    tick: Tick,
    usdc: Token,
) -> None:
    tick(ticks, meter, 5)
    for _ in range(3):
        next(ticks)
    fold = wallet.fold_ticks(ticks)
    assert meter.fold(fold).accepted == meter.accepted == usdc("0.008")
    assert [row.position for row in till._till.meters(lane.id)] == [8]
    again = new_till().meter(fold)
    assert again.reading == meter.reading
    with pytest.raises(WrongTick):
        again.tick(ticks.again(7))
    assert meter.tick(next(ticks)) == 4, "three that nobody has been answered for, and the next"
