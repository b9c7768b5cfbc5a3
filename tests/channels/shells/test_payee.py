import json
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

import pytest

from chain import LocalChain, Signer, Token
from chain.errors import InvalidSignature, Malformed, NodeBehind, NodeUnreachable
from chain.units import NO_HASH, NOBODY, Amount, Seconds
from channels import Channel, Payee, Payer, Promise, SignedVoucher, Voucher, WalletLane
from channels.errors import (
    ChainWentBack,
    ChannelClosing,
    NotOpen,
    NotPayee,
    TokenRefused,
    WindowTooShort,
)
from channels.promise import promises_hash

HOUR = timedelta(hours=1)
New = Callable[..., Payee]


@pytest.fixture
def dead(served: LocalChain, ends: ExitStack) -> LocalChain:
    """A node that has answered before and never will again; it stands for the same contract on the same chain."""
    attached = ends.enter_context(LocalChain.attach(served.serve()))
    attached.token("USDC")
    served.close()
    return attached


@pytest.mark.parametrize(
    "form",
    [
        lambda voucher: voucher,
        lambda voucher: voucher.to_json(),
        lambda voucher: json.dumps(voucher.to_json()),
        lambda voucher: json.dumps(voucher.to_json()).encode(),
    ],
)
def test_a_voucher_is_accepted_in_every_form(
    wallet: Payer, till: Payee, lane: WalletLane, usdc: Token, form: Callable[[SignedVoucher], Any]
) -> None:
    credit = till.accept(form(wallet.pay(lane, usdc("2"))))
    assert (credit.added, credit.accepted, credit.delivered, credit.settled) == (
        usdc("2"),
        usdc("2"),
        usdc("0"),
        usdc("0"),
    )
    assert credit.to_json()["accepted"]["units"] == "2000000"


def test_the_order_of_arrival_does_not_matter(wallet: Payer, till: Payee, lane: WalletLane, usdc: Token) -> None:
    vouchers = [wallet.pay(lane, usdc("1")) for _ in range(5)]
    added = [till.accept(vouchers[index]).added for index in (1, 0, 4, 4, 2, 3)]
    assert added == [usdc("2"), usdc("0"), usdc("3"), usdc("0"), usdc("0"), usdc("0")]
    assert till.show(lane).accepted == usdc("5")


def test_what_is_accepted_is_on_disk(wallet: Payer, till: Payee, new_till: New, lane: WalletLane, usdc: Token) -> None:
    till.accept(wallet.pay(lane, usdc("2")))
    till.disconnect()
    again = new_till()
    assert [known.accepted for known in again.lanes()] == [usdc("2")]
    assert again.claim().paid == (usdc("2"),)


def test_what_costs_nothing_to_refuse_is_refused_without_asking_the_chain(
    wallet: Payer, new_till: New, lane: WalletLane, dead: LocalChain, ann: Signer, usdc: Token
) -> None:
    voucher = wallet.pay(lane, usdc("1"))
    data = voucher.to_json()
    till = new_till(dead, store=":memory:")
    with pytest.raises(Malformed):
        till.accept("{}")
    with pytest.raises(InvalidSignature):
        till.accept(data | {"voucher": data["voucher"] | {"cumulativeAmount": "2"}})
    with pytest.raises(TokenRefused):
        new_till(dead, store=":memory:", tokens=[dead.native]).accept(voucher)
    with pytest.raises(WindowTooShort) as short:
        new_till(dead, store=":memory:", min_closing_period=timedelta(seconds=3_601)).accept(voucher)
    assert short.value.facts == {"window": 3_600, "shortest": 3_601}


def test_a_voucher_for_somebody_else_is_refused(
    chain: LocalChain, wallet: Payer, funded: Callable[[], Signer], lane: WalletLane, ends: ExitStack, usdc: Token
) -> None:
    stranger = funded()
    other = ends.enter_context(Payee(chain, stranger, ":memory:"))
    with pytest.raises(NotPayee) as caught:
        other.accept(wallet.pay(lane, usdc("1")))
    assert caught.value.facts == {"caller": stranger.address, "payee": lane.channel.payee}


