"""What a payer can make a payee do for nothing: ask its chain, fill its store, wait for others."""

from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest

from chain import LocalChain, Signer, Token
from chain.errors import NodeBehind, NodeUnreachable, Reverted
from chain.units import Amount, Seconds
from channels import Channel, Credit, Lanes, Payee, Payer, SignedVoucher, Voucher, WalletLane
from channels.errors import AmountExceedsDeposit, NotOpen, WrongEpoch
from channels.promise_errors import ConditionRefused, ExpiryTooLate
from channels.settlement import ClaimPromised, Record, Submit, Wait
from channels.stores.errors import StoreBusy
from escrow.conditions import hash_lock

LOCK = hash_lock(sha256=sha256(b"\7" * 32).digest())


@pytest.fixture
def asked(chain: LocalChain, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every question to the chain from now on."""
    found = list[str]()
    call = type(chain).call

    def counted(self: LocalChain, *args: Any, **named: Any) -> Any:
        found.append(args[1])
        return call(self, *args, **named)

    monkeypatch.setattr(type(chain), "call", counted)
    return found


@pytest.fixture
def sent(chain: LocalChain, ann: Signer, lane: WalletLane) -> Callable[[Any], dict[str, Any]]:
    """What ann signs by hand."""

    def signed(amount: Any, channel: Channel = lane.channel, epoch: int = 0) -> dict[str, Any]:
        voucher = Voucher(channel_id=channel.id, epoch=epoch, cumulative_amount=amount)
        signature = ann.sign(chain.domain("VoucherChannels"), voucher).signature
        return SignedVoucher(channel=channel, voucher=voucher, signature=signature).to_json()

    return signed


def expired(wallet: Payer, till: Payee, lane: WalletLane, chain: LocalChain, clock: Any, usdc: Token) -> SignedVoucher:
    """The first voucher of a lane with sixteen promises, all of which have expired."""
    clock.now = float(chain.now())
    first = wallet.pay(lane, usdc("0.000001"))
    till.accept(first)
    till.accept(wallet.pay(lane, usdc("0.000001")))
    for _ in range(16):
        till.accept(wallet.promise(lane, usdc("0.000001"), LOCK, chain.after(minutes=1)))
    chain.travel(to=chain.after(minutes=2))
    clock.now = float(chain.now())
    till.show(lane)
    return first


def test_a_repeat_of_an_old_voucher_asks_the_chain_nothing(
    wallet: Payer, till: Payee, lane: WalletLane, chain: LocalChain, clock: Any, usdc: Token, asked: list[str]
) -> None:
    first = expired(wallet, till, lane, chain, clock, usdc)
    asked.clear()
    assert till.accept(first).added == usdc("0")
    assert asked == []


def test_a_voucher_that_the_chain_must_be_asked_about_makes_no_other_one_wait(
    wallet: Payer,
    till: Payee,
    lane: WalletLane,
    chain: LocalChain,
    clock: Any,
    usdc: Token,
    shop: Signer,
    sent: Callable[[Any], dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    expired(wallet, till, lane, chain, clock, usdc)
    other = wallet.open(shop.address, usdc("5"), timedelta(hours=1), salt=7)
    till.accept(wallet.pay(other, usdc("1")))
    dropping, good = sent(Amount(3)), wallet.pay(other, usdc("1"))

    def unreachable(*_: Any, **__: Any) -> Any:
        raise NodeUnreachable("a node", "no answer")

    monkeypatch.setattr(till._lanes, "recorded", unreachable)
    failed, credit = till.accept_many([dropping, good])
    assert isinstance(failed, NodeUnreachable)
    assert isinstance(credit, Credit)
    assert credit.added == usdc("1")


def test_a_voucher_over_the_deposit_asks_the_chain_once_a_second(
    wallet: Payer, till: Payee, lane: WalletLane, clock: Any, usdc: Token, sent: Any, asked: list[str]
) -> None:
    till.accept(wallet.pay(lane, usdc("1")))
    asked.clear()
    for repeat in range(20):
        clock.now += 0.75 * (repeat == 19)
        with pytest.raises(AmountExceedsDeposit):
            till.accept(sent(Amount(11_000_000)))
    assert asked == ["laneOf"] * 2
    clock.now += 0.25
    wallet.top_up(lane, usdc("2"))
    assert till.accept(sent(Amount(11_000_000))).accepted == usdc("11")


def test_a_voucher_of_another_epoch_asks_the_chain_once_a_second(
    wallet: Payer, till: Payee, lane: WalletLane, usdc: Token, sent: Any, asked: list[str]
) -> None:
    till.accept(wallet.pay(lane, usdc("1")))
    asked.clear()
    for _ in range(20):
        with pytest.raises(WrongEpoch):
            till.accept(sent(Amount(2_000_000), epoch=1))
    assert asked == ["laneOf"] * 2


def test_what_is_kept_in_memory_of_channels_has_a_bound(
    monkeypatch: pytest.MonkeyPatch, wallet: Payer, till: Payee, shop: Signer, usdc: Token, sent: Any
) -> None:
    monkeypatch.setattr("channels.sync.reader._MOST", 2)
    lanes = [wallet.open(shop.address, usdc("1"), timedelta(hours=1), salt=salt) for salt in range(1, 5)]
    for lane in lanes:
        till.accept(wallet.pay(lane, usdc("0.5")))
        with pytest.raises(AmountExceedsDeposit):
            till.accept(sent(Amount(1_000_001), lane.channel))
    assert max(len(till._reader._books), len(till._reader._in_vain)) <= 2
    assert till.accept(wallet.pay(lanes[0], usdc("0.5"))).accepted == usdc("1")


def test_a_clock_that_is_set_back_does_not_stop_the_looks(
    wallet: Payer, till: Payee, lane: WalletLane, clock: Any, usdc: Token, sent: Any
) -> None:
    till.accept(wallet.pay(lane, usdc("1")))
    with pytest.raises(AmountExceedsDeposit):
        till.accept(sent(Amount(11_000_000)))
    clock.now -= 900
    till.accept(wallet.pay(lane, usdc("1")))
    wallet.top_up(lane, usdc("2"))
    assert till.accept(sent(Amount(11_000_000))).accepted == usdc("11")


def test_a_channel_that_nobody_has_paid_into_leaves_nothing_in_the_store(
    till: Payee, lane: WalletLane, sent: Any
) -> None:
    unfunded = Channel(
        **{name: getattr(lane.channel, name) for name in ("payer", "payee", "token", "signer")},
        salt=5,
        window=Seconds(3_600),
        promise_window=Seconds(3_600),
    )
    with pytest.raises(NotOpen):
        till.accept(sent(Amount(1), unfunded))
    assert till.lanes() == []


def test_what_can_not_be_read_spoils_no_pile(wallet: Payer, till: Payee, lane: WalletLane, usdc: Token) -> None:
    (credit,) = till.accept_newest(["{}", wallet.pay(lane, usdc("4"))]).values()
    assert isinstance(credit, Credit)
    assert credit.added == usdc("4")


@pytest.mark.parametrize("failure", [NodeUnreachable("a node", "no answer"), StoreBusy("till.db", 30)])
def test_what_may_pass_at_the_highest_voucher_makes_no_lower_one_the_answer(
    wallet: Payer,
    till: Payee,
    lane: WalletLane,
    usdc: Token,
    monkeypatch: pytest.MonkeyPatch,
    failure: NodeUnreachable | StoreBusy,
) -> None:
    pile = [wallet.pay(lane, usdc("1")), wallet.pay(lane, usdc("4"))]
    prepare, failures = till._reader.prepare, [failure]

    def failing(voucher: SignedVoucher) -> None:
        if failures:
            raise failures.pop()
        prepare(voucher)

    monkeypatch.setattr(till._reader, "prepare", failing)
    assert till.accept_newest(pile)[lane.id] is failure
    (credit,) = till.accept_newest(pile).values()
    assert isinstance(credit, Credit)
    assert credit.added == usdc("5")


def test_a_promise_that_a_close_would_outrun_is_not_taken(
    wallet: Payer, till: Payee, shop: Signer, chain: LocalChain, usdc: Token
) -> None:
    """Both windows, less what a node may lag and two transactions may take."""
    lane = wallet.open(shop.address, usdc("10"), timedelta(hours=1), promise_window=timedelta(hours=2))
    last = Seconds(chain.now() + 3_600 + 7_200 - 300 - 2 * 120)
    till.accept(wallet.promise(lane, usdc("1"), LOCK, last))
    with pytest.raises(ExpiryTooLate) as caught:
        till.accept(wallet.promise(lane, usdc("1"), LOCK, Seconds(last + 1)))
    assert caught.value.facts == {"expiry": last + 1, "latest": last}
    assert len(till.promises(lane)) == 1


def test_a_condition_that_the_payee_does_not_know_is_not_taken(
    wallet: Payer, new_till: Callable[..., Payee], lane: WalletLane, chain: LocalChain, usdc: Token
) -> None:
    locked = wallet.promise(lane, usdc("1"), LOCK, chain.after(hours=1))
    with pytest.raises(ConditionRefused) as caught:
        new_till(conditions=[]).accept(locked)
    assert caught.value.facts == {"condition": chain.address_of("HashLock")}
    assert new_till(conditions=[chain.address_of("HashLock")]).accept(locked).accepted == usdc("0")


def test_a_look_at_a_lagging_node_is_as_old_as_the_node_may_be(
    wallet: Payer, till: Payee, lane: WalletLane, chain: LocalChain, clock: Any, usdc: Token
) -> None:
    """A close asked for right after the block that was seen is answered in time."""
    clock.now = float(chain.now() + 290)
    till.accept(wallet.pay(lane, usdc("9")))
    closing = wallet.request_close(lane)
    (step,) = till.next_steps()
    assert isinstance(step, Wait)
    assert step.until is not None
    assert step.until <= closing.closes_at - 2 * 120


def test_half_a_lag_is_rounded_up(
    wallet: Payer, new_till: Callable[..., Payee], lane: WalletLane, clock: Any, chain: LocalChain, usdc: Token
) -> None:
    clock.now, till = float(chain.now()), new_till(max_lag=timedelta(seconds=5))
    till.accept(wallet.pay(lane, usdc("9")))
    (step,) = till.next_steps()
    assert isinstance(step, Wait)
    assert step.until == clock.now + 3_600 - 2 * (120 + 3)


def test_an_older_node_takes_no_close_back(
    wallet: Payer, till: Payee, lane: WalletLane, chain: LocalChain, clock: Any, usdc: Token, monkeypatch: Any
) -> None:
    clock.now = float(chain.now())
    till.accept(wallet.pay(lane, usdc("1")))
    before = till._lanes.lane(lane.id, as_of="latest")
    voucher = wallet.pay(lane, usdc("8"))
    closes_at = wallet.request_close(lane).closes_at
    clock.now += 31
    assert till.show(lane).closes_at
    with monkeypatch.context() as same:
        same.setattr(type(chain), "now", lambda *_, **__: Seconds(closes_at - 3_600))
        assert till.show(lane).closes_at, "the request's own block is new enough"
    clock.now += 91
    with monkeypatch.context() as older:
        older.setattr(till._lanes, "lane", lambda *_, **__: before)
        older.setattr(type(chain), "now", lambda *_, **__: Seconds(closes_at - 3_601))
        with pytest.raises(NodeBehind):
            till.accept(voucher)
    assert till.show(lane).closes_at


def test_a_promise_that_was_folded_since_the_plan_stops_no_other_step(
    wallet: Payer, till: Payee, lane: WalletLane, chain: LocalChain, usdc: Token, shop: Signer
) -> None:
    till.accept(wallet.promise(lane, usdc("1"), LOCK, chain.after(hours=1)))
    (promise,) = till.promises(lane)
    request = till.prove(lane, promise, LOCK, b"\7" * 32)
    wallet.request_close(lane)
    till.show(lane)
    steps = [step for step in till.next_steps() if isinstance(step, Submit)]
    assert isinstance(steps[0].action, Record)
    wallet.cancel_close(lane)
    till.show(lane)
    till.accept(wallet.fold(request))
    done = till.submit([*steps, *till.next_steps()])
    assert [skipped.lane_id for skipped in done.skipped] == [lane.id]


def test_a_record_that_somebody_else_has_made_since_the_plan_stops_no_other_step(
    wallet: Payer, till: Payee, lane: WalletLane, chain: LocalChain, usdc: Token
) -> None:
    till.accept(wallet.promise(lane, usdc("1"), LOCK, chain.after(hours=1)))
    (promise,) = till.promises(lane)
    till.prove(lane, promise, LOCK, b"\7" * 32)
    wallet.request_close(lane)
    till.show(lane)
    (record,) = [step for step in till.next_steps() if isinstance(step, Submit) and isinstance(step.action, Record)]
    Lanes(chain, wallet.signer).record(lane.channel, 0, promise, LOCK, b"\7" * 32)
    done = till.submit([record, *till.next_steps()])
    assert ([skipped.lane_id for skipped in done.skipped], done.paid) == ([lane.id], (usdc("1"),))


@pytest.mark.parametrize("why", [Reverted("an oracle's own error", b""), WrongEpoch(0, 1)])
def test_a_condition_that_fails_since_the_plan_stops_no_other_step(
    wallet: Payer,
    till: Payee,
    lane: WalletLane,
    chain: LocalChain,
    usdc: Token,
    monkeypatch: pytest.MonkeyPatch,
    why: Exception,
) -> None:
    till.accept(wallet.pay(lane, usdc("2")))
    till.accept(wallet.promise(lane, usdc("1"), LOCK, chain.after(hours=1)))
    (promise,) = till.promises(lane)
    till.prove(lane, promise, LOCK, b"\7" * 32)
    wallet.request_close(lane)
    till.show(lane)
    (record,) = [step for step in till.next_steps() if isinstance(step, Submit) and isinstance(step.action, Record)]

    def fails(*_: Any) -> Any:
        raise why

    monkeypatch.setattr(till._lanes, "record", fails)
    done = till.submit([record, Submit(ClaimPromised(lane.id), "its window is over soon", None, ())])
    assert ([skipped.lane_id for skipped in done.skipped], done.paid) == ([lane.id], (usdc("2"),))


def test_epochs_that_ended_long_ago_are_asked_about_no_more(
    wallet: Payer, till: Payee, chain: LocalChain, clock: Any, usdc: Token, shop: Signer, asked: list[str]
) -> None:
    for _ in range(2):
        lane = wallet.open(shop.address, usdc("1"), timedelta(hours=1))
        till.accept(wallet.promise(lane, usdc("0.5"), LOCK, chain.after(hours=1)))
        till.close(lane)
    asked.clear()
    till.next_steps()
    assert "recordedOf" in asked, "a reserve may still live"
    chain.travel(to=chain.after(hours=3))
    asked.clear()
    till.next_steps()
    assert asked == []
