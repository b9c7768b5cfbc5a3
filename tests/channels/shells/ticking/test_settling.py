"""What ticks come to on chain."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from hashlib import sha256
from typing import Any

import pytest

from chain import LocalChain, Signer, Token
from chain.hash_chain import condition_proof
from channels import Lanes, Payee, Payer, WalletLane
from channels.errors import NotEnough
from channels.promise_errors import PromisesOpen
from channels.settlement import ClaimPromised, Record, Step, Submit
from channels.sync.meter import TillMeter
from channels.sync.payee_ticking import MARGIN
from channels.ticks import TickPayer
from escrow.conditions import hash_lock

SECOND = timedelta(seconds=1)
Tick = Callable[[TickPayer, TillMeter, int], None]


def _counting(verb: Callable[..., Any], made: list[object]) -> Callable[..., Any]:
    def counted(*arguments: Any) -> Any:
        made.append(verb(*arguments))
        return made[-1]

    return counted


def submits(steps: list[Step], kind: type) -> list[Submit]:
    return [step for step in steps if isinstance(step, Submit) and isinstance(step.action, kind)]


def test_ticks_are_folded_into_vouchers_and_settled_by_a_close(
    chain: LocalChain, wallet: Payer, till: Payee, lane: WalletLane, ticks: TickPayer, meter: TillMeter, usdc: Token
) -> None:
    till.accept(wallet.pay(lane, usdc("1")))
    for _ in range(600):
        assert meter.tick(next(ticks)) == 1
        if ticks.fold_due:
            credit = meter.fold(wallet.fold_ticks(ticks).to_json())
            assert credit.added == usdc("0.256")
            assert credit.left == usdc("1"), "a tick is served when it comes: folded, it buys nothing more"
    assert (meter.accepted, meter.unfolded) == (usdc("0.6"), usdc("0.088"))
    assert meter.fold(wallet.fold_ticks(ticks)).accepted == usdc("1.6")
    till.deliver(lane, usdc("1"), "goods")
    till.close(lane)
    assert chain.balance(usdc, lane.channel.payee) == usdc("1001.6")
    books = till.books()[usdc]
    assert (books.settled, books.delivered, books.owed, books.forgone) == (*[usdc("1.6")] * 2, *[usdc("0")] * 2)
    till.ledger()  # It raises where the books and the deliveries differ.


def test_a_payer_that_vanishes_pays_for_every_tick(
    chain: LocalChain,
    wallet: Payer,
    till: Payee,
    lane: WalletLane,
    ticks: TickPayer,
    meter: TillMeter,
    travel: Callable[[int], None],
    tick: Tick,
    usdc: Token,
) -> None:
    tick(ticks, meter, 300)
    meter.fold(wallet.fold_ticks(ticks))
    tick(ticks, meter, 100)
    promise = ticks.opening.promise
    assert promise is not None
    assert submits(till.next_steps(), Record) == []
    travel(promise.expiry - MARGIN // SECOND)
    (record,) = submits(till.next_steps(), Record)
    till.submit([record])
    assert till.claim().paid == (usdc("0.4"),)
    assert till.show(lane).accepted == usdc("0.4")
    (known,) = till.lanes()
    assert known.delivered == usdc("0.4"), "what was settled of served ticks buys no goods"
    till.ledger()  # It raises where the books and the deliveries differ.


def test_what_was_recorded_can_still_be_folded_once(
    wallet: Payer, till: Payee, lane: WalletLane, ticks: TickPayer, meter: TillMeter, tick: Tick, usdc: Token
) -> None:
    """The payee claims 100 ticks by a proof, and the payer folds 120 afterwards."""
    tick(ticks, meter, 100)
    promise = ticks.opening.promise
    assert promise is not None
    assert till.record(lane, promise).released == usdc("0.1")
    assert till.claim().paid == (usdc("0.1"),)
    wallet.show(lane)
    tick(ticks, meter, 20)
    credit = meter.fold(wallet.fold_ticks(ticks))
    assert (credit.accepted, credit.left, meter.unfolded) == (usdc("0.12"), usdc("0"), usdc("0"))
    tick(ticks, meter, 1)
    assert till.claim().paid == (usdc("0.02"),)
    assert till.show(lane).delivered == usdc("0.12")


def test_a_close_records_what_no_fold_has_brought(
    chain: LocalChain,
    wallet: Payer,
    till: Payee,
    lane: WalletLane,
    ticks: TickPayer,
    meter: TillMeter,
    tick: Tick,
    usdc: Token,
) -> None:
    till.accept(wallet.pay(lane, usdc("1")))
    tick(ticks, meter, 30)
    till.close(lane)
    assert chain.balance(usdc, lane.channel.payee) == usdc("1001.03")
    books = till.books()[usdc]
    assert (books.settled, books.delivered, books.balance) == (usdc("1.03"), usdc("0.03"), True)
    till.ledger()  # It raises where the books and the deliveries differ.


@pytest.mark.parametrize(
    ("each", "price", "records"),
    [
        ("0.000001", None, 0),
        ("0.000999", None, 0),
        ("0.001", None, 1),
        ("0.001", Fraction(1, 60), 0),
        ("0.001", Fraction(1, 100), 1),
        ("0.000001", Fraction(1, 10**8), 1),
    ],
)
def test_a_close_records_no_dust(
    monkeypatch: pytest.MonkeyPatch,
    chain: LocalChain,
    wallet: Payer,
    till: Payee,
    lane: WalletLane,
    tick: Tick,
    usdc: Token,
    each: str,
    price: Fraction | None,
    records: int,
) -> None:
    """By what a unit of gas costs in base units, as the plan was last told; else what is dust everywhere."""
    till.accept(wallet.pay(lane, usdc("1")))
    for _ in range(3):
        ticks = wallet.ticks(lane, each=usdc(each), count=2)
        tick(ticks, till.meter(ticks.opening), 1)
    till.next_steps(gas_prices=None if price is None else {usdc: price})
    made = list[object]()
    monkeypatch.setattr(till._lanes, "record", _counting(till._lanes.record, made))
    till.close(lane)
    assert len(made) == 3 * records
    assert chain.balance(usdc, lane.channel.payee) == usdc.units(1_001_000_000 + 3 * records * usdc(each).units)


@pytest.mark.parametrize(("each", "records"), [("0.000009", 0), ("0.00001", 1)])
def test_of_a_token_with_few_decimals_less_than_a_thousandth_is_dust(
    monkeypatch: pytest.MonkeyPatch,
    wallet: Payer,
    till: Payee,
    lane: WalletLane,
    tick: Tick,
    usdc: Token,
    each: str,
    records: int,
) -> None:
    till._known_tokens[usdc.address] = replace(usdc, decimals=4)
    ticks = wallet.ticks(lane, each=usdc(each), count=2)
    tick(ticks, till.meter(ticks.opening), 1)
    made = list[object]()
    monkeypatch.setattr(till._lanes, "record", _counting(till._lanes.record, made))
    till.close(lane)
    assert len(made) == records


def test_a_close_that_names_what_it_takes_records_nothing(
    monkeypatch: pytest.MonkeyPatch,
    chain: LocalChain,
    wallet: Payer,
    till: Payee,
    lane: WalletLane,
    ticks: TickPayer,
    meter: TillMeter,
    tick: Tick,
    usdc: Token,
) -> None:
    till.accept(wallet.pay(lane, usdc("1")))
    tick(ticks, meter, 3)
    made = list[object]()
    monkeypatch.setattr(till._lanes, "record", _counting(till._lanes.record, made))
    till.close(lane, usdc("1"))
    assert chain.balance(usdc, lane.channel.payee) == usdc("1001")
    assert made == []


def test_a_close_requested_between_folds_is_answered_with_the_ticks(
    chain: LocalChain,
    wallet: Payer,
    till: Payee,
    lane: WalletLane,
    ticks: TickPayer,
    meter: TillMeter,
    travel: Callable[[int], None],
    tick: Tick,
    usdc: Token,
) -> None:
    tick(ticks, meter, 50)
    closing = wallet.request_close(lane)
    till.show(lane)
    travel(closing.closes_at - MARGIN // SECOND + 10)
    steps = till.next_steps()
    till.submit(submits(steps, Record) + submits(steps, ClaimPromised))
    till.submit(submits(till.next_steps(), ClaimPromised))
    travel(closing.closes_at)
    wallet.withdraw(lane)
    assert chain.balance(usdc, lane.channel.payee) == usdc("1000.05")


@pytest.mark.parametrize("was_proven", [False, True])
def test_what_expired_unrecorded_stops_no_close(
    chain: LocalChain,
    wallet: Payer,
    till: Payee,
    lane: WalletLane,
    ticks: TickPayer,
    meter: TillMeter,
    travel: Callable[[int], None],
    tick: Tick,
    usdc: Token,
    was_proven: bool,
) -> None:
    till.accept(wallet.pay(lane, usdc("1")))
    tick(ticks, meter, 3)
    assert ticks.opening.promise is not None
    if was_proven:
        till.next_steps()
    travel(ticks.opening.promise.expiry)
    till.close(lane)
    assert chain.balance(usdc, lane.channel.payee) == usdc("1001")


@pytest.mark.parametrize("buys", ["goods", "ticks"])
def test_what_a_payer_has_recorded_itself_buys_goods_or_ticks(
    chain: LocalChain,
    wallet: Payer,
    till: Payee,
    lane: WalletLane,
    ticks: TickPayer,
    meter: TillMeter,
    tick: Tick,
    usdc: Token,
    buys: str,
) -> None:
    """Before it shows them: the till can't know that the money is of its ticks until they are folded."""
    tick(ticks, meter, 1)
    tips = [next(ticks) for _ in range(9)]
    (promise,) = ticks.opening.voucher.promises
    lanes, proof = Lanes(chain, wallet.signer), condition_proof(tips[-1], 10)
    lanes.record(lane.channel, 0, promise, ticks.opening.ticks.data, proof)
    lanes.claim(ticks.opening.voucher)
    assert till.show(lane).settled == usdc("0.01")
    with pytest.raises(PromisesOpen) as caught:
        meter.tick(tips[0])
    assert caught.value.facts == {"settled": 10_000, "promised": 1_000}
    wallet.show(lane)
    fold = wallet.fold_ticks(ticks)
    if buys == "goods":
        till.deliver(lane, usdc("0.009"), "goods")
        with pytest.raises(NotEnough):
            meter.fold(fold)
    else:
        assert meter.fold(fold).left == usdc("0")
        assert meter.tick(next(ticks)) == 10, "the nine that are paid, and one more"
        with pytest.raises(NotEnough):
            till.deliver(lane, usdc("0.000001"), "goods")


