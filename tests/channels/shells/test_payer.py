import shutil
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from chain import LocalChain, Signer, Token
from chain.errors import EarnestError, InsufficientBalance, Malformed, NotAnAddress, OutOfRange, TokenMismatch
from chain.refusals import InvalidAmount, InvalidPayee, NotPayer
from chain.units import Seconds
from channels import Channel, Lane, Payee, Payer, PayerSession, WalletLane
from channels.errors import (
    AlreadyOpen,
    AmountExceedsDeposit,
    ChannelClosing,
    InvalidPeriod,
    NotOpen,
    OnlyGuessed,
    UnknownLane,
)
from channels.stores.errors import StoreOfAnotherChain
from channels.stores.opening import SqliteStore

HOUR = timedelta(hours=1)


def allowance(chain: LocalChain, owner: Signer) -> int:
    return chain.allowance(chain.token("USDC"), owner.address, chain.address_of("VoucherChannels"))


def test_opening_approves_exactly_what_is_missing(
    chain: LocalChain, wallet: Payer, ann: Signer, shop: Signer, usdc: Token
) -> None:
    lane = wallet.open(shop.address, usdc("10"), HOUR)
    assert allowance(chain, ann) == 0
    assert (lane.deposit, lane.left, lane.promised, lane.epoch) == (usdc("10"), usdc("10"), usdc("0"), 0)
    assert lane.receipt is not None
    assert lane.channel.promise_window == lane.channel.window == 3_600

    chain.approve(ann, usdc("3"), chain.address_of("VoucherChannels"))
    before = len(chain.events("ERC20", "Approval", at=usdc.address))
    wallet.top_up(lane, usdc("5"))
    assert allowance(chain, ann) == 0, "three were not enough, so five were approved"
    approvals = chain.events("ERC20", "Approval", at=usdc.address)[before:]
    assert [event.args["value"] for event in approvals] == [0, 5_000_000], "some tokens change it only from zero"
    chain.approve(ann, usdc("7"), chain.address_of("VoucherChannels"))
    assert wallet.top_up(lane, usdc("5")).deposit == usdc("20")
    assert allowance(chain, ann) == 2_000_000, "enough was approved before"


def test_what_the_payer_does_not_have_is_refused_with_nothing_sent(
    chain: LocalChain, wallet: Payer, ann: Signer, shop: Signer, usdc: Token
) -> None:
    before = chain.balance(chain.native, ann.address)
    with pytest.raises(InsufficientBalance) as caught:
        wallet.open(shop.address, usdc("1000.000001"), HOUR)
    assert (caught.value.owner, caught.value.balance, caught.value.needed) == (
        ann.address,
        1_000_000_000,
        1_000_000_001,
    )
    with pytest.raises(InsufficientBalance):
        wallet.open(shop.address, chain.native("11"), HOUR)
    assert chain.balance(chain.native, ann.address) == before
    assert allowance(chain, ann) == 0


def test_what_the_contract_would_refuse_costs_nothing(
    chain: LocalChain, wallet: Payer, lane: WalletLane, ann: Signer, shop: Signer, usdc: Token
) -> None:
    before = chain.balance(chain.native, ann.address)
    refused: list[tuple[type[EarnestError], Any]] = [
        (AlreadyOpen, lambda: wallet.open(shop.address, usdc("1"), HOUR)),
        (InvalidPayee, lambda: wallet.open(ann.address, usdc("1"), HOUR)),
        (InvalidPayee, lambda: wallet.open(usdc.address, usdc("1"), HOUR)),
        (InvalidPayee, lambda: wallet.open(chain.address_of("VoucherChannels"), usdc("1"), HOUR)),
        (InvalidAmount, lambda: wallet.open(shop.address, usdc("0"), HOUR, salt=1)),
        (InvalidPeriod, lambda: wallet.open(shop.address, usdc("1"), timedelta(seconds=899))),
        (InvalidPeriod, lambda: wallet.open(shop.address, usdc("1"), HOUR, promise_window=timedelta(days=366))),
        (InvalidPeriod, lambda: wallet.open(shop.address, usdc("1"), HOUR, promise_window=timedelta(0))),
        (InvalidAmount, lambda: wallet.top_up(lane, usdc("0"))),
    ]
    for error, attempt in refused:
        with pytest.raises(error):
            attempt()
    assert chain.balance(chain.native, ann.address) == before
    assert [known.id for known in wallet.lanes()] == [lane.id], "what was never opened is in no wallet"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"payee": "0xD9B0025F32f8d1b5010e81E77754Ab3CC6Fe0d22"}, NotAnAddress),
        ({"payee": "shop.eth"}, NotAnAddress),
        ({"closing_period": timedelta(seconds=3_600, microseconds=1)}, Malformed),
        ({"closing_period": timedelta(days=-1)}, OutOfRange),
        ({"closing_period": timedelta(days=50_000)}, OutOfRange),
        ({"salt": 2**96}, OutOfRange),
        ({"deposit": 10}, TypeError),
        ({"deposit": 10.0}, TypeError),
        ({"deposit": "10"}, TypeError),
    ],
)
def test_bad_input_is_refused_by_name(
    wallet: Payer, shop: Signer, usdc: Token, changes: dict[str, Any], error: type[Exception]
) -> None:
    usual: dict[str, Any] = {"payee": shop.address, "deposit": usdc("1"), "closing_period": HOUR}
    with pytest.raises(error):
        wallet.open(**usual | changes)


