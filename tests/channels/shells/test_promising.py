from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest

from chain import LocalChain, Signer, Token
from chain.errors import InvalidSignature, Malformed
from chain.hash_chain import Ticks, condition_proof
from chain.refusals import InvalidAmount, WrongConditionData
from chain.units import Amount, Hash32, Seconds
from channels import Credit, FoldRequest, Lanes, Payee, Payer, Promise, SignedVoucher, Voucher, WalletLane
from channels.errors import AmountExceedsDeposit, PromiseDropped, WrongEpoch
from channels.promise_errors import NotLetGo, PromiseNotExpired, PromiseRecorded, PromisesOpen, UnknownPromise
from channels.settlement import ClaimPromised, CollectReserve, Record, Submit
from escrow.conditions import hash_chain, hash_lock

PREIMAGE = b"\7" * 32
LOCK = hash_lock(sha256=sha256(PREIMAGE).digest())


@pytest.fixture
def expiry(chain: LocalChain) -> Seconds:
    return chain.after(hours=1, minutes=45)


@pytest.fixture
def promise(wallet: Payer, till: Payee, lane: WalletLane, usdc: Token, expiry: Seconds) -> Promise:
    """3 of ann's 10 USDC for a preimage, kept by the shop beside a payment of 1."""
    till.accept(wallet.pay(lane, usdc("1")))
    credit = till.accept(wallet.promise(lane, usdc("3"), LOCK, expiry))
    assert (credit.added, credit.accepted) == (usdc("0"), usdc("1")), "a promise is no money yet"
    (promise,) = till.promises(lane)
    return promise


def test_a_promise_sets_money_aside_until_it_is_dropped(
    wallet: Payer, lane: WalletLane, promise: Promise, usdc: Token
) -> None:
    assert wallet.show(lane).left == usdc("6")
    with pytest.raises(AmountExceedsDeposit):
        wallet.pay(lane, usdc("6.000001"))
    with pytest.raises(PromiseNotExpired):
        wallet.drop(lane, promise)


def test_a_proof_is_folded_into_the_next_voucher(
    wallet: Payer, till: Payee, lane: WalletLane, promise: Promise, usdc: Token
) -> None:
    request = till.prove(lane, promise, LOCK, PREIMAGE)
    folded = wallet.fold(FoldRequest.from_json(request.to_json()))
    credit = till.accept(folded)
    assert (credit.added, credit.accepted, till.promises(lane)) == (usdc("3"), usdc("4"), ())
    assert till.claim().paid == (usdc("4"),)
    with pytest.raises(UnknownPromise):
        wallet.fold(request)


@pytest.mark.parametrize("late", [-1, 0])
def test_a_proof_that_comes_with_the_expiry_is_not_owed(
    chain: LocalChain, wallet: Payer, till: Payee, lane: WalletLane, promise: Promise, late: int
) -> None:
    request = till.prove(lane, promise, LOCK, PREIMAGE)
    with pytest.raises(WrongEpoch):
        wallet.fold(replace(request, epoch=1))
    chain.travel(to=Seconds(promise.expiry + late))
    if late < 0:
        assert wallet.fold(request).voucher.cumulative_amount == 4_000_000
        return
    with pytest.raises(InvalidAmount):
        wallet.fold(request)
    assert wallet.promises(lane) == (promise,)


def test_what_of_several_vouchers_only_one_leaves_out_may_have_lapsed(
    chain: LocalChain, wallet: Payer, till: Payee, lane: WalletLane, promise: Promise, clock: Any, usdc: Token
) -> None:
    chain.travel(to=promise.expiry)
    clock.now = float(chain.now())
    vouchers = [wallet.pay(lane, usdc("1")), wallet.drop(lane, promise)]
    credit = till.accept_many(vouchers)[1]
    assert isinstance(credit, Credit)
    assert credit.accepted == usdc("2")
    assert till.promises(lane) == ()


def test_what_proves_nothing_is_neither_kept_nor_folded(
    wallet: Payer, till: Payee, lane: WalletLane, promise: Promise
) -> None:
    with pytest.raises(Malformed):
        till.prove(lane, promise, LOCK, b"\6" * 32)
    other = hash_lock(sha256=sha256(b"\6" * 32).digest())
    with pytest.raises(WrongConditionData):
        till.prove(lane, promise, other, b"\6" * 32)
    good = till.prove(lane, promise, LOCK, PREIMAGE)
    told: dict[str, Any] = good.to_json()
    with pytest.raises(WrongConditionData):
        wallet.fold(FoldRequest.from_json(told | {"data": "0x" + other.data.hex()}))


def test_a_payee_keeps_the_voucher_that_is_worth_more(
    chain: LocalChain, wallet: Payer, till: Payee, lane: WalletLane, promise: Promise, usdc: Token, expiry: Seconds
) -> None:
    """The payer says that the promise has expired; the payee's chain does not."""
    snapshot = chain.snapshot()
    chain.travel(to=expiry)
    dropped = wallet.drop(lane, promise)
    chain.restore(snapshot)
    with pytest.raises(PromiseDropped) as caught:
        till.accept(dropped)
    assert caught.value.facts["missing"] == 3_000_000
    chain.travel(to=expiry)
    assert till.accept(dropped).accepted == usdc("1")
    assert till.promises(lane) == ()


