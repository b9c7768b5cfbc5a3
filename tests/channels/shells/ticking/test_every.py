"""Meters that write every so many ticks only: what was answered is lost in a crash, and nowhere else."""

from collections.abc import Callable
from typing import Any

import pytest

from chain import LocalChain, Token
from channels import Lanes, Payee, PayeeSession, Payer, WalletLane
from channels.errors import ChannelClosing, NotEnough
from channels.sync.meter import TillMeter
from channels.ticks import TickPayer

Tick = Callable[[TickPayer, TillMeter, int], None]
NewTill = Callable[..., Payee]


@pytest.mark.parametrize(("every", "lost"), [(1, 0), (4, 2), (64, 22)])
def test_what_was_not_written_is_shown_again(
    till: Payee, ticks: TickPayer, new_till: NewTill, tick: Tick, every: int, lost: int
) -> None:
    """Of 22 ticks, by a till that writes every so many of them."""
    tick(ticks, till.meter(ticks.opening, every=every), 22)
    again = new_till().meter(ticks.opening)
    assert again.reading.position == 22 - lost
    if lost:
        assert again.tick(ticks.again(22)) == lost


def test_a_till_that_ends_writes_what_is_left(
    till: Payee, ticks: TickPayer, lane: WalletLane, new_till: NewTill, tick: Tick
) -> None:
    tick(ticks, till.meter(ticks.opening, every=64), 22)
    till.disconnect()
    assert new_till().meter(ticks.opening).reading.position == 22


@pytest.mark.parametrize("then", ["nothing", "a tick", "a fold", "a restart"])
def test_what_was_not_written_is_paid_at_the_payers_close(
    chain: LocalChain,
    wallet: Payer,
    till: Payee,
    lane: WalletLane,
    ticks: TickPayer,
    new_till: NewTill,
    tick: Tick,
    usdc: Token,
    then: str,
) -> None:
    """With every 512th tick written, and 511 served when the payer asks for the close."""
    meter = till.meter(ticks.opening, every=512)
    tick(ticks, meter, 511)
    late, fold = next(ticks), wallet.fold_ticks(ticks)
    wallet.request_close(lane)
    till.show(lane)
    with pytest.raises(ChannelClosing):
        meter.tick(late) if then == "a tick" else meter.fold(fold)
    assert (meter.accepted, meter.reading.position) == (usdc("0.511"), 511)
    if then == "a restart":
        till.disconnect()
        till = new_till()
    for _ in range(2):
        till.submit(till.next_steps())
    assert chain.balance(usdc, lane.channel.payee) == usdc("1000.511")


def test_a_tick_that_waits_for_its_write_when_the_close_is_seen_is_not_counted(
    monkeypatch: pytest.MonkeyPatch, till: Payee, lane: WalletLane, ticks: TickPayer, tick: Tick
) -> None:
    """It was not answered; what was answered before it stays, though the store has none of it yet."""
    meter = till.meter(ticks.opening, every=8)
    tick(ticks, meter, 7)
    keep = meter._metering.keep

    def stops(one: TillMeter) -> bool:
        till._till.alter(lane.id, PayeeSession.stop)
        return keep(one)

    monkeypatch.setattr(meter._metering, "keep", stops)
    with pytest.raises(ChannelClosing):
        meter.tick(next(ticks))
    assert meter.reading.position == 7
    assert [row.position for row in till._till.meters(lane.id)] == [7]


def test_a_meter_whose_promise_is_gone_is_written_before_it_is_let_go(
    wallet: Payer, till: Payee, lane: WalletLane, ticks: TickPayer, new_till: NewTill, tick: Tick, usdc: Token
) -> None:
    """Another process took the voucher."""
    tick(ticks, till.meter(ticks.opening, every=512), 200)
    while next(ticks, None):
        if ticks.fold_due:
            wallet.fold_ticks(ticks)
    paid = ticks.opening.voucher
    other = new_till()
    assert other.accept(paid).left == usdc("2"), "it knows nothing of them"
    till._reader.forget(lane.id)
    till.meter(wallet.ticks(lane, each=usdc("0.001"), count=5).opening)
    assert other.accept(wallet.pay(lane, usdc("1"))).left == usdc("2.8")