def test_a_payment_is_money_of_the_channels_token(chain: LocalChain, wallet: Payer, lane: WalletLane) -> None:
    with pytest.raises(TokenMismatch):
        wallet.pay(lane, chain.native("1"))
    for amount in (1, 0.01, "0.01", None):
        with pytest.raises(TypeError):
            wallet.pay(lane, amount)  # type: ignore[arg-type]
    with pytest.raises(InvalidAmount):
        wallet.pay(lane, chain.token("USDC")("0"))
    assert wallet.show(lane).promised == chain.token("USDC")("0")


def test_a_payment_is_on_disk_before_it_is_returned(
    chain: LocalChain, wallet: Payer, lane: WalletLane, ann: Signer, tmp_path: Path, ends: ExitStack, usdc: Token
) -> None:
    first = wallet.pay(lane, usdc("1"))
    again = ends.enter_context(Payer(chain, ann, tmp_path / "wallet.db"))
    assert again.latest(lane) == first
    second = again.pay(lane.id, usdc("1"))
    assert second.voucher.cumulative_amount == 2_000_000
    assert wallet.pay(lane, usdc("8")).voucher.cumulative_amount == 10_000_000
    with pytest.raises(AmountExceedsDeposit):
        again.pay(lane, usdc("0.000001"))


def test_without_a_payment_there_is_no_latest_voucher(wallet: Payer, lane: WalletLane) -> None:
    assert wallet.latest(lane) is None


def test_a_closing_channel_pays_no_more(wallet: Payer, lane: WalletLane, usdc: Token) -> None:
    closing = wallet.request_close(lane)
    with pytest.raises(ChannelClosing) as caught:
        wallet.pay(lane, usdc("1"))
    assert caught.value.facts == {"channel_id": lane.id, "closes_at": closing.closes_at}
    assert wallet.cancel_close(lane).closes_at == 0
    assert wallet.pay(lane, usdc("1")).voucher.cumulative_amount == 1_000_000


def test_a_channel_that_the_payee_ended_pays_no_more_once_it_was_shown(
    wallet: Payer, till: Payee, lane: WalletLane, usdc: Token
) -> None:
    till.accept(wallet.pay(lane, usdc("1")))
    till.close(lane)
    assert (wallet.show(lane).epoch, wallet.show(lane).left) == (1, usdc("0"))
    with pytest.raises(NotOpen):
        wallet.pay(lane, usdc("1"))


def test_a_crash_after_opening_loses_no_channel(
    chain: LocalChain, wallet: Payer, ann: Signer, shop: Signer, usdc: Token, tmp_path: Path
) -> None:
    """As a kill between sending and seeing the receipt leaves it: the channel is in the store, its deposit is not."""
    period = Seconds(3_600)
    channel = Channel(
        payer=ann.address,
        payee=shop.address,
        token=usdc.address,
        signer=ann.address,
        window=period,
        promise_window=period,
    )
    store = SqliteStore(tmp_path / "wallet.db").wallet(chain.domain("VoucherChannels"))
    store.add(PayerSession(channel=channel, lane=Lane()))
    store.close()
    chain.approve(ann, usdc("10"), chain.address_of("VoucherChannels"))
    chain.send(ann, "VoucherChannels", "open", channel.calldata, usdc("10").units)

    with pytest.raises(AlreadyOpen):
        wallet.open(shop.address, usdc("10"), HOUR)
    with pytest.raises(NotOpen):
        wallet.pay(channel, usdc("1"))
    assert wallet.show(channel).left == usdc("10")
    assert wallet.pay(channel, usdc("1")).voucher.cumulative_amount == 1_000_000