def test_a_payment_between_folds_is_held_at_the_next_one(
    wallet: Payer, till: Payee, lane: WalletLane, ticks: TickPayer, meter: TillMeter, tick: Tick, usdc: Token
) -> None:
    tick(ticks, meter, 5)
    till.accept(wallet.pay(lane, usdc("1")))
    tick(ticks, meter, 5)
    credit = meter.fold(wallet.fold_ticks(ticks))
    assert (credit.added, credit.accepted, credit.left) == (usdc("0.01"), usdc("1.01"), usdc("1"))
    assert wallet.show(lane).left == usdc("7"), "in all the ticks cost what was promised for them"


def test_all_ticks_folded_leave_no_promise(
    wallet: Payer, till: Payee, lane: WalletLane, usdc: Token, tick: Tick
) -> None:
    ticks = wallet.ticks(lane, each=usdc("0.5"), count=3)
    meter = till.meter(ticks.opening)
    tick(ticks, meter, 3)
    assert (ticks.fold_due, next(ticks, None)) == (True, None)
    last = wallet.fold_ticks(ticks)
    assert meter.fold(last).accepted == usdc("1.5")
    assert till.promises(lane) == ()
    assert meter.fold(last).added == usdc("0")
    assert till.meter(last).reading.position == 3
    assert wallet.ticks_left(lane) == []