def test_a_payee_may_take_channels_with_any_window(
    wallet: Payer, new_till: New, shop: Signer, lane: WalletLane, usdc: Token
) -> None:
    till = new_till(min_closing_period=timedelta(0))
    assert till.accept(wallet.pay(lane, usdc("1"))).added == usdc("1")
    assert till._shortest == 0


def test_by_default_the_networks_tokens_and_windows_are_taken(
    wallet: Payer, till: Payee, shop: Signer, chain: LocalChain, lane: WalletLane, usdc: Token
) -> None:
    shortest = timedelta(seconds=chain.network.shortest_closing_period)
    native = wallet.open(shop.address, chain.native("1"), shortest)
    assert till.accept(wallet.pay(native, chain.native("1"))).added == chain.native("1")
    assert till.accept(wallet.pay(lane, usdc("1"))).added == usdc("1")
    assert {known.channel.token for known in till.lanes()} == {NOBODY, usdc.address}


def test_an_unknown_channel_is_not_taken_on_while_the_node_is_dead(
    wallet: Payer, new_till: New, lane: WalletLane, dead: LocalChain, usdc: Token
) -> None:
    till = new_till(dead)
    with pytest.raises(NodeUnreachable):
        till.accept(wallet.pay(lane, usdc("1")))
    assert till.lanes() == []


@pytest.mark.parametrize(("age", "accepted"), [(30, True), (30.001, False), (-0.001, False)])
def test_a_dead_node_stops_a_known_channel_once_the_last_look_is_too_old(
    wallet: Payer,
    new_till: New,
    lane: WalletLane,
    dead: LocalChain,
    clock: Any,
    usdc: Token,
    age: float,
    accepted: bool,
) -> None:
    new_till().accept(wallet.pay(lane, usdc("1")))
    till = new_till(dead)
    clock.now += age
    if accepted:
        assert till.accept(wallet.pay(lane, usdc("1"))).accepted == usdc("2")
        return
    with pytest.raises(NodeUnreachable):
        till.accept(wallet.pay(lane, usdc("1")))
    assert [known.accepted for known in till.lanes()] == [usdc("1")], "nothing was kept"


def test_a_dead_node_is_asked_about_a_voucher_that_the_last_look_does_not_cover(
    wallet: Payer, new_till: New, lane: WalletLane, dead: LocalChain, usdc: Token
) -> None:
    new_till().accept(wallet.pay(lane, usdc("10")))
    wallet.top_up(lane, usdc("1"))
    with pytest.raises(NodeUnreachable):
        new_till(dead).accept(wallet.pay(lane, usdc("1")))


def test_a_channel_that_is_not_open_is_worth_nothing(
    chain: LocalChain, till: Payee, ann: Signer, shop: Signer, usdc: Token
) -> None:
    hour = Seconds(3_600)
    channel = Channel(
        payer=ann.address,
        payee=shop.address,
        token=usdc.address,
        signer=ann.address,
        window=hour,
        promise_window=hour,
    )
    voucher = Voucher(channel_id=channel.id, epoch=0, cumulative_amount=Amount(1))
    signature = ann.sign(chain.domain("VoucherChannels"), voucher).signature
    with pytest.raises(NotOpen) as caught:
        till.accept(SignedVoucher(channel=channel, voucher=voucher, signature=signature))
    assert caught.value.facts == {"channel_id": channel.id}


def test_a_deposit_that_was_undone_is_worth_nothing_from_the_next_look_on(
    chain: LocalChain, wallet: Payer, till: Payee, shop: Signer, clock: Any, usdc: Token
) -> None:
    before = chain.snapshot()
    lane = wallet.open(shop.address, usdc("10"), HOUR)
    till.accept(wallet.pay(lane, usdc("1")))
    chain.restore(before)
    clock.now += 31
    with pytest.raises(NotOpen):
        till.accept(wallet.pay(lane, usdc("1")))