def test_a_lost_wallet_gives_the_deposit_back_and_signs_nothing(
    chain: LocalChain, wallet: Payer, lane: WalletLane, ann: Signer, ends: ExitStack, tmp_path: Path, usdc: Token
) -> None:
    wallet.pay(lane, usdc("4"))
    other = ends.enter_context(Payer(chain, ann, tmp_path / "other.db"))
    with pytest.raises(UnknownLane):
        other.pay(lane, usdc("1"))
    adopted = other.adopt(lane.channel)
    assert other.latest(lane) is None, "what it may have promised it never signs"
    assert (adopted.deposit, adopted.left) == (usdc("10"), usdc("0"))
    with pytest.raises(AmountExceedsDeposit):
        other.pay(lane, usdc("0.000001"))
    assert other.top_up(lane, usdc("1")).left == usdc("0")
    with pytest.raises(OnlyGuessed):
        other.pay(lane, usdc("1"))
    chain.travel(to=other.request_close(lane).closes_at)
    other.withdraw(lane)
    assert chain.balance(usdc, ann.address) == usdc("1000")


def test_what_is_settled_and_forgotten_here_is_signed_by_no_latest_voucher(
    chain: LocalChain, wallet: Payer, till: Payee, lane: WalletLane, ann: Signer, tmp_path: Path, usdc: Token
) -> None:
    kept = wallet.pay(lane, usdc("1"))
    for part in ("", "-wal", "-mark"):
        shutil.copy(tmp_path / f"wallet.db{part}", tmp_path / f"old.db{part}")
    till.accept(wallet.pay(lane, usdc("3")))
    till.claim()
    with Payer(chain, ann, tmp_path / "old.db") as old:
        assert old.show(lane).promised == usdc("4")
        assert old.latest(lane) == kept
        assert old.pay(lane, usdc("1")) == old.latest(lane)
    with Payer(chain, ann, tmp_path / "old.db") as old:
        newest = old.latest(lane)
        assert newest is not None
        assert newest.voucher.cumulative_amount == 5_000_000


def test_adopting_a_known_channel_forgets_nothing(wallet: Payer, lane: WalletLane, usdc: Token) -> None:
    wallet.pay(lane, usdc("4"))
    assert wallet.adopt(lane.channel).promised == usdc("4")


def test_a_wallet_of_another_key_is_not_ours_to_use(
    chain: LocalChain,
    wallet: Payer,
    lane: WalletLane,
    funded: Callable[[], Signer],
    tmp_path: Path,
    ends: ExitStack,
    usdc: Token,
) -> None:
    other = ends.enter_context(Payer(chain, funded(), tmp_path / "wallet.db"))
    for attempt in (lambda: other.pay(lane, usdc("1")), lambda: other.request_close(lane), lambda: other.show(lane)):
        with pytest.raises(NotPayer):
            attempt()
    assert other.lanes() == []
    assert [known.id for known in wallet.lanes()] == [lane.id]


def test_a_salt_makes_another_channel(wallet: Payer, lane: WalletLane, shop: Signer, usdc: Token) -> None:
    other = wallet.open(shop.address, usdc("1"), HOUR, salt=1)
    assert other.id != lane.id
    wallet.pay(other, usdc("1"))
    assert wallet.pay(lane, usdc("10")).voucher.cumulative_amount == 10_000_000


def test_the_file_belongs_to_its_chain(wallet: Payer, tmp_path: Path, ann: Signer, one_chain: LocalChain) -> None:
    class Elsewhere:
        """A chain with another id; opening a store asks it for nothing else."""

        chain_id = 1

        def domain(self, contract: str) -> Any:
            return type(one_chain.domain(contract))(1, one_chain.address_of(contract))

    with pytest.raises(StoreOfAnotherChain):
        Payer(Elsewhere(), ann, tmp_path / "wallet.db")  # type: ignore[arg-type]


def test_a_record_can_be_shown(wallet: Payer, lane: WalletLane) -> None:
    shown = lane.to_json()
    assert shown["channel"] == lane.channel.to_json()
    assert shown["deposit"]["text"] == "10 USDC"
    assert shown["receipt"]["gasUsed"] == lane.receipt.gas_used if lane.receipt else False
    assert wallet.show(lane).to_json()["receipt"] is None


def test_a_request_at_the_boundary_names_the_chains_second(chain: LocalChain, wallet: Payer, lane: WalletLane) -> None:
    moment = Seconds(chain.now() + 100)
    chain.travel(to=moment)
    assert wallet.request_close(lane).closes_at == moment + 3_600