def test_what_is_answered_while_the_store_is_reread_stays(
    monkeypatch: pytest.MonkeyPatch, till: Payee, lane: WalletLane, ticks: TickPayer, tick: Tick
) -> None:
    meter = till.meter(ticks.opening, every=8)
    tick(ticks, meter, 3)
    reread = meter._metering.reread

    def slowly(key: Any) -> Any:
        row = reread(key)
        tick(ticks, meter, 2)
        return row

    with monkeypatch.context() as slow:
        slow.setattr(meter._metering, "reread", slowly)
        meter._reload()
    assert (meter.reading.position, [row.position for row in till._till.meters(lane.id)]) == (5, [3])
    meter.flush()
    assert [row.position for row in till._till.meters(lane.id)] == [5]


def test_a_write_that_ends_late_takes_nothing_back(
    monkeypatch: pytest.MonkeyPatch, till: Payee, lane: WalletLane, ticks: TickPayer, tick: Tick
) -> None:
    """While two ticks are written, two more come, of which the fourth is written at once."""
    meter = till.meter(ticks.opening, every=4)
    tick(ticks, meter, 2)
    write = meter._metering.write

    def slowly(row: Any) -> None:
        tick(ticks, meter, 2)
        write(row)

    with monkeypatch.context() as slow:
        slow.setattr(meter._metering, "write", slowly)
        meter.flush()
    assert ([row.position for row in till._till.meters(lane.id)], meter.advance.before) == ([4], 4)


def test_a_tick_that_comes_while_a_fold_is_answered_is_counted_once(
    monkeypatch: pytest.MonkeyPatch, wallet: Payer, till: Payee, lane: WalletLane, ticks: TickPayer, tick: Tick
) -> None:
    meter = till.meter(ticks.opening)
    tick(ticks, meter, 3)
    opening, fold = wallet.fold_ticks(ticks), meter._metering.fold

    def slowly(*arguments: Any) -> Any:
        found = fold(*arguments)
        tick(ticks, meter, 2)
        return found

    with monkeypatch.context() as slow:
        slow.setattr(meter._metering, "fold", slowly)
        assert meter.fold(opening).added.units == 3_000
    assert (meter.opening, meter.reading.position, meter.advance.before) == (opening, 5, 5)
    tick(ticks, meter, 1)
    assert [row.position for row in till._till.meters(lane.id)] == [6]


def test_other_terms_begin_where_the_old_ones_stand(till: Payee, ticks: TickPayer, tick: Tick) -> None:
    seldom = till.meter(ticks.opening, every=64)
    tick(ticks, seldom, 5)
    assert till.meter(ticks.opening, every=64) is seldom
    tick(ticks, till.meter(ticks.opening), 1)


def test_what_was_not_written_is_no_credit_once_it_is_settled(
    chain: LocalChain, wallet: Payer, till: Payee, lane: WalletLane, ticks: TickPayer, tick: Tick, usdc: Token
) -> None:
    """The payer has its own ticks recorded and claimed: they were served, and buy no goods besides."""
    meter = till.meter(ticks.opening, every=512)
    tick(ticks, meter, 10)
    proof, lanes = meter.proof, Lanes(chain, wallet.signer)
    assert proof is not None
    lanes.record(lane.channel, 0, proof.promise, proof.data, proof.proof)
    lanes.claim(ticks.opening.voucher)
    assert till.show(lane).settled == usdc("0.01")
    with pytest.raises(NotEnough):
        till.deliver(lane, usdc("0.000001"), "goods")
    assert till.show(lane).delivered == usdc("0.01")