def test_what_is_settled_serves_ticks_once_and_leaves_the_rest_for_goods(
    chain: LocalChain,
    wallet: Payer,
    till: Payee,
    lane: WalletLane,
    ticks: TickPayer,
    meter: TillMeter,
    tick: Tick,
    shop: Signer,
    usdc: Token,
) -> None:
    """Beside ticks of an epoch that ended without them, two chains of which one is recorded, and another promise."""
    tick(ticks, meter, 3)
    till.close(lane, usdc("0"))
    lane = wallet.open(shop.address, usdc("10"), timedelta(hours=1))
    lock = hash_lock(sha256=sha256(b"\7" * 32).digest())
    till.accept(wallet.pay(lane, usdc("1")))
    till.accept(wallet.promise(lane, usdc("2"), lock, chain.after(hours=1)))
    (promise,) = till.promises(lane)
    chains = [wallet.ticks(lane, each=usdc("0.001"), count=100) for _ in range(2)]
    meters = [till.meter(one.opening) for one in chains]
    for one, its in zip(chains, meters, strict=True):
        tick(one, its, 10)
    recorded = chains[0].opening.promise
    assert recorded is not None
    till.record(lane, recorded)
    assert till.claim().paid == (usdc("1.01"),)
    assert till.show(lane).delivered == usdc("0.01")

    till.prove(lane, promise, lock, b"\7" * 32)
    wallet.show(lane)
    for one, its in zip(chains, meters, strict=True):
        its.fold(wallet.fold_ticks(one))
    till.record(lane, promise)
    assert till.claim().paid == (usdc("2.01"),)
    shown, made = till.show(lane), till._till.deliveries()
    assert (shown.accepted, shown.delivered) == (usdc("3.02"), usdc("0.02"))
    assert sum(delivery.price for delivery in made) == 20_000, "the books tell of each"
    till.deliver(lane, usdc("3"), "goods")
    till.ledger()