def test_a_chain_that_shows_an_earlier_epoch_is_not_believed(
    chain: LocalChain, wallet: Payer, till: Payee, lane: WalletLane, clock: Any, usdc: Token
) -> None:
    old = wallet.pay(lane, usdc("2"))
    till.accept(old)
    before = chain.snapshot()
    till.close(lane)
    chain.restore(before)
    clock.now += 31
    with pytest.raises(ChainWentBack) as caught:
        till.accept(old)
    assert caught.value.facts == {"epoch": 0, "known": 1}


def test_a_promise_is_kept_and_gives_no_credit(
    chain: LocalChain, till: Payee, lane: WalletLane, ann: Signer, usdc: Token
) -> None:
    promise = Promise(
        condition=chain.address_of("HashLock"),
        data_hash=NO_HASH,
        amount=Amount(1),
        expiry=chain.after(hours=1),
        salt=NO_HASH,
    )
    promises = promises_hash([promise])
    voucher = Voucher(channel_id=lane.id, epoch=0, cumulative_amount=Amount(1), promises=promises)
    signature = ann.sign(chain.domain("VoucherChannels"), voucher).signature
    sent = SignedVoucher(channel=lane.channel, voucher=voucher, signature=signature, promises=(promise,))
    assert till.accept(sent.to_json()).accepted == usdc("0.000001")
    assert till.promises(lane) == (promise,)


@pytest.mark.parametrize(("age", "sees"), [(0, False), (30, False), (30.001, True), (-1, True)])
def test_a_close_is_seen_when_the_picture_is_older_than_the_refresh(
    wallet: Payer, till: Payee, lane: WalletLane, clock: Any, usdc: Token, age: float, sees: bool
) -> None:
    till.accept(wallet.pay(lane, usdc("1")))
    voucher = wallet.pay(lane, usdc("1"))
    closing = wallet.request_close(lane)
    clock.now += age
    if not sees:
        assert till.accept(voucher).added == usdc("1")
        return
    with pytest.raises(ChannelClosing) as caught:
        till.accept(voucher)
    assert caught.value.facts == {"channel_id": lane.id, "closes_at": closing.closes_at}


def test_a_request_that_was_taken_back_is_seen_at_the_next_look(
    wallet: Payer, till: Payee, lane: WalletLane, clock: Any, usdc: Token
) -> None:
    voucher = wallet.pay(lane, usdc("1"))
    wallet.request_close(lane)
    with pytest.raises(ChannelClosing):
        till.accept(voucher)
    wallet.cancel_close(lane)
    with pytest.raises(ChannelClosing):
        till.accept(voucher)
    clock.now += 31
    assert till.accept(voucher).added == usdc("1")


def test_a_new_epoch_is_seen_at_once_when_a_voucher_names_it(
    chain: LocalChain, wallet: Payer, till: Payee, lane: WalletLane, shop: Signer, usdc: Token
) -> None:
    till.accept(wallet.pay(lane, usdc("1")))
    chain.travel(to=wallet.request_close(lane).closes_at)
    wallet.withdraw(lane)
    again = wallet.open(shop.address, usdc("10"), HOUR)
    assert till.accept(wallet.pay(again, usdc("2"))).accepted == usdc("2")


@pytest.mark.parametrize(("behind", "believed"), [(300, True), (301, False)])
def test_a_node_that_lags_is_not_believed(
    chain: LocalChain,
    wallet: Payer,
    new_till: New,
    lane: WalletLane,
    clock: Any,
    usdc: Token,
    behind: int,
    believed: bool,
) -> None:
    """It might hide a close: nothing more is accepted until it has caught up."""
    voucher, till = wallet.pay(lane, usdc("1")), new_till()
    chain.travel(to=Seconds(chain.now() + 10))
    clock.now = chain.now() + behind
    if believed:
        assert till.accept(voucher).added == usdc("1")
        return
    with pytest.raises(NodeBehind) as caught:
        till.accept(voucher)
    assert caught.value.facts == {"behind": 301, "most": 300}
    clock.now -= 1
    assert till.accept(voucher).added == usdc("1")