def test_what_somebody_else_has_recorded_is_not_dropped(
    chain: LocalChain, wallet: Payer, till: Payee, lane: WalletLane, promise: Promise, usdc: Token, expiry: Seconds
) -> None:
    """A watchtower, or this payee itself before a crash: its books know nothing of it."""
    snapshot = chain.snapshot()
    chain.travel(to=expiry)
    dropped = wallet.drop(lane, promise)
    chain.restore(snapshot)
    Lanes(chain, wallet.signer).record(lane.channel, 0, promise, LOCK, PREIMAGE)
    chain.travel(to=expiry)
    with pytest.raises(PromiseDropped) as caught:
        till.accept(dropped)
    assert caught.value.facts["missing"] == 3_000_000
    assert till.claim().paid == (usdc("4"),)


def test_what_is_recorded_is_not_given_up_for_a_lesser_proof(
    chain: LocalChain, wallet: Payer, till: Payee, lane: WalletLane, usdc: Token, expiry: Seconds
) -> None:
    """The fold is asked for with one tick, while two are on record."""
    ticks = Ticks(seed=Hash32(b"\5" * 32), count=2)
    condition = hash_chain(each=1_000_000, ticks=ticks)
    promised = wallet.promise(lane, usdc("2"), condition, expiry)
    till.accept(promised)
    (promise,) = promised.promises
    Lanes(chain, wallet.signer).record(lane.channel, 0, promise, condition, condition_proof(ticks.tip(2), 2))
    asked = till.prove(lane, promise, condition, condition_proof(ticks.tip(1), 1))
    assert asked.amount == 2_000_000
    signer, channel = wallet.signer, lane.channel
    less = Voucher(channel_id=channel.id, epoch=0, cumulative_amount=Amount(1_000_000))
    signature = signer.sign(Lanes(chain, signer).domain, less).signature
    with pytest.raises(PromiseDropped) as caught:
        till.accept(SignedVoucher(channel=channel, voucher=less, signature=signature))
    assert caught.value.facts["missing"] == 1_000_000


def test_nobody_but_the_payee_lets_a_promise_go_for_less_than_all_of_it(
    chain: LocalChain, wallet: Payer, till: Payee, lane: WalletLane, usdc: Token, expiry: Seconds
) -> None:
    """Whoever has seen one of three ticks asks for a fold, or records it: else the payee would take no voucher more."""
    ticks = Ticks(seed=Hash32(b"\5" * 32), count=3)
    condition = hash_chain(each=1_000_000, ticks=ticks)
    till.accept(wallet.promise(lane, usdc("3"), condition, expiry))
    (promise,) = till.promises(lane)
    mine = till.prove(lane, promise, condition, condition_proof(ticks.tip(1), 1), is_last=False)
    assert mine.signature == b""
    strangers = FoldRequest.from_json(mine.to_json() | {"signature": "0x" + "11" * 64 + "1b"})
    for request, error in ((mine, NotLetGo), (strangers, InvalidSignature)):
        with pytest.raises(error):
            wallet.fold(request)
    Lanes(chain, wallet.signer).record(lane.channel, 0, promise, condition, condition_proof(ticks.tip(1), 1))
    with pytest.raises(PromiseNotExpired):
        wallet.fold_recorded(lane, promise)
    assert wallet.promises(lane) == (promise,)

    asked = till.prove(lane, promise, condition, condition_proof(ticks.tip(2), 2))
    again = till.prove(lane, promise, condition, condition_proof(ticks.tip(1), 1))
    assert (asked.amount, again) == (2_000_000, asked), "it lets go for the most that it has"
    assert till.accept(wallet.fold(asked)).added == usdc("2")
    assert till.accept(wallet.pay(lane, usdc("1"))).accepted == usdc("3")


def test_anybody_may_bring_the_proof_of_a_whole_promise(
    chain: LocalChain, wallet: Payer, till: Payee, lane: WalletLane, promise: Promise, usdc: Token
) -> None:
    shown = replace(till.prove(lane, promise, LOCK, PREIMAGE), signature=b"", amount=Amount(0))
    assert till.accept(wallet.fold(shown)).added == usdc("3")


def test_what_is_recorded_in_full_is_folded_before_the_expiry(
    chain: LocalChain, wallet: Payer, till: Payee, lane: WalletLane, promise: Promise, usdc: Token
) -> None:
    Lanes(chain, wallet.signer).record(lane.channel, 0, promise, LOCK, PREIMAGE)
    assert till.accept(wallet.fold_recorded(lane, promise)).added == usdc("3")


def test_a_payer_that_folds_nothing_pays_on_chain(
    chain: LocalChain, wallet: Payer, till: Payee, lane: WalletLane, promise: Promise, usdc: Token, expiry: Seconds
) -> None:
    till.prove(lane, promise, LOCK, PREIMAGE)
    chain.travel(to=Seconds(expiry - 200))
    (record,) = (s for s in till.next_steps() if isinstance(s, Submit) and isinstance(s.action, Record))
    till.submit([record])
    chain.travel(to=expiry)
    with pytest.raises(PromiseRecorded):
        wallet.drop(lane, promise)
    assert till.claim().paid == (usdc("4"),)
    wallet.show(lane)
    with pytest.raises(PromisesOpen):
        wallet.pay(lane, usdc("1"))
    folded = wallet.fold_recorded(lane, promise)
    assert folded.voucher.cumulative_amount == 4_000_000
    assert till.accept(folded).accepted == usdc("4")
    assert till.accept(wallet.pay(lane, usdc("1"))).accepted == usdc("5")
    assert till.claim().paid == (usdc("1"),)


def test_a_close_keeps_what_is_recorded_of_promises(
    chain: LocalChain, wallet: Payer, till: Payee, lane: WalletLane, promise: Promise, usdc: Token, shop: Signer
) -> None:
    till.prove(lane, promise, LOCK, PREIMAGE)
    till.record(lane, promise)
    before = chain.balance(usdc, shop.address)
    till.close(lane)
    assert chain.balance(usdc, shop.address) == before + usdc("4")


def test_a_close_gives_unspent_refunds_back_beside_a_promise_and_records_none(
    chain: LocalChain, till: Payee, lane: WalletLane, promise: Promise, usdc: Token, shop: Signer
) -> None:
    till.deliver(lane, usdc("1"), "a coat")
    till.refund(lane, "a coat", up_to=usdc("0.4"))
    till.prove(lane, promise, LOCK, PREIMAGE)
    before = chain.balance(usdc, shop.address)
    till.close(lane)
    assert chain.balance(usdc, shop.address) == before + usdc("0.6")


def test_a_close_takes_what_somebody_has_claimed_by_a_voucher_that_never_came(
    chain: LocalChain, wallet: Payer, till: Payee, lane: WalletLane, promise: Promise, usdc: Token, shop: Signer
) -> None:
    """It is settled, and more than the voucher that is shown is worth."""
    before = chain.balance(usdc, shop.address)
    Lanes(chain, wallet.signer).claim(wallet.pay(lane, usdc("4")))
    assert till.show(lane).settled == usdc("5")
    till.deliver(lane, usdc("5"), "a coat")
    till.refund(lane, "a coat", up_to=usdc("2"))
    till.close(lane)
    assert chain.balance(usdc, shop.address) == before + usdc("5")


def test_a_closing_lane_is_claimed_with_its_promises_and_their_reserve_collected_later(
    chain: LocalChain, wallet: Payer, till: Payee, lane: WalletLane, promise: Promise, usdc: Token, expiry: Seconds
) -> None:
    wallet.request_close(lane)
    till.show(lane)
    chain.travel(to=Seconds(chain.now() + 2_500))
    urgent = [step for step in till.next_steps() if isinstance(step, Submit)]
    assert isinstance(urgent[0].action, ClaimPromised), "it claims, and reserves for the promise"
    assert till.submit(urgent).paid == (usdc("1"),)
    chain.travel(to=Seconds(wallet.show(lane).closes_at))
    wallet.withdraw(lane)
    till.prove(lane, promise, LOCK, PREIMAGE)
    till.record(lane, promise)
    steps = [step for step in till.next_steps() if isinstance(step, Submit)]
    assert till.submit(steps).paid == (usdc("3"),)


def test_a_promise_of_an_epoch_that_has_ended_is_recorded_in_that_epoch(
    chain: LocalChain, wallet: Payer, till: Payee, lane: WalletLane, promise: Promise, usdc: Token, shop: Signer
) -> None:
    closing = wallet.request_close(lane)
    till.claim(lane)
    till.prove(lane, promise, LOCK, PREIMAGE)
    chain.travel(to=closing.closes_at)
    wallet.withdraw(lane)
    wallet.open(shop.address, usdc("5"), timedelta(hours=1))
    assert till.accept(wallet.pay(lane, usdc("1"))).session.lane.epoch == 1
    for paid in ((), (usdc("3"),)):
        steps = [step for step in till.next_steps() if isinstance(step, Submit)]
        done = till.submit(step for step in steps if isinstance(step.action, Record | CollectReserve))
        assert (done.paid, len(done.receipts), done.skipped) == (paid, 1, ())


def test_a_reserve_is_collected_until_its_last_second(
    chain: LocalChain, wallet: Payer, till: Payee, lane: WalletLane, promise: Promise, usdc: Token, expiry: Seconds
) -> None:
    """Of a close that was asked for just before the promise has expired: two windows after its expiry."""
    chain.travel(to=Seconds(expiry - 100))
    closing = wallet.request_close(lane)
    till.claim(lane)
    till.prove(lane, promise, LOCK, PREIMAGE)
    till.record(lane, promise)
    chain.travel(to=closing.closes_at)
    wallet.withdraw(lane)
    assert till.show(lane).epoch == 1
    chain.travel(to=Seconds(closing.closes_at + 3_600 - 60))
    (step,) = till.next_steps()
    assert isinstance(step, Submit)
    assert isinstance(step.action, CollectReserve)
    assert till.submit([step]).paid == (usdc("3"),)
